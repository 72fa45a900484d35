// Changes a request while it stays one: by protobuf's reflection, with values that break programs and values that the
// world knows.
#pragma once

#include <functional>

#include "tests/fuzz/input.h"
#include "tests/fuzz/vocabulary.h"

namespace loyalty::fuzz {

// Bytes that no sender writes but any parser may get: mutates them in place, at most up to `max`.
using MutateBytes = std::function<void(std::string& bytes, std::size_t max, Chance& chance)>;

class Mutator {
 public:
  explicit Mutator(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  // A neighbour of an input, of at most `max` bytes. `now`: what times are near to. `mutate_bytes` has one in sixteen.
  // `fixed_method`: the method stays.
  Input Mutate(Input input, std::size_t max, Instant now, bool fixed_method, Chance& chance,
               const MutateBytes& mutate_bytes) const;
  // One request made of two of the same method.
  Input Cross(Input first, const Input& second, Chance& chance) const;

 private:
  void MutateMessage(google::protobuf::Message& message, Instant now, Chance& chance) const;
  void MutateField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, Instant now,
                   Chance& chance) const;
  void MutateList(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, Instant now,
                  Chance& chance) const;
  std::string Text(const google::protobuf::FieldDescriptor& field, std::string before, Chance& chance) const;

  const Vocabulary& vocabulary_;
};

// Flips, cuts, inserts and repeats bytes, for those who have no libFuzzer to do it.
void MutateBytesPlainly(std::string& bytes, std::size_t max, Chance& chance);

}  // namespace loyalty::fuzz
