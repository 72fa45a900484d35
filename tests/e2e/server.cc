#include "tests/e2e/server.h"

#include "tests/support/free_port.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace loyalty::test {

std::string MeasuredServer() {
  const char* given = std::getenv("E2E_SERVER");
  if (given != nullptr && !std::filesystem::exists(given))
    throw std::runtime_error(std::string("there is no ") + given + ": ./dev build release");
  return given == nullptr ? "loyaltyd" : given;
}

Server::Server(const Installation& installation, ServerOptions options)
    : installation_(installation), options_(std::move(options)), address_("127.0.0.1:" + std::to_string(FreePort())) {
  if (options_.clock != nullptr) {
    options_.program = "loyaltyd_test";
    options_.environment["LOYALTY_TEST_CLOCK"] = options_.clock->path();
  }
  Start();
}

void Server::Start() {
  static std::atomic<int> count{0};
  ProcessOptions process;
  process.arguments = {ProgramPath(options_.program), "serve", "--listen", address_};
  auto flags = installation_.Flags();
  if (!options_.db.empty()) flags.back() = options_.db;  // of --db
  process.arguments.insert(process.arguments.end(), flags.begin(), flags.end());
  const auto add = [&process](std::initializer_list<std::string> more) {
    process.arguments.insert(process.arguments.end(), more);
  };
  if (options_.tls) {
    add({"--tls-cert", (installation_.state_dir() / "tls.crt").string(), "--tls-key",
         (installation_.state_dir() / "tls.key").string()});
    if (!options_.client_ca.empty()) add({"--tls-client-ca", options_.client_ca});
  } else {
    add({"--insecure"});
  }
  if (options_.lanes > 0) add({"--lanes", std::to_string(options_.lanes)});
  if (options_.http) add({"--http", "127.0.0.1:0"});
  if (options_.admin) {
    if (admin_address_.empty()) admin_address_ = "127.0.0.1:" + std::to_string(FreePort());
    add({"--admin-listen", admin_address_});
  }
  process.arguments.insert(process.arguments.end(), options_.more.begin(), options_.more.end());
  process.environment = options_.environment;
  process.log = installation_.directory() / ("serve-" + std::to_string(++count));
  if (process_) earlier_log_ += process_->Out() + process_->Err();
  process_ = std::make_unique<Process>(std::move(process));
  const std::string ready = process_->WaitForLine("loyaltyd ready on " + address_);
  if (options_.http) http_port_ = std::stoi(ready.substr(ready.rfind(':') + 1));
}

void Server::Kill() { process_->Kill(); }

int Server::Stop() {
  process_->Signal(SIGTERM);
  return process_->Wait();
}

std::string Server::Log() const { return earlier_log_ + process_->Out() + process_->Err(); }

}  // namespace loyalty::test
