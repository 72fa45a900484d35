#include "services/app/acceptor.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace loyalty {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBacklog = 4'096;      // the kernel takes less if it is told so
constexpr int kOtherFilesMax = 256;  // database, logs, gRPC's own
constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::minutes kWarnEvery{1};

// HOST PORT in figures; empty for what is no connection.
std::string PeerOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return {};
  return std::string(host.data()) + " " + port.data();
}

// The same of what gRPC calls it: ipv4:HOST:PORT, ipv6:%5BHOST%5D:PORT.
std::string PeerOf(std::string uri) {
  uri.erase(0, uri.find(':') + 1);
  const auto colon = uri.rfind(':');
  if (colon == std::string::npos) return {};
  std::string host = uri.substr(0, colon);
  if (host.starts_with("%5B") && host.ends_with("%5D")) host = host.substr(3, host.size() - 6);
  return host + " " + uri.substr(colon + 1);
}

std::string HostOf(const std::string& peer) { return peer.substr(0, peer.find(' ')); }

// How many files may be open, at best `wanted`.
int AllowFiles(int wanted) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < static_cast<rlim_t>(wanted)) {
    limit.rlim_cur = std::min(limit.rlim_max, static_cast<rlim_t>(wanted));
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  return static_cast<int>(std::min(limit.rlim_cur, static_cast<rlim_t>(wanted)));
}

int PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

}  // namespace

Acceptor::Acceptor(AcceptorLimits limits)
    : limits_(std::move(limits)), stop_(eventfd(0, EFD_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  // The kernel gives out the lowest number that is free: a number below this says that there are fewer files.
  files_max_ = AllowFiles(limits_.connections_max + 2 * kOtherFilesMax) - kOtherFilesMax;
  peers_.resize(static_cast<std::size_t>(std::max(files_max_, 0)));
}

Acceptor::~Acceptor() {
  Stop();
  close(stop_);
  close(wake_);
}

Result<std::unique_ptr<Acceptor>> Acceptor::Listen(const HostPort& address, AcceptorLimits limits) {
  std::unique_ptr<Acceptor> acceptor(new Acceptor(std::move(limits)));
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  // "All addresses" means those of IPv6 too, where there are any.
  const bool any = address.host == "0.0.0.0";
  for (const std::string& host : any ? std::vector<std::string>{"::", "0.0.0.0"} : std::vector{address.host}) {
    if (getaddrinfo(host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0) continue;
    for (const addrinfo* next = found; next != nullptr; next = next->ai_next)
      (void)acceptor->Bind(next->ai_addr, next->ai_addrlen);
    freeaddrinfo(found);
    if (!acceptor->listeners_.empty()) return acceptor;
  }
  return Error{Reason::kInternal, "cannot listen there", {}};
}

bool Acceptor::Bind(const sockaddr* address, socklen_t size) {
  const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return false;
  const int on = 1, off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address->sa_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  // A name with several addresses has the same port on all of them.
  sockaddr_storage wanted{};
  std::copy_n(reinterpret_cast<const char*>(address), size, reinterpret_cast<char*>(&wanted));
  if (port_ != 0) {
    auto& port = address->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&wanted)->sin6_port
                                                : reinterpret_cast<sockaddr_in*>(&wanted)->sin_port;
    port = htons(static_cast<std::uint16_t>(port_));
  }
  if (bind(fd, reinterpret_cast<const sockaddr*>(&wanted), size) != 0 || listen(fd, kBacklog) != 0) {
    close(fd);
    return false;
  }
  port_ = PortOf(fd);
  listeners_.push_back(fd);
  return true;
}

void Acceptor::Start(std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> server) {
  server_ = std::move(server);
  thread_ = std::thread([this] { Run(); });
}

void Acceptor::Stop() {
  if (thread_.joinable()) {
    eventfd_write(stop_, 1);
    thread_.join();
  }
  for (const int fd : listeners_) close(fd);
  listeners_.clear();
}

void Acceptor::Run() {
  std::vector<pollfd> entries{{stop_, POLLIN, 0}, {wake_, POLLIN, 0}};
  for (const int fd : listeners_) entries.push_back({fd, POLLIN, 0});
  for (;;) {
    poll(entries.data(), entries.size(), -1);
    if (entries[0].revents != 0) return;
    if (entries[1].revents != 0) HangUpNow();
    for (std::size_t i = 2; i < entries.size(); ++i)
      if (entries[i].revents != 0) Take(entries[i].fd);
  }
}

void Acceptor::HangUp(const std::string& peer) {
  {
    const std::lock_guard lock(mutex_);
    if (!hang_up_.insert(PeerOf(peer)).second) return;
  }
  eventfd_write(wake_, 1);
}

void Acceptor::HangUpNow() {
  eventfd_t count = 0;
  eventfd_read(wake_, &count);
  std::set<std::string> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(hang_up_);
  }
  for (std::size_t fd = 0; fd < peers_.size(); ++fd) {
    if (peers_[fd].empty() || !ended.contains(peers_[fd]) || IsProxy(HostOf(peers_[fd]))) continue;
    // gRPC may close it in this moment, and its number be another's: a copy stays what it is.
    const int copy = fcntl(static_cast<int>(fd), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) continue;
    if (PeerOf(copy) == peers_[fd]) {
      shutdown(copy, SHUT_RDWR);
      Warn("too many calls that are refused: connections of " + HostOf(peers_[fd]) + " are ended");
    }
    close(copy);
  }
}

