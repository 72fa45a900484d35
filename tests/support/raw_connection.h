// A connection over which any bytes can be sent, in plain or in TLS, and nothing is done on its own.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace loyalty::test {

// Makes connections to one server.
struct Dial {
  int port = 0;                       // on 127.0.0.1
  std::string from = "127.0.0.2";     // the address they come from: not that of the others in this test
  std::shared_ptr<SSL_CTX> tls = {};  // without: in plain
  int receive_buffer = 0;             // bytes the kernel takes before the server has to wait; 0: as it likes
};

// For Dial::tls. Believes any server; `identity`.crt and `identity`.key (PEM) are its own certificate, "" is none.
std::shared_ptr<SSL_CTX> TlsContext(const std::string& identity = {});

// Open until the server closes it; every function says whether it still is. One thread at a time.
class RawConnection {
 public:
  // Connects and, with TLS, shakes hands: open() is false if the server would not, or not within `most`.
  explicit RawConnection(const Dial& dial, std::chrono::milliseconds most = std::chrono::seconds(5));
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool open() const { return open_; }
  // Sends all of it, and reads and forgets what comes meanwhile: else both sides would wait for each other. What the
  // server does not take within `most` ends the connection.
  bool Send(std::string_view bytes, std::chrono::milliseconds most = std::chrono::seconds(1));
  // Sends what the server takes at once, reads nothing; how much that was.
  std::size_t SendSome(std::string_view bytes);
  // Reads and forgets what has come.
  bool Drain();

 private:
  enum class Want { kNothing, kRead, kWrite };
  // What must happen before the operation of TLS or the socket that returned `result` can go on.
  Want After(long result);
  bool WaitFor(Want want, std::chrono::steady_clock::time_point until);

  int fd_ = -1;
  SSL* ssl_ = nullptr;
  bool open_ = true;
};

}  // namespace loyalty::test
