// ScanStreams on which their callers say nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/caller.h"

namespace loyalty::test {

// Open from the construction on, 128 to a connection, until the server or the end of the object ends them.
class OpenStreams {
 public:
  // `key`: empty: none.
  OpenStreams(const std::string& address, const std::string& key, int count);
  ~OpenStreams();
  OpenStreams(const OpenStreams&) = delete;
  OpenStreams& operator=(const OpenStreams&) = delete;

  // Waits until the server has ended each, and tells how. Once.
  std::vector<grpc::Status> Ends();

 private:
  struct Open {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientReaderWriter<v1::ScanStreamRequest, v1::ScanStreamResponse>> stream;
  };

  std::vector<Open> open_;
};

}  // namespace loyalty::test
