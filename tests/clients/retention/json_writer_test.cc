#include "clients/retention/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "clients/retention/figures.h"
#include "domain/check.h"

namespace loyalty::client {
namespace {

TEST(JsonWriter, KeepsTheOrderAndEveryDigit) {
  JsonWriter json;
  json.BeginObject();
  json.Add("z", 0.1).Add("a", std::int64_t{1} << 62).Add("yes", true).Add("text", "a\"\\\n");
  json.Add("none", std::optional<double>()).Add("endless", std::numeric_limits<double>::infinity());
  json.Name("list").BeginList(JsonLayout::kInline);
  json.Value(1.0 / 3);
  json.BeginObject();
  json.Add("b", 2);
  json.End();
  json.End();
  json.Name("empty").BeginList();
  json.End();
  json.End();
  EXPECT_EQ(json.Take(),
            "{\n"
            " \"z\": 0.1,\n"
            " \"a\": 4611686018427387904,\n"
            " \"yes\": true,\n"
            " \"text\": \"a\\\"\\\\\\u000a\",\n"
            " \"none\": null,\n"
            " \"endless\": null,\n"
            " \"list\": [0.3333333333333333, {\"b\": 2}],\n"
            " \"empty\": []\n"
            "}\n");
}

TEST(JsonWriter, WhatIsNotWellFormedIsABrokenPromiseInTheReleaseToo) {
  EXPECT_THROW(JsonWriter().End(), BrokenPromise) << "nothing has begun";
  EXPECT_THROW(JsonWriter().Name("a"), BrokenPromise) << "names stand in objects";
  JsonWriter open;
  open.BeginObject();
  EXPECT_THROW(static_cast<void>(open.Take()), BrokenPromise) << "it has not ended";
}

TEST(Figures, AreShortAndNeverMinusZero) {
  EXPECT_EQ(Fixed(-0.0001, 2), "0.00");
  EXPECT_EQ(Fixed(std::numeric_limits<double>::infinity(), 2), "unknown");
  EXPECT_EQ(Signed(1.25, 2), "+1.25");
  EXPECT_EQ(Percent(0.1234, 1), "12.3 %");
  EXPECT_EQ(Bar(0.001, 1, 10), "#") << "whoever is there gets a mark";
  EXPECT_EQ(Bar(0, 1, 10), "");
  EXPECT_EQ(Bar(2, 1, 4), "####");
}

}  // namespace
}  // namespace loyalty::client
