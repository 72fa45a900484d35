#include "tests/bench/figure.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/bench/side.h"

namespace loyalty::test {
namespace {

Figure Example() {
  Figure figure;
  figure.id = "P1";
  figure.engine = "sqlite";
  figure.what = "durable Scan, 64 callers / echo";
  figure.target = 0.6;
  figure.ratios = {0.7, 0.5, 0.9};
  figure.value = 8'000;
  figure.unit = "scans/s";
  return figure;
}

TEST(Figure, IsTheMedianOfItsPairsWithTheirSpread) {
  Figure figure = Example();
  EXPECT_EQ(figure.ratio(), 0.7);
  EXPECT_EQ(figure.lowest(), 0.5);
  EXPECT_EQ(figure.highest(), 0.9);
  EXPECT_TRUE(figure.reached());
  figure.ratios = {0.5, 0.6};
  EXPECT_EQ(figure.ratio(), 0.55);
  EXPECT_FALSE(figure.reached());
  figure.at_most = true;
  EXPECT_TRUE(figure.reached());
}

TEST(Figure, ReachesItsTargetByTheBetterEndOfTheInterval) {
  Figure figure = Example();
  figure.target = 0.8;
  EXPECT_FALSE(figure.reached());
  figure.interval = Interval{0.6, 0.85};
  EXPECT_TRUE(figure.reached());
  figure.at_most = true;
  figure.target = 0.5;
  EXPECT_FALSE(figure.reached());
  EXPECT_NE(TableOf({figure}).find("median within 0.6-0.85 (90 %)"), std::string::npos);
}

TEST(Figure, ShowsItsParts) {
  Figure figure = Example();
  figure.parts = {{.name = "receipts", .inserted = 1, .pages = 1.25, .bytes = 300, .write_us = 5},
                  {.name = "members", .updated = 1, .pages = 0.75, .bytes = 50, .read_us = 2}};
  EXPECT_NE(TableOf({figure}).find("receipts"), std::string::npos);
  EXPECT_NE(MarkdownOf({figure}).find("| all | 1.00 | 1.00 | 2.00 | 350 | 5.0 | 2.0 |"), std::string::npos);
  figure.interval = Interval{0.6, 0.85};
  google::protobuf::ListValue list;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(JsonOf({figure}), &list).ok());
  const auto& fields = list.values(0).struct_value().fields();
  EXPECT_EQ(fields.at("interval").list_value().values(1).number_value(), 0.85);
  const auto& part = fields.at("parts").list_value().values(0).struct_value().fields();
  EXPECT_EQ(part.at("name").string_value(), "receipts");
  EXPECT_EQ(part.at("pages").number_value(), 1.25);
}

TEST(Figure, IsJsonForPrograms) {
  google::protobuf::ListValue list;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(JsonOf({Example(), Example()}), &list).ok());
  ASSERT_EQ(list.values_size(), 2);
  const auto& fields = list.values(1).struct_value().fields();
  EXPECT_EQ(fields.at("id").string_value(), "P1");
  EXPECT_EQ(fields.at("engine").string_value(), "sqlite");
  EXPECT_EQ(fields.at("ratio").number_value(), 0.7);
  EXPECT_EQ(fields.at("target").number_value(), 0.6);
  EXPECT_EQ(fields.at("value").number_value(), 8'000);
  EXPECT_EQ(fields.at("unit").string_value(), "scans/s");
  EXPECT_EQ(fields.at("spread").list_value().values(0).number_value(), 0.5);
  EXPECT_EQ(fields.at("spread").list_value().values(1).number_value(), 0.9);
  EXPECT_EQ(JsonOf({}), "[]\n");
}

TEST(Figure, SaysInTheTableWhetherItIsReached) {
  Figure figure = Example();
  EXPECT_NE(TableOf({figure}).find(" ok "), std::string::npos);
  figure.target = 0.8;
  EXPECT_NE(TableOf({figure}).find("SHORT"), std::string::npos);
  EXPECT_NE(MarkdownOf({figure}).find("| short |"), std::string::npos);
}

TEST(Side, TheyTakeTurns) {
  std::string order;
  const auto side = [&order](char name, double per_second) {
    return Side{std::string(1, name), [&order, name, per_second](double) {
                  order += name;
                  return Turn{.per_second = per_second};
                }};
  };
  const auto turns = TakeTurns({.pairs = 3}, {side('a', 30), side('b', 60)});
  EXPECT_EQ(order, "abbaab");
  EXPECT_EQ(Ratios(turns[0], turns[1], &Turn::per_second), (std::vector<double>{0.5, 0.5, 0.5}));
  EXPECT_EQ(MedianOf(turns[1], &Turn::per_second), 60);
}

}  // namespace
}  // namespace loyalty::test
