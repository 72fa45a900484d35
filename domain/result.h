// What a function answers that can be refused: a value, or an Error with a stable Reason.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/check.h"
#include "domain/reason.h"

namespace loyalty {

// A field of a request that breaks its rule.
struct Violation {
  std::string field;  // path in the request, for instance receipt.lines[2].sku
  std::string why;
};

// Why something was refused. `message` is for people and holds no personal data, no SQL, no secrets.
struct Error {
  Reason reason = Reason::kInternal;
  std::string message;
  std::map<std::string, std::string> metadata;  // variables of the message; "field" names the (first) field at fault
  std::vector<Violation> violations = {};       // of kInvalidArgument: all fields at fault that are known
  int retry_after_ms = 0;                       // when another try is worth it; 0: as its reason says
};

// A value or an Error. Never both, never ignored.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & {
    Check(has_value(), "a result that is used has a value");
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    Check(has_value(), "a result that is used has a value");
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    Check(has_value(), "a result that is used has a value");
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() & {
    Check(!has_value(), "a result whose error is used has one");
    return *std::get_if<1>(&state_);
  }
  const Error& error() const& {
    Check(!has_value(), "a result whose error is used has one");
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    Check(!has_value(), "a result whose error is used has one");
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

// For functions that answer nothing but success.
struct Ok {};
using Status = Result<Ok>;

// A field of a request that breaks its rule: INVALID_ARGUMENT with the field's path.
Error InvalidField(std::string field, std::string why);

}  // namespace loyalty
