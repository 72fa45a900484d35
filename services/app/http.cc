#include "services/app/http.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <thread>

namespace loyalty {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

// A probe that takes longer has a network that is broken.
constexpr std::chrono::seconds kTimeout{5};
constexpr std::size_t kHeaderMax = 8'192;
constexpr int kConnectionsMax = 64;
constexpr std::chrono::milliseconds kPause{100};

using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

Response Answer(const Request& request, const HttpPages& pages) {
  Response response{http::status::ok, request.version()};
  // What follows a '?' is for pages with parameters; ours have none, and probes add some against caches.
  const auto path = request.target().substr(0, request.target().find('?'));
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  const bool head = request.method() == http::verb::head;
  if (request.method() != http::verb::get && !head) {
    response.result(http::status::method_not_allowed);
    response.set(http::field::allow, "GET, HEAD");
  } else if (path == "/healthz") {
    const bool healthy = pages.healthy();
    response.result(healthy ? http::status::ok : http::status::service_unavailable);
    response.body() = healthy ? "ok\n" : "not serving\n";
  } else if (path == "/metrics") {
    response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response.body() = pages.metrics();
  } else {
    response.result(http::status::not_found);
    response.body() = "there are /healthz and /metrics\n";
  }
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  if (head) response.body().clear();
  return response;
}

// One connection; keeps itself alive by its handlers.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const HttpPages& pages, int& open)
      : stream_(std::move(socket)), pages_(pages), open_(open) {
    ++open_;
  }
  ~Connection() { --open_; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Read() {
    parser_.emplace();
    parser_->header_limit(kHeaderMax);
    stream_.expires_after(kTimeout);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->Write();
    });
  }

 private:
  void Write() {
    response_ = Answer(parser_->get(), pages_);
    http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error && self->response_.keep_alive()) return self->Read();
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, error);
    });
  }

  beast::tcp_stream stream_;
  const HttpPages& pages_;
  int& open_;  // one thread only
  beast::flat_buffer buffer_{kHeaderMax * 2};
  std::optional<http::request_parser<http::empty_body>> parser_;
  Response response_;
};

class Server final : public HttpServer {
 public:
  Server(const tcp::endpoint& endpoint, HttpPages pages) : pages_(std::move(pages)), acceptor_(context_, endpoint) {
    Accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Server() override {
    context_.stop();
    thread_.join();
  }
  int port() const override { return acceptor_.local_endpoint().port(); }

 private:
  void Accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error && open_ < kConnectionsMax) std::make_shared<Connection>(std::move(socket), pages_, open_)->Read();
      if (!error) return Accept();
      if (error == asio::error::operation_aborted) return;
      // No descriptors left: asked again at once, it would only fail again.
      pause_.expires_after(kPause);
      pause_.async_wait([this](beast::error_code stopped) {
        if (!stopped) Accept();
      });
    });
  }

  HttpPages pages_;
  int open_ = 0;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_{context_};
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> StartHttp(const std::string& host, int port, HttpPages pages) {
  try {
    asio::io_context context;
    tcp::resolver resolver(context);
    const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive);
    return std::unique_ptr<HttpServer>(std::make_unique<Server>(found.begin()->endpoint(), std::move(pages)));
  } catch (const boost::system::system_error& error) {
    return Error{Reason::kInternal,
                 "cannot listen on " + host + ":" + std::to_string(port) + " for http: " + error.code().message(),
                 {}};
  }
}

}  // namespace loyalty
