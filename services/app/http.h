// A small HTTP port for probes and Prometheus.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "domain/result.h"

namespace loyalty {

// What the pages show.
struct HttpPages {
  std::function<bool()> healthy;
  std::function<std::string()> metrics;
};

// Serves GET /healthz (200 or 503) and GET /metrics, with any query, on one thread until destroyed.
class HttpServer {
 public:
  virtual ~HttpServer() = default;
  // The port, also when 0 was asked for.
  virtual int port() const = 0;
};

// Errors: kInternal (the address cannot be listened on).
Result<std::unique_ptr<HttpServer>> StartHttp(const std::string& host, int port, HttpPages pages);

}  // namespace loyalty
