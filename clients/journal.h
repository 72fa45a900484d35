// The requests whose outcome is unknown, on disk.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "domain/result.h"
#include "google/protobuf/message.h"

namespace loyalty::client {

// One unfinished request. Forget() it once its outcome is known.
struct PendingRequest {
  std::filesystem::path file;  // where it is kept
  std::string request_id;
  bool resumed = false;  // true when an earlier run has left it behind
};

// Keeps each unfinished request as one small file `pending/{fingerprint of the command}` of a state directory. Files
// instead of one journal: beginning, finding and forgetting are each one atomic step, also between processes. They may
// hold card numbers, so directory and files are readable by their owner only.
class Journal {
 public:
  explicit Journal(std::filesystem::path state_dir);

  // Stores `request` under a fresh request_id before it may be sent, and is back only when it is on disk.
  // `command` tells equal commands: method, server, caller and what the user asked for. Has an earlier run left the
  // same command unfinished, or begun it at the same time, `request` becomes that one, with its id and its times, so
  // that it is the same request.
  // Errors: kUnavailable (disk). `request` must have a string field request_id; checked.
  Result<PendingRequest> Begin(std::string_view command, google::protobuf::Message& request) const;

  // The outcome is known: nothing to resume. Safe to repeat.
  void Forget(const PendingRequest& pending) const;

  // An id for a whole run (a file to replay) that all later runs of the same name get again. Made and stored at the
  // first call, by one of those that call it at the same time; the caller derives the id of each request from it.
  // Errors: kUnavailable.
  Result<std::string> RunId(std::string_view name) const;

  const std::filesystem::path& state_dir() const { return state_dir_; }

 private:
  std::filesystem::path state_dir_;
};

}  // namespace loyalty::client
