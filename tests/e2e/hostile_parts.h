// What good requests are collected in, and the parts of them that have a file of their own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/hostile_requests.h"

namespace loyalty::test {

class Requests {
 public:
  template <typename Request>
  void Add(const std::string& service, const std::string& method, const std::function<void(Request&)>& fill) {
    auto request = std::make_shared<Request>();
    fill(*request);
    all_.push_back({"/loyalty.v1." + service + "/" + method, std::move(request)});
  }
  std::vector<GoodRequest> Take() { return std::move(all_); }

 private:
  std::vector<GoodRequest> all_;
};

// Of keys and their audit.
void AddKeys(Requests& requests);
// Of who operates tills.
void AddOperators(Requests& requests);

}  // namespace loyalty::test
