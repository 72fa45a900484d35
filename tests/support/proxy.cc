#include "tests/support/proxy.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace loyalty::test {
namespace {

constexpr int kPollMs = 5;  // how soon a wish is noticed

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void NoDelay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

Proxy::Proxy(const std::string& server, std::string from) : from_(std::move(from)) {
  if (server.front() == '/') {
    socket_ = server;
  } else {
    server_port_ = std::stoi(server.substr(server.rfind(':') + 1));
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the proxy cannot listen");
  address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  thread_ = std::thread([this] { Loop(); });
}

Proxy::~Proxy() {
  stopping_ = true;
  thread_.join();
  while (!connections_.empty()) Close(connections_.begin());
  close(listener_);
}

void Proxy::LoseAnswersTo(const std::string& text) {
  const std::lock_guard lock(mutex_);
  lost_ = false;
  text_ = text;
}

bool Proxy::WaitUntilLost(std::chrono::seconds most) const {
  for (const auto until = std::chrono::steady_clock::now() + most; !lost_;) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
  }
  return true;
}

void Proxy::ForgetConnections() {
  forget_ = true;
  while (forget_) std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
}

void Proxy::Heal() {
  const std::lock_guard lock(mutex_);
  text_.clear();
  heal_ = true;
}

void Proxy::Loop() {
  while (!stopping_) {
    const bool heal = heal_.exchange(false);
    const bool cut = cut_.exchange(false);
    for (auto at = connections_.begin(); at != connections_.end();) {
      const auto here = at++;
      if (forget_) here->forgotten = true;
      if ((heal && here->mute) || cut) Close(here);
    }
    forget_ = false;
    if (black_hole_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
      continue;
    }
    std::vector<pollfd> fds{{listener_, POLLIN, 0}};
    for (const auto& connection : connections_) {
      fds.push_back({connection.client, POLLIN, 0});
      fds.push_back({connection.server, POLLIN, 0});
    }
    if (poll(fds.data(), fds.size(), kPollMs) <= 0) continue;
    std::size_t slot = 1;
    for (auto at = connections_.begin(); at != connections_.end(); slot += 2) {
      const auto here = at++;
      bool open = true;
      if (fds[slot].revents != 0) open = Pass(*here, true);
      if (open && fds[slot + 1].revents != 0) open = Pass(*here, false);
      if (!open) Close(here);
    }
    if (fds[0].revents != 0) Accept();
  }
}

void Proxy::Accept() {
  Connection connection;
  connection.client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection.client < 0) return;
  ++accepted_;
  const bool up = Reach(connection);
  connections_.push_back(std::move(connection));
  NoDelay(connections_.back().client);
  NoDelay(connections_.back().server);
  if (!up) Close(std::prev(connections_.end()));
}

// To the server.
bool Proxy::Reach(Connection& connection) const {
  connection.server = socket(socket_.empty() ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_.empty()) {
    if (!from_.empty()) {
      sockaddr_in own = Loopback(0);
      inet_pton(AF_INET, from_.c_str(), &own.sin_addr);
      if (bind(connection.server, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) return false;
    }
    const sockaddr_in address = Loopback(server_port_);
    return connect(connection.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  return connect(connection.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// One read; false when the connection is over.
bool Proxy::Pass(Connection& connection, bool from_client) {
  std::array<char, 16'384> buffer{};
  const ssize_t size = recv(from_client ? connection.client : connection.server, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  const auto bytes = static_cast<std::size_t>(size);
  if (connection.forgotten) {
    if (from_client) bytes_forgotten_ += static_cast<int>(size);
    return true;
  }
  if (!from_client && connection.mute) return true;
  if (!from_client && delay_ms_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms_));
  if (!from_client && lose_every_ > 0 && ++pieces_ % lose_every_ == 0) {
    ++pieces_lost_;
    return false;
  }
  if (from_client && !connection.mute) {
    const std::lock_guard lock(mutex_);
    connection.request.append(buffer.data(), bytes);
    connection.mute = !text_.empty() && connection.request.find(text_) != std::string::npos;
    if (connection.mute) lost_ = true;
    constexpr std::size_t kKept = 256;  // longer than any text
    if (connection.request.size() > kKept) connection.request.erase(0, connection.request.size() - kKept);
  }
  const int to = from_client ? connection.server : connection.client;
  return send(to, buffer.data(), bytes, MSG_NOSIGNAL) == size;
}

void Proxy::Close(std::list<Connection>::iterator connection) {
  // A reset, not an orderly end: the peers notice at once.
  const linger now{1, 0};
  for (const int fd : {connection->client, connection->server}) {
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
  }
  connections_.erase(connection);
}

}  // namespace loyalty::test
