// All fields of a request that break their rules, so that whoever wrote it mends them at once.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.h"

namespace loyalty {

class Violations {
 public:
  // A hostile request must not be answered with a book, and a refusal travels in a header: of more than these, by
  // number or by bytes, only the number is told. The message for people says the first few.
  static constexpr std::size_t kToldMax = 25;
  static constexpr std::size_t kToldBytesMax = 1'500;
  static constexpr std::size_t kSaidMax = 3;

  // `holds`, or the field `path` + `field` breaks its rule. Costs nothing where it holds.
  void Require(bool holds, std::string_view path, std::string_view field, std::string_view why) {
    if (!holds) Add(std::string(path).append(field), std::string(why));
  }
  void Require(bool holds, std::string_view field, std::string_view why) { Require(holds, "", field, why); }
  void Add(std::string field, std::string why);

  // Takes over why something was refused. True: it was not. A refusal that is no field's fault comes before all others.
  template <typename T>
  bool Take(const Result<T>& result) {
    if (result) return true;
    Take(result.error());
    return false;
  }
  void Take(const Error& error);

  bool empty() const { return error_.violations.empty() && !other_; }
  // Errors: kInvalidArgument with all of them; metadata has the first `field`.
  Status Done() const;

 private:
  Error error_{Reason::kInvalidArgument, {}, {}};
  std::size_t told_bytes_ = 0, untold_ = 0;
  bool other_ = false;
};

}  // namespace loyalty