void Acceptor::Take(int listener) {
  const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) {
    // Out of files or memory: those who wait stay in the queue of the kernel. Others have gone already.
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) std::this_thread::sleep_for(kPause);
    return;
  }
  const std::string peer = PeerOf(fd);
  if (peer.empty() || !MayStay(fd, peer)) {
    close(fd);
    return;
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
  connection.listener_fd = listener;
  connection.fd = fd;
  server_->HandleNewConnection(&connection);
}

bool Acceptor::MayStay(int fd, const std::string& peer) {
  const std::string host = HostOf(peer);
  const bool is_proxy = IsProxy(host);
  if (!is_proxy && IsShutOut(host)) return false;
  bool may = fd < files_max_;
  if (may) {
    Forget(fd);
    const bool limited = limits_.per_address_max > 0 && !is_proxy;
    if (limited && per_host_[host] >= limits_.per_address_max) ForgetTheClosed(host);
    may = !limited || per_host_[host] < limits_.per_address_max;
  }
  if (may) {
    peers_[static_cast<std::size_t>(fd)] = peer;
    ++per_host_[host];
  } else {
    Warn("too many connections: those of " + host + " are refused");
  }
  return may;
}

// Not more often than somebody reads it.
void Acceptor::Warn(const std::string& text) {
  if (Clock::now() < next_warning_) return;
  next_warning_ = Clock::now() + kWarnEvery;
  spdlog::warn("{}", text);
}

bool Acceptor::IsProxy(const std::string& host) const {
  const auto address = ParseAddress(host);
  return address && AnyContains(limits_.without_limit, *address);
}

bool Acceptor::IsShutOut(const std::string& host) const {
  const auto address = ParseAddress(host);
  return address && limits_.shuts_out && limits_.shuts_out(NetworkOf(*address));
}

void Acceptor::Forget(int fd) {
  std::string& peer = peers_[static_cast<std::size_t>(fd)];
  if (peer.empty()) return;
  const auto host = per_host_.find(HostOf(peer));
  if (--host->second == 0) per_host_.erase(host);
  peer.clear();
}

// Not more often than it matters: whoever connects without end must not make us look without end.
void Acceptor::ForgetTheClosed(const std::string& host) {
  if (Clock::now() < next_look_) return;
  next_look_ = Clock::now() + kPause;
  for (std::size_t fd = 0; fd < peers_.size(); ++fd)
    if (!peers_[fd].empty() && HostOf(peers_[fd]) == host && PeerOf(static_cast<int>(fd)) != peers_[fd])
      Forget(static_cast<int>(fd));
}

}  // namespace loyalty
