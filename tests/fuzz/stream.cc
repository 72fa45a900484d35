#include "tests/fuzz/stream.h"

#include <deque>
#include <functional>
#include <stdexcept>

namespace loyalty::fuzz {
namespace {

using google::protobuf::Message;

// The transport's side of a stream. Reactions never run inside the call that causes them, as with gRPC.
class FuzzStream final : public StreamWire {
 public:
  FuzzStream(const loyalty::Method& method, const Deps& deps, const std::string& authorization, const Message& request,
             Message& response)
      : StreamWire(deps, method.name),
        authorization_(authorization),
        request_(request),
        response_(response),
        stream_(method.open(*this, request)) {}

  void Run() {
    while (!reactions_.empty()) {
      const std::function<void()> reaction = std::move(reactions_.front());
      reactions_.pop_front();
      reaction();
    }
    if (!finished_) throw std::logic_error("the handler has not ended the stream");
    if (answers_ != 1) throw std::logic_error("a message of a stream was not answered once");
  }

  CallOrigin origin() const override { return {authorization_, std::nullopt}; }
  bool IsCancelled() const override { return false; }

  void Read(Message& message) override {
    const bool first = !read_;
    read_ = true;
    if (first) message.CopyFrom(request_);
    reactions_.push_back([this, first] { stream_->OnRead(first); });
  }
  void Write(const Message& message) override {
    ++answers_;
    response_.CopyFrom(message);
    reactions_.push_back([this] { stream_->OnWritten(true); });
  }
  void WriteAndFinish(const Message& message) override {
    Write(message);
    finished_ = true;
  }
  void Finish(const Status&) override { finished_ = true; }
  void FinishCancelled() override { finished_ = true; }

 private:
  const std::string& authorization_;
  const Message& request_;
  Message& response_;
  bool read_ = false;
  int answers_ = 0;
  std::deque<std::function<void()>> reactions_;
  bool finished_ = false;
  const std::unique_ptr<Stream> stream_;  // last: it reads when it is made
};

}  // namespace

void OneOnStream(const loyalty::Method& method, const Deps& deps, const std::string& authorization,
                 const Message& request, Message& response) {
  FuzzStream(method, deps, authorization, request, response).Run();
}

}  // namespace loyalty::fuzz
