// Classifications of a shop's members, and members for whom they find something.
#pragma once

#include "tests/bench/raw_database.h"
#include "tests/bench/shop.h"
#include "tests/e2e/caller.h"

namespace loyalty::test {

// Everything throws std::runtime_error.
class Classifier {
 public:
  explicit Classifier(Shop& shop);

  v1::Job Start(v1::MeasureChoice measure) const;
  bool HasEnded(const v1::Job& job) const;
  // Seconds from the request to the end.
  double Run(v1::MeasureChoice measure) const;

 private:
  v1::Job Get(const v1::Job& job) const;

  Caller admin_;
};

// Members of two years who differ: what a fit and cut points find something in.
void MakeDiverse(RawDatabase& database);

}  // namespace loyalty::test
