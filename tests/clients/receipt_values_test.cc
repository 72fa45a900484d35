#include "clients/receipt_values.h"

#include <gtest/gtest.h>

namespace loyalty::client {
namespace {

absl::TimeZone Berlin() { return *LoadZone("Europe/Berlin"); }

Instant At(const char* text) { return *ParseTime(text, Berlin()); }

TEST(ShiftOnWallClock, KeepsTheTimeAcrossAChangeOfClocks) {
  // A week over the start of summer time, in both directions.
  EXPECT_EQ(ShiftOnWallClock(At("2026-03-27T23:30:00"), Berlin(), 7), At("2026-04-03T23:30:00"));
  EXPECT_EQ(ShiftOnWallClock(At("2026-04-03T23:30:00"), Berlin(), -7), At("2026-03-27T23:30:00"));
  // Over years and a leap day: nine years are 470 weeks less two days.
  EXPECT_EQ(ShiftOnWallClock(At("2017-12-31T22:32:25.5"), Berlin(), 464 * 7), At("2026-11-22T22:32:25.5"));
  EXPECT_EQ(ShiftOnWallClock(At("2026-01-01T00:00:00"), Berlin(), 0), At("2026-01-01T00:00:00"));
}

TEST(ShiftOnWallClock, ATimeThatDoesNotExistThereMovesOnByTheGap) {
  EXPECT_EQ(ShiftOnWallClock(At("2026-03-22T02:30:00"), Berlin(), 7), At("2026-03-29T03:30:00"));
}

struct PaymentCase {
  const char* text;
  std::vector<std::pair<v1::PaymentKind, std::int64_t>> payments;
};

TEST(ReadPayments, KindsWithAmountsOrOneBareKind) {
  const std::vector<PaymentCase> cases{
      {"", {}},
      {"points:1.23", {{v1::PAYMENT_KIND_POINTS, 123}}},
      {"points:1.23;gift_card:5.00;other:0.5",
       {{v1::PAYMENT_KIND_POINTS, 123}, {v1::PAYMENT_KIND_GIFT_CARD, 500}, {v1::PAYMENT_KIND_OTHER, 50}}},
      {" other : 2 ; ", {{v1::PAYMENT_KIND_OTHER, 200}}},
      {"gift_card", {{v1::PAYMENT_KIND_GIFT_CARD, 999}}},
  };
  for (const auto& test : cases) {
    const auto payments = ReadPayments(test.text, 999, 2);
    ASSERT_TRUE(payments) << test.text;
    ASSERT_EQ(payments->size(), test.payments.size()) << test.text;
    for (std::size_t i = 0; i < payments->size(); ++i) {
      EXPECT_EQ((*payments)[i].kind(), test.payments[i].first) << test.text;
      EXPECT_EQ((*payments)[i].amount_minor(), test.payments[i].second) << test.text;
    }
  }
}

TEST(ReadPayments, ABareKindOfANegativeTotalPaidNothing) {
  const auto payments = ReadPayments("other", -500, 2);
  ASSERT_TRUE(payments);
  EXPECT_EQ(payments->front().amount_minor(), 0);
}

TEST(ReadPayments, WhatCannotBeReadIsRefused) {
  for (const char* text : {"cash", "points:x", "points:-1", "points:1.234", "points;other", "points:1;other"})
    EXPECT_FALSE(ReadPayments(text, 999, 2)) << text;
}

}  // namespace
}  // namespace loyalty::client
