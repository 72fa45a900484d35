// A TCP proxy in front of a server that loses connections and answers on demand.
#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace loyalty::test {

// Passes bytes on between its own port and a server of this machine. A connection that the server does not take is
// closed, and tried anew by the client. Thread safe.
class Proxy {
 public:
  // `server`: 127.0.0.1:PORT, which may come and go, or the path of a unix socket. `from`: the address it connects
  // from, for instance 127.0.0.2; empty: as the kernel likes.
  explicit Proxy(const std::string& server, std::string from = {});
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // 127.0.0.1:PORT
  const std::string& address() const { return address_; }

  // Every `n`-th piece that a server says is lost with its connection; 0: none.
  void LoseEvery(int n) { lose_every_ = n; }
  // How many have been lost that way.
  int pieces_lost() const { return pieces_lost_; }
  // While true nothing gets through in either direction, and nobody is told: packets that vanish. What was said
  // meanwhile arrives afterwards.
  void SetBlackHole(bool on) { black_hole_ = on; }
  // Everything the server says takes this long, one after the other.
  void SetDelay(std::chrono::milliseconds delay) { delay_ms_ = static_cast<int>(delay.count()); }
  // What is said on the connections of now gets lost, in either direction, and nobody is told, as behind a firewall
  // that has forgotten them. Later ones are not concerned. Returns when it is so.
  void ForgetConnections();
  // Bytes of clients that were lost that way; connections taken so far.
  int bytes_forgotten() const { return bytes_forgotten_; }
  int connections() const { return accepted_; }
  // Resets every connection.
  void Cut() { cut_ = true; }
  // From the moment on in which a client has sent `text` in plain, nothing that the server says on that connection gets
  // through: its request arrives, its answer does not.
  void LoseAnswersTo(const std::string& text);
  // True once that has happened.
  bool WaitUntilLost(std::chrono::seconds most) const;
  // Everything gets through again, on new connections: those that lost answers are closed.
  void Heal();

 private:
  struct Connection {
    int client = -1, server = -1;
    bool mute = false;  // answers are lost
    bool forgotten = false;
    std::string request;  // the end of what the client has sent, to find the text across reads
  };

  void Loop();
  void Accept();
  bool Reach(Connection& connection) const;
  bool Pass(Connection& connection, bool from_client);
  void Close(std::list<Connection>::iterator connection);

  const std::string from_;
  std::string socket_;  // empty: the port
  int server_port_ = 0;
  std::string address_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<int> lose_every_{0};
  std::atomic<int> delay_ms_{0};
  int pieces_ = 0;
  std::atomic<int> pieces_lost_{0};
  std::atomic<bool> heal_{false};
  std::atomic<bool> black_hole_{false};
  std::atomic<bool> cut_{false};
  std::atomic<bool> forget_{false};
  std::atomic<int> bytes_forgotten_{0};
  std::atomic<int> accepted_{0};
  std::atomic<bool> lost_{false};
  std::mutex mutex_;  // guards what follows
  std::string text_;
  std::list<Connection> connections_;  // of the loop's thread only
  std::thread thread_;
};

}  // namespace loyalty::test
