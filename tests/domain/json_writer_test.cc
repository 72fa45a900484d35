#include "domain/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "domain/check.h"

namespace loyalty {
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
  EXPECT_EQ(json.TakeLine(),
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

TEST(JsonWriter, DenseHasNoBlank) {
  JsonWriter json;
  json.BeginList(JsonLayout::kDense);
  json.BeginObject();
  json.Add("kind", 2).Add("text", "a b").Name("list").BeginList();
  json.Value(1);
  json.Value(2);
  json.End();
  json.End();
  json.BeginObject();
  json.End();
  json.End();
  EXPECT_EQ(json.Take(), R"([{"kind":2,"text":"a b","list":[1,2]},{}])");
}

TEST(JsonWriter, WhatIsNotWellFormedIsABrokenPromiseInTheReleaseToo) {
  EXPECT_THROW(JsonWriter().End(), BrokenPromise) << "nothing has begun";
  EXPECT_THROW(JsonWriter().Name("a"), BrokenPromise) << "names stand in objects";
  JsonWriter open;
  open.BeginObject();
  EXPECT_THROW(static_cast<void>(open.Take()), BrokenPromise) << "it has not ended";
}

}  // namespace
}  // namespace loyalty
