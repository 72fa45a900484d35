// Takes the connections of clients in place of gRPC, which takes any number of them, and which, since none is too many
// for it, listens no more from the moment on in which the process has no file descriptor left (CVE-2023-4785).
#pragma once

#include <grpcpp/server_builder.h>
#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "domain/result.h"
#include "services/app/credentials.h"
#include "services/rpc/network.h"

namespace loyalty {

struct AcceptorLimits {
  int connections_max = 4'096;              // a connection costs up to 30 kB, also one that has not said a word yet
  int per_address_max = 0;                  // so that one address cannot take all; 0: no such limit
  std::vector<Network> without_limit = {};  // proxies: behind one are all clients
  // Whether nobody of this network (NetworkOf) is taken in now; not asked about proxies; may be empty.
  std::function<bool(const std::string& network)> shuts_out = {};
};

// Who is over a limit is hung up on at once. Raises the process's limit of open files if it is lower than that needs;
// where that is forbidden there are fewer connections.
class Acceptor {
 public:
  // Binds and listens; nobody is taken before Start. Port 0: any free one. kInternal: cannot listen there.
  static Result<std::unique_ptr<Acceptor>> Listen(const HostPort& address, AcceptorLimits limits);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  int port() const { return port_; }
  // Hands all who come to `server`, whose grpc::Server runs.
  void Start(std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> server);
  // Ends a connection that it has taken, as gRPC names its peer; not one of a proxy. Soon, on the acceptor's thread;
  // safe to repeat, and for one that has ended already.
  void HangUp(const std::string& peer);
  // Takes nobody any more; those who are there may stay. Safe to repeat.
  void Stop();

 private:
  explicit Acceptor(AcceptorLimits limits);

  bool Bind(const sockaddr* address, socklen_t size);
  void Run();
  void Take(int listener);
  void HangUpNow();
  bool MayStay(int fd, const std::string& peer);
  bool IsProxy(const std::string& host) const;
  bool IsShutOut(const std::string& host) const;
  void Warn(const std::string& text);
  void Forget(int fd);
  void ForgetTheClosed(const std::string& host);

  AcceptorLimits limits_;
  int files_max_ = 0;
  int port_ = 0;
  std::vector<int> listeners_;
  int stop_ = -1, wake_ = -1;  // eventfds
  std::mutex mutex_;           // guards hang_up_
  std::set<std::string> hang_up_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> server_;
  // gRPC does not say when it closes a connection. Its number is then given to another one, or found out when it
  // matters. By file descriptor: address and port of who was there last.
  std::vector<std::string> peers_;
  std::map<std::string, int> per_host_;
  std::chrono::steady_clock::time_point next_look_{}, next_warning_{};
  std::thread thread_;
};

}  // namespace loyalty
