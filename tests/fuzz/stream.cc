#include "tests/fuzz/stream.h"

#include <deque>
#include <functional>
#include <stdexcept>

namespace loyalty::fuzz {
namespace {

using Handler = grpc::ServerBidiReactor<v1::ScanStreamRequest, v1::ScanStreamResponse>;

// gRPC's side of a stream. Reactions never run inside the call that causes them, as with gRPC.
class Stream final : public grpc::ServerCallbackReaderWriter<v1::ScanStreamRequest, v1::ScanStreamResponse> {
 public:
  Stream(Handler& handler, const v1::ScanStreamRequest& request) : handler_(handler), request_(request) {}

  void Run() {
    BindReactor(&handler_);
    while (!reactions_.empty()) {
      const std::function<void()> reaction = std::move(reactions_.front());
      reactions_.pop_front();
      reaction();
    }
    if (!finished_) throw std::logic_error("the handler has not ended the stream");
    handler_.OnDone();  // deletes it
  }

  const std::deque<v1::ScanStreamResponse>& answers() const { return answers_; }

  void Read(v1::ScanStreamRequest* message) override {
    const bool first = !read_;
    read_ = true;
    if (first) *message = request_;
    reactions_.push_back([this, first] { handler_.OnReadDone(first); });
  }

  void Write(const v1::ScanStreamResponse* message, grpc::WriteOptions) override {
    answers_.push_back(*message);
    reactions_.push_back([this] { handler_.OnWriteDone(true); });
  }

  void WriteAndFinish(const v1::ScanStreamResponse* message, grpc::WriteOptions options, grpc::Status status) override {
    Write(message, options);
    Finish(std::move(status));
  }

  void Finish(grpc::Status) override { finished_ = true; }

  void SendInitialMetadata() override {}

 private:
  grpc::internal::ServerReactor* reactor() override { return &handler_; }
  void CallOnDone() override {}

  Handler& handler_;
  const v1::ScanStreamRequest& request_;
  bool read_ = false;
  std::deque<v1::ScanStreamResponse> answers_;
  std::deque<std::function<void()>> reactions_;
  bool finished_ = false;
};

}  // namespace

v1::ScanStreamResponse OneOnStream(Handler& handler, const v1::ScanStreamRequest& request) {
  Stream stream(handler, request);
  stream.Run();
  if (stream.answers().size() != 1) throw std::logic_error("a message of a stream was not answered once");
  return stream.answers().front();
}

}  // namespace loyalty::fuzz
