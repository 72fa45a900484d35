#include "clients/send_window.h"

#include <gtest/gtest.h>

#include <set>

#include "domain/check.h"

namespace loyalty::client {
namespace {

using std::chrono::seconds;

CsvReceipt Receipt(const std::string& id, const std::string& card = "") {
  CsvReceipt receipt;
  receipt.request.set_request_id(id);
  if (!card.empty()) receipt.request.mutable_identifier()->set_card(card);
  return receipt;
}

const SendWindow::Clock::time_point kNow{};

std::string SendAll(SendWindow& window) {
  std::string sent;
  while (window.CanSend(kNow)) sent += window.SendNext().request_id();
  return sent;
}

TEST(SendWindow, SendsInOrderAndNoMoreThanItsSize) {
  SendWindow window(2);
  for (const char* id : {"a", "b", "c"}) window.Add(Receipt(id));
  EXPECT_EQ(SendAll(window), "ab");
  ASSERT_TRUE(window.Answered("b"));
  EXPECT_EQ(SendAll(window), "c");
  EXPECT_EQ(window.in_flight(), 2U);
}

TEST(SendWindow, AnAnswerIsTakenOnce) {
  SendWindow window(2);
  window.Add(Receipt("a"));
  EXPECT_FALSE(window.Answered("a"));  // not sent yet
  SendAll(window);
  EXPECT_TRUE(window.Answered("a"));
  EXPECT_FALSE(window.Answered("a"));
  EXPECT_TRUE(window.empty());
}

TEST(SendWindow, ABrokenStreamSendsWhatIsUnansweredAgainInItsOldOrder) {
  SendWindow window(3);
  for (const char* id : {"a", "b", "c", "d"}) window.Add(Receipt(id));
  EXPECT_EQ(SendAll(window), "abc");
  ASSERT_TRUE(window.Answered("b"));
  window.StreamBroke();
  EXPECT_EQ(SendAll(window), "acd");
}

TEST(SendWindow, WhatIsAskedForAgainPausesTheStreamAndKeepsItsPlace) {
  SendWindow window(3);
  for (const char* id : {"a", "b", "c", "d"}) window.Add(Receipt(id));
  SendAll(window);
  EXPECT_EQ(window.SendAgain("b", kNow + seconds(2)), 1);
  EXPECT_EQ(window.SendAgain("b", kNow + seconds(2)), 0);  // not in flight now
  EXPECT_FALSE(window.CanSend(kNow + seconds(1)));
  EXPECT_EQ(window.PausedUntil(), kNow + seconds(2));
  ASSERT_TRUE(window.CanSend(kNow + seconds(2)));
  EXPECT_EQ(window.SendNext().request_id(), "b");
  EXPECT_EQ(window.SendAgain("b", kNow), 2);
}

TEST(SendWindow, WhatMayNotBeSentIsABrokenPromiseInTheReleaseToo) {
  SendWindow window(1);
  EXPECT_THROW(static_cast<void>(window.SendNext()), BrokenPromise) << "nothing waits";
  window.Add(Receipt("a"));
  window.Add(Receipt("b"));
  EXPECT_EQ(window.SendNext().request_id(), "a");
  EXPECT_THROW(static_cast<void>(window.SendNext()), BrokenPromise) << "one at a time";
  EXPECT_EQ(window.waiting(), 1U);
}

TEST(ShardOf, ReceiptsOfOneCardShareAStream) {
  for (const std::string card : {"1", "906", "card-with-letters"})
    for (std::int64_t index = 0; index < 20; ++index)
      EXPECT_EQ(ShardOf(Receipt("x", card).request, index, 4), ShardOf(Receipt("y", card).request, 0, 4));
}

TEST(ShardOf, CardsAndCardlessReceiptsSpreadOverAllStreams) {
  std::set<std::size_t> by_card;
  std::set<std::size_t> without;
  for (int i = 0; i < 100; ++i) {
    by_card.insert(ShardOf(Receipt("x", std::to_string(i)).request, 0, 4));
    without.insert(ShardOf(Receipt("x").request, i, 4));
  }
  EXPECT_EQ(by_card.size(), 4U);
  EXPECT_EQ(without.size(), 4U);
}

}  // namespace
}  // namespace loyalty::client
