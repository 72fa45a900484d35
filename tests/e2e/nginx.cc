#include "tests/e2e/nginx.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/support/free_port.h"

namespace loyalty::test {
namespace {

// There must be exactly one: else the test would run another configuration than it believes.
void Replace(std::string& text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos || text.find(what, at + 1) != std::string::npos)
    throw std::runtime_error("deploy/nginx.conf does not have '" + what + "' exactly once");
  text.replace(at, what.size(), by);
}

}  // namespace

Nginx::Nginx(const Installation& installation, const std::string& server, const std::string& read_timeout,
             const std::string& clients)
    : directory_(installation.directory() / "nginx"), address_("127.0.0.1:" + std::to_string(FreePort())) {
  const auto path = [this](const std::string& name) { return (directory_ / name).string(); };
  std::filesystem::create_directory(directory_);
  std::string text = ReadText(LOYALTY_SOURCE "/deploy/nginx.conf");
  Replace(text, "\npid /run/nginx.pid", "\npid " + path("pid"));
  Replace(text, "\nerror_log /var/log/nginx/error.log", "\nerror_log " + path("error.log"));
  Replace(text, "access_log /var/log/nginx/access.log", "access_log " + path("access.log"));
  Replace(text, " server 127.0.0.1:50051;", " server " + server + ";");
  Replace(text, "listen 443 ", "listen " + address_ + " ");
  Replace(text, "/etc/nginx/loyalty.crt", (installation.state_dir() / "tls.crt").string());
  Replace(text, "/etc/nginx/loyalty.key", (installation.state_dir() / "tls.key").string());
  if (!read_timeout.empty()) Replace(text, "grpc_read_timeout 60s;", "grpc_read_timeout " + read_timeout + ";");
  if (!clients.empty()) {
    Replace(text, "# ssl_client_certificate /etc/nginx/clients-ca.crt;",
            "ssl_client_certificate " + clients + "/ca.crt;");
    Replace(text, "# ssl_verify_client on;", "ssl_verify_client on;");
    Replace(text, "# ssl_crl /etc/nginx/clients.crl;", "ssl_crl " + clients + "/ca.crl;");
  }
  // The folders that nginx makes at its start even if it never needs them.
  std::string folders;
  for (const std::string kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    folders.append(kind).append("_temp_path ").append(path(kind)).append(";\n");
  Replace(text, "\nhttp {\n", "\nhttp {\n" + folders);
  std::ofstream(directory_ / "nginx.conf") << text;

  ProcessOptions process;
  process.arguments = {"/usr/sbin/nginx", "-p", directory_.string(), "-c", path("nginx.conf"), "-g", "daemon off;"};
  process.log = directory_ / "output";
  // Its workers would outlive a master that is killed.
  process.death_signal = SIGTERM;
  process_ = std::make_unique<Process>(std::move(process));
  // The master writes its pid when it listens.
  for (int tries = 0; ReadText(directory_ / "pid").empty() || Pids().size() < 2; ++tries) {
    if (process_->Poll() || tries > 1'000)
      throw std::runtime_error("nginx does not start (is it installed? tools/packages test)\n" + Log());
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Nginx::~Nginx() {
  process_->Signal(SIGTERM);
  try {
    process_->Wait(std::chrono::seconds(10));
  } catch (const std::exception&) {
    // It is killed with the process object.
  }
}

std::vector<pid_t> Nginx::Pids() const {
  const auto pid = std::to_string(process_->pid());
  std::vector<pid_t> pids{process_->pid()};
  std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
  for (pid_t child = 0; children >> child;) pids.push_back(child);
  std::sort(pids.begin(), pids.end());
  return pids;
}

std::string Nginx::Log() const { return process_->Out() + process_->Err() + ReadText(directory_ / "error.log"); }

}  // namespace loyalty::test
