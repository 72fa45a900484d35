#include "tests/support/raw_connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

sockaddr_in Address(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

}  // namespace

std::shared_ptr<SSL_CTX> TlsContext(const std::string& identity) {
  std::signal(SIGPIPE, SIG_IGN);  // TLS writes to sockets that the server has closed
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2, sizeof kHttp2);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (!identity.empty() &&
      (SSL_CTX_use_certificate_chain_file(context.get(), (identity + ".crt").c_str()) != 1 ||
       SSL_CTX_use_PrivateKey_file(context.get(), (identity + ".key").c_str(), SSL_FILETYPE_PEM) != 1))
    throw std::runtime_error("no certificate " + identity);
  return context;
}

RawConnection::RawConnection(const Dial& dial, milliseconds most) {
  const auto until = Clock::now() + most;
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) throw std::runtime_error("no file descriptor is left: raise the limit (ulimit -n)");
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // The kernel picks the port when it knows the other side too: more than one address has ports.
  setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  // Closed with a reset: ports that wait for stray packets would run out.
  const linger none{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  if (dial.receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &dial.receive_buffer, sizeof dial.receive_buffer);
  const sockaddr_in from = Address(dial.from, 0), to = Address("127.0.0.1", dial.port);
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0)
    throw std::runtime_error("cannot call from " + dial.from);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    open_ = errno == EINPROGRESS && WaitFor(Want::kWrite, until);
  int error = 0;
  socklen_t size = sizeof error;
  if (open_ && getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) open_ = false;
  if (!open_ || !dial.tls) return;
  ssl_ = SSL_new(dial.tls.get());
  SSL_set_fd(ssl_, fd_);
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_);
    if (result == 1) return;
    const Want want = After(result);
    if (!open_ || !WaitFor(want, until)) break;
  }
  open_ = false;
}

RawConnection::~RawConnection() {
  SSL_free(ssl_);
  close(fd_);
}

RawConnection::Want RawConnection::After(long result) {
  if (ssl_ == nullptr) {
    if (result > 0) return Want::kNothing;
    open_ = result < 0 && (errno == EAGAIN || errno == EINTR);
    return Want::kNothing;
  }
  switch (SSL_get_error(ssl_, static_cast<int>(result))) {
    case SSL_ERROR_WANT_READ: return Want::kRead;
    case SSL_ERROR_WANT_WRITE: return Want::kWrite;
    default: open_ = false; return Want::kNothing;
  }
}

bool RawConnection::WaitFor(Want want, Clock::time_point until) {
  pollfd entry{fd_, static_cast<short>(want == Want::kRead ? POLLIN : POLLOUT), 0};
  const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
  return left.count() > 0 && poll(&entry, 1, static_cast<int>(left.count())) > 0;
}

bool RawConnection::Drain() {
  std::array<char, 16'384> buffer{};
  while (open_) {
    ERR_clear_error();
    const long size =
        ssl_ != nullptr ? SSL_read(ssl_, buffer.data(), buffer.size()) : recv(fd_, buffer.data(), buffer.size(), 0);
    if (size > 0) continue;
    (void)After(size);
    break;
  }
  return open_;
}

std::size_t RawConnection::SendSome(std::string_view bytes) {
  std::size_t sent = 0;
  while (open_ && sent < bytes.size()) {
    ERR_clear_error();
    const long size = ssl_ != nullptr ? SSL_write(ssl_, bytes.data() + sent, static_cast<int>(bytes.size() - sent))
                                      : send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) {
      (void)After(size);
      break;
    }
    sent += static_cast<std::size_t>(size);
  }
  return sent;
}

bool RawConnection::Send(std::string_view bytes, milliseconds most) {
  for (const auto until = Clock::now() + most; open_;) {
    bytes.remove_prefix(SendSome(bytes));
    Drain();
    if (bytes.empty() || !open_) break;
    pollfd entry{fd_, POLLIN | POLLOUT, 0};
    poll(&entry, 1, 10);
    if (Clock::now() > until) open_ = false;
  }
  return open_;
}

}  // namespace loyalty::test
