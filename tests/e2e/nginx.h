// nginx with the configuration that is shipped (deploy/nginx.conf), in front of a server.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/installation.h"
#include "tests/support/process.h"

namespace loyalty::test {

// A process of its own with files of its own; only ports and paths differ from what is shipped. Stopped with the
// object. Throws std::runtime_error when nginx is missing, does not start, or the configuration has changed so that a
// port or path is not found in it.
class Nginx {
 public:
  // `server`: where loyaltyd listens, without TLS. The certificate is that of the installation. `read_timeout`: how
  // long an answer may be silent, in place of what is shipped; empty: that.
  // `clients`: a directory with ca.crt and ca.crl; then only certificates of these clients pass. Empty: all do.
  Nginx(const Installation& installation, const std::string& server, const std::string& read_timeout = {},
        const std::string& clients = {});
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  // 127.0.0.1:PORT
  const std::string& address() const { return address_; }
  // The master and its workers, ascending; the same all the time unless one has crashed.
  std::vector<pid_t> Pids() const;
  // Everything it has said.
  std::string Log() const;

 private:
  std::filesystem::path directory_;
  std::string address_;
  std::unique_ptr<Process> process_;
};

}  // namespace loyalty::test
