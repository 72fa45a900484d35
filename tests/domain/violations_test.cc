#include "domain/violations.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

TEST(Violations, NothingIsWrongWithoutOne) {
  Violations violations;
  violations.Require(true, "a", "why");
  EXPECT_TRUE(violations.Take(Status(Ok{})));
  EXPECT_TRUE(violations.empty());
  EXPECT_TRUE(violations.Done());
}

TEST(Violations, AreToldInTheirOrderAndTheFirstIsTheField) {
  Violations violations;
  violations.Require(false, "receipt.", "total_minor", "at most 10^15");
  EXPECT_FALSE(violations.Take(Status(InvalidField("operator", "too long"))));
  const Status done = violations.Done();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "receipt.total_minor: at most 10^15; operator: too long");
  EXPECT_EQ(done.error().metadata.at("field"), "receipt.total_minor");
  EXPECT_EQ(done.error().violations.size(), 2U);
}

TEST(Violations, WhatIsNoFieldsFaultComesFirst) {
  Violations violations;
  violations.Add("a", "why");
  violations.Take(Error{Reason::kStoreUnknown, "no such store", {}});
  violations.Add("b", "why");
  EXPECT_EQ(violations.Done().error().reason, Reason::kStoreUnknown);
}

TEST(Violations, ABookIsNotWritten) {
  Violations violations;
  for (std::size_t i = 0; i < Violations::kToldMax + 3; ++i) violations.Add("f" + std::to_string(i), "why");
  const Error error = violations.Done().error();
  EXPECT_EQ(error.violations.size(), Violations::kToldMax);
  EXPECT_EQ(error.message, "f0: why; f1: why; f2: why; and 25 more");
}

TEST(Violations, LongOnesAreFewer) {
  Violations violations;
  for (int i = 0; i < 10; ++i) violations.Add("f" + std::to_string(i), std::string(400, 'x'));
  const Error error = violations.Done().error();
  EXPECT_EQ(error.violations.size(), 3U);
  EXPECT_EQ(error.message.substr(error.message.size() - 10), "and 7 more");
}

}  // namespace
}  // namespace loyalty
