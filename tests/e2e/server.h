// A running loyaltyd.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/installation.h"
#include "tests/e2e/test_clock.h"
#include "tests/support/process.h"

namespace loyalty::test {

struct ServerOptions {
  std::string program = "loyaltyd";
  std::map<std::string, std::string> environment;
  std::string db;                      // the URL by which it reaches the database; empty: that of the installation
  int lanes = 0;                       // 0: the server's default
  bool tls = false;                    // with the certificate of `init --self-signed`; else plain text
  std::string client_ca;               // with tls: callers need a certificate that this PEM file vouches for
  bool http = false;                   // also serve /healthz and /metrics
  bool admin = false;                  // administration on a port of its own
  std::vector<std::string> more = {};  // further flags of serve
  // By this one, as loyaltyd_test; none: the program that is shipped, by the system's.
  const TestClock* clock = nullptr;
};

// The loyaltyd whose figures are wanted: E2E_SERVER, its path, else the one of this build tree.
// Throws std::runtime_error when there is none.
std::string MeasuredServer();

// Started by the constructor and killed with the object. After Kill or Stop it can be started again and answers on the
// same address. Throws std::runtime_error with the end of its log when it does not come up.
class Server {
 public:
  explicit Server(const Installation& installation, ServerOptions options = {});

  void Start();
  // SIGKILL, as a crash.
  void Kill();
  // SIGTERM; the exit code.
  int Stop();

  // 127.0.0.1:PORT
  const std::string& address() const { return address_; }
  // Where administration is, with `admin`.
  const std::string& admin_address() const { return admin_address_; }
  // The port of /healthz and /metrics, once it has started.
  int http_port() const { return http_port_; }
  Process& process() { return *process_; }
  // Everything it has said since it was first started.
  std::string Log() const;

 private:
  const Installation& installation_;
  ServerOptions options_;
  std::string address_, admin_address_;
  int http_port_ = 0;
  std::string earlier_log_;
  std::unique_ptr<Process> process_;
};

}  // namespace loyalty::test
