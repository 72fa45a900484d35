// A channel to the server, and the key that goes with every call.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "clients/failure.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace loyalty::client {

struct ConnectionOptions {
  std::filesystem::path cert_file, cert_key_file;  // PEM: what this client shows of itself; both or none
  bool keyless = false;                            // no key goes with calls
  std::string server;                              // HOST:PORT
  std::filesystem::path key_file;                  // its first line is the bearer token
  std::filesystem::path ca_file;                   // PEM: whom to trust as the server
  std::filesystem::path session_file;       // its first line is the session of who has signed on; absent: nobody has
  std::filesystem::path approval_key_file;  // its first line is the key of a second person
  bool insecure = false;                    // no TLS: for this machine or a private network
  double timeout_seconds = 10;              // deadline of each try of a call
};

class Connection {
 public:
  // Reads key and certificates; the channel itself connects at the first call. Failures: kUsage (no server, neither
  // --ca nor --insecure, a certificate without its key or without TLS), kLocalIo (files).
  static Outcome Open(const ConnectionOptions& options, Connection& connection);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& server() const { return server_; }
  // Tells one caller from another, by the place of its key: who sends is part of what makes a request the same. Not by
  // the key, which is replaced now and then: for the server a till is the same one with its new key.
  const std::string& caller() const { return caller_; }
  std::chrono::milliseconds timeout() const { return timeout_; }

  // Puts key and deadline on a call. Each try needs a context of its own.
  void Prepare(grpc::ClientContext& context, std::chrono::milliseconds deadline) const;

  // Waits so long, and helps the channel to connect meanwhile: gRPC only looks at its sockets while a call or a wait
  // like this one is under way, else every 5 s, and a server that is back would not be noticed.
  void Wait(std::chrono::milliseconds time) const;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::string server_;
  std::string caller_;
  std::string authorization_;  // secret: never printed
  std::string session_;        // the same; empty: nobody has signed on
  std::string approval_key_;   // the same; empty: nobody approves
  std::chrono::milliseconds timeout_{10'000};
};

}  // namespace loyalty::client
