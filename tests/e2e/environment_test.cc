// A proxy in the environment of a user: the way to other machines, and not to this one.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/free_port.h"

namespace loyalty::test {
namespace {

using ::testing::StartsWith;

// Listens; what the first who comes says, empty when nobody does.
class Listener {
 public:
  Listener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(fd_, 8), 0);
  }
  ~Listener() { close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }

  std::string FirstWords() const {
    constexpr int kWaitMs = 30'000;
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, kWaitMs) != 1) return {};
    const int connection = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    std::string words(200, '\0');
    const ssize_t size = recv(connection, words.data(), words.size(), 0);
    close(connection);
    words.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return words;
  }

 private:
  int port_ = FreePort();
  int fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

const std::vector<std::string> kScan{"scan",    "--card", "2600000017", "--receipt-no", "1",
                                     "--total", "1",      "--currency", "EUR"};

TEST(ProxyOfTheEnvironment, IsNotAskedForThisMachine) {
  const Installation installation(storage::Engine::kSqlite);
  const Server server(installation);
  const std::string port = server.address().substr(server.address().find(':'));
  for (const char* variable : {"http_proxy", "https_proxy", "grpc_proxy"})
    for (const std::string& address : {"127.0.0.1" + port, "localhost" + port}) {
      Shell shell(installation, address, false);
      // Nobody listens there.
      shell.UseEnvironment({{variable, "http://127.0.0.1:" + std::to_string(FreePort())}, {"no_proxy", ""}});
      const Ended list = shell.Admin({"store", "list"});
      EXPECT_EQ(list.code, 0) << variable << " " << address << ": " << list.err;
    }
}

TEST(ProxyOfTheEnvironment, IsTheWayToOtherMachines) {
  const Installation installation(storage::Engine::kSqlite);
  Shell shell(installation, "shop.invalid:50051", false);
  const Listener proxy;
  shell.UseEnvironment({{"http_proxy", "http://127.0.0.1:" + std::to_string(proxy.port())}, {"no_proxy", ""}});
  Process till(shell.TillProcess(kScan));
  EXPECT_THAT(proxy.FirstWords(), StartsWith("CONNECT shop.invalid:50051 "));
}

}  // namespace
}  // namespace loyalty::test
