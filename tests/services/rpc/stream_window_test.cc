#include "services/rpc/stream_window.h"

#include <gtest/gtest.h>

#include <string>

namespace loyalty {
namespace {

using Window = StreamWindow<std::string>;
using Then = Window::Then;

std::string Written(const Window::Turn& turn) { return turn.write == nullptr ? "" : *turn.write; }

// A window of two with `requests` in work.
class StreamWindowTest : public ::testing::Test {
 protected:
  void Read(int requests) {
    for (int i = 0; i < requests; ++i) window_.Begin();
  }

  Window window_{2};
};

TEST_F(StreamWindowTest, ReadsUntilItIsFullAndOnWhenAnAnswerIsWritten) {
  Read(1);
  EXPECT_TRUE(window_.MayRead());
  Read(1);
  EXPECT_FALSE(window_.MayRead());
  const auto turn = window_.Put("first");
  EXPECT_EQ(Written(turn), "first");
  EXPECT_EQ(turn.then, Then::kNothing) << "an answer on its way is still in work";
  EXPECT_EQ(window_.Written(true).then, Then::kReadOn);
  EXPECT_TRUE(window_.MayRead());
}

TEST_F(StreamWindowTest, OneIsToldToReadOn) {
  Read(2);
  EXPECT_FALSE(window_.MayRead());
  window_.Put("first");
  window_.Put("second");
  EXPECT_EQ(window_.Written(true).then, Then::kReadOn);
  EXPECT_EQ(window_.Written(true).then, Then::kNothing);
}

TEST_F(StreamWindowTest, AnswersAreWrittenOneAtATimeAndInTheirOrder) {
  Read(3);
  EXPECT_EQ(Written(window_.Put("first")), "first");
  EXPECT_EQ(Written(window_.Put("second")), "");
  EXPECT_EQ(Written(window_.Put("third")), "");
  EXPECT_EQ(Written(window_.Written(true)), "second");
  EXPECT_EQ(Written(window_.Written(true)), "third");
  EXPECT_EQ(Written(window_.Written(true)), "");
}

TEST_F(StreamWindowTest, FinishesOnceWhenNothingComesAndAllIsWritten) {
  Read(2);
  EXPECT_EQ(window_.Close().then, Then::kNothing);
  window_.Put("first");
  window_.Put("second");
  EXPECT_EQ(window_.Written(true).then, Then::kNothing);
  EXPECT_EQ(window_.Written(true).then, Then::kFinish);
}

TEST_F(StreamWindowTest, WithoutARequestItFinishesAtOnce) { EXPECT_EQ(window_.Close().then, Then::kFinish); }

TEST_F(StreamWindowTest, IsAloneWithTheRequestThatWasReadLast) {
  Read(1);
  EXPECT_TRUE(window_.IsAlone());
  Read(1);
  EXPECT_FALSE(window_.IsAlone());
}

TEST_F(StreamWindowTest, WhenNobodyListensAnswersAreDroppedAndTheReaderHearsOfIt) {
  Read(2);
  window_.Put("first");
  auto turn = window_.Written(false);
  EXPECT_EQ(turn.then, Then::kNothing);
  Read(1);
  EXPECT_FALSE(window_.MayRead());
  turn = window_.Put("second");
  EXPECT_EQ(Written(turn), "");
  EXPECT_EQ(turn.then, Then::kReadOn);
  EXPECT_EQ(window_.Close().then, Then::kNothing) << "one is still in work";
  EXPECT_EQ(window_.Put("third").then, Then::kFinish);
}

}  // namespace
}  // namespace loyalty
