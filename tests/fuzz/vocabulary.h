// Values that mean something to the world: what its answers named, so that mutated requests reach behind the first
// check.
#pragma once

#include <google/protobuf/message.h>

#include <deque>
#include <map>
#include <string>

#include "tests/fuzz/chance.h"

namespace loyalty::fuzz {

class Vocabulary {
 public:
  // Remembers the texts in a message, by field: names, cards, receipt numbers, request ids, page tokens.
  void Learn(const google::protobuf::Message& message);
  // A text that a field of this name has had or could have; empty while nothing is known.
  std::string Draw(const std::string& field, Chance& chance) const;

 private:
  void Add(const std::string& field, const std::string& text);

  std::map<std::string, std::deque<std::string>> texts_;
};

}  // namespace loyalty::fuzz
