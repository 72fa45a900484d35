// A stream whose message finds the queue full waits with it, and its caller with the next; but not with a large one,
// which would lie beside the queue's room: as many streams as there are commands may wait at a time.
#include "services/rpc/scan_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <thread>

#include "google/rpc/error_details.pb.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

// The transport's side of a stream: gives the messages one after the other, and keeps the answers.
class PlainStream final : public StreamWire {
 public:
  PlainStream(const Deps& deps, std::vector<v1::ScanStreamRequest> messages,
              std::string authorization = test::CallWorld::kAuthorization)
      : StreamWire(deps, "loyalty.v1.TerminalService.ScanStream"),
        authorization_(std::move(authorization)),
        messages_(messages.begin(), messages.end()) {}
  ~PlainStream() override {
    for (auto& thread : threads_) thread.join();
  }

  void Open() {
    stream_ = NewScanStream(*this);  // it reads while it is made
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([this] { stream_->OnRead(true); });
  }

  CallOrigin origin() const override { return {authorization_, std::nullopt}; }
  bool IsCancelled() const override { return false; }

  // Reactions never run inside the call that causes them, as with gRPC.
  void Read(google::protobuf::Message& message) override {
    const std::lock_guard lock(mutex_);
    const bool more = !messages_.empty();
    if (more) {
      message.CopyFrom(messages_.front());
      read_bytes = messages_.front().ByteSizeLong();
      messages_.pop_front();
    }
    if (stream_) threads_.emplace_back([this, more] { stream_->OnRead(more); });
  }
  void Write(const google::protobuf::Message& message) override {
    const std::lock_guard lock(mutex_);
    const auto& answer = dynamic_cast<const v1::ScanStreamResponse&>(message);
    std::string reason = "OK";
    if (answer.has_error()) {
      google::rpc::ErrorInfo info;
      for (const auto& detail : answer.error().details())
        if (detail.UnpackTo(&info)) reason = info.reason();
    }
    answers_.push_back(answer.request_id() + " " + reason);
    threads_.emplace_back([this] { stream_->OnWritten(true); });
    changed_.notify_all();
  }
  void WriteAndFinish(const google::protobuf::Message& message) override { Write(message); }
  void Finish(const Status& status) override {
    refusal_ = status ? "" : ReasonName(status.error().reason);
    End();
  }
  void FinishCancelled() override { End(); }

  std::vector<std::string> AnswersWhen(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answers_.size() >= count; });
    return answers_;
  }
  // What it was finished with before it was opened; empty: nothing.
  const std::string& refusal() const { return refusal_; }
  void WaitUntilFinished() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return finished_; });
  }

 private:
  void End() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }

  const std::string authorization_;
  std::string refusal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::ScanStreamRequest> messages_;
  std::vector<std::string> answers_;
  bool finished_ = false;
  std::unique_ptr<Stream> stream_;
  std::deque<std::thread> threads_;
};

class ScanStreamTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  v1::ScanStreamRequest Message(const std::string& id) {
    v1::ScanStreamRequest message;
    *message.mutable_scan() = calls_.Sale(id);
    return message;
  }
  // Allowed, and larger than what may wait.
  v1::ScanStreamRequest Large(const std::string& id) {
    v1::ScanStreamRequest message = Message(id);
    auto& receipt = *message.mutable_scan()->mutable_receipt();
    for (int i = 0; i < 400; ++i) {
      auto& line = *receipt.add_lines();
      line.set_line_id(std::to_string(i + 1));
      for (int n = 0; n < 4; ++n) line.add_category_ids(std::string(64, static_cast<char>('a' + n)));
      line.set_amount_minor(i == 0 ? 1'000 : 0);
    }
    EXPECT_GT(message.ByteSizeLong(), 64U << 10);
    return message;
  }

  test::CallWorld calls_{GetParam(), {.capacity = 5}};
};
INSTANTIATE_TEST_SUITE_P(Engines, ScanStreamTest, test::kBothEngines, test::EngineName);

TEST_P(ScanStreamTest, ASmallMessageWaitsForRoomAndALargeOneIsSentBack) {
  const auto release = calls_.Occupy();
  // Four places are left, three of them for streams; the first large one comes when they are taken.
  PlainStream stream(calls_.deps(), {Message("first-one"), Message("second-one"), Message("third-one"),
                                     Large("large-one"), Message("fourth-one")});
  stream.Open();
  EXPECT_THAT(stream.AnswersWhen(1), ::testing::ElementsAre("large-one QUEUE_FULL"));
  release->set_value();
  EXPECT_THAT(stream.AnswersWhen(5), ::testing::UnorderedElementsAre("large-one QUEUE_FULL", "first-one OK",
                                                                     "second-one OK", "third-one OK", "fourth-one OK"));
  stream.WaitUntilFinished();
}

TEST_P(ScanStreamTest, WhoMayNotScanIsRefusedBeforeTheStreamBegins) {
  const Method& method = test::MethodOf("loyalty.v1.TerminalService.ScanStream");
  PlainStream nobody(calls_.deps(), {Message("first-one")}, "Bearer nobody");
  EXPECT_EQ(Open(method, nobody, v1::ScanStreamRequest()), nullptr);
  EXPECT_EQ(nobody.refusal(), "UNAUTHENTICATED");
  PlainStream till(calls_.deps(), {Message("first-one")});
  EXPECT_NE(Open(method, till, v1::ScanStreamRequest()), nullptr);
  EXPECT_EQ(till.refusal(), "");
}

TEST_P(ScanStreamTest, ALargeMessageThatFitsIsRecorded) {
  PlainStream stream(calls_.deps(), {Large("large-one"), Message("first-one")});
  stream.Open();
  EXPECT_THAT(stream.AnswersWhen(2), ::testing::UnorderedElementsAre("large-one OK", "first-one OK"));
  stream.WaitUntilFinished();
}

// As alone: whoever asks for numbers is counted, and whoever sells is not.
TEST_P(ScanStreamTest, LookupsAreCountedAndSalesAreNot) {
  storage::PrincipalRow row;
  row.name = "keys/till";
  row.role = Role::kTerminal;
  row.store_id = test::kNorth;
  row.terminal_id = 1;
  calls_.AddKey(calls_.AddPrincipal(row).id, "real-till");
  calls_.Refresh();
  std::vector<v1::ScanStreamRequest> messages;
  for (int i = 0; i < 32; ++i) {
    const std::string id = "number-" + std::to_string(100 + i);
    messages.push_back(Message(id + "-sale"));
    messages.back().mutable_scan()->mutable_identifier()->set_phone("+493010001" + std::to_string(100 + i));
    messages.push_back(Message(id + "-ask"));
    messages.back().mutable_scan()->clear_receipt();
    messages.back().mutable_scan()->mutable_identifier()->set_phone("+493020001" + std::to_string(100 + i));
  }
  PlainStream stream(calls_.deps(), messages, "Bearer real-till");
  stream.Open();
  const auto answers = stream.AnswersWhen(64);
  EXPECT_THAT(answers, ::testing::IsSupersetOf({"number-130-ask LOOKUP_LIMIT", "number-131-ask LOOKUP_LIMIT"}));
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(), [](const auto& one) { return one.ends_with(" OK"); }), 62);
  stream.WaitUntilFinished();
}

}  // namespace
}  // namespace loyalty
