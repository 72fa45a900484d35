#include "services/rpc/scan_stream.h"

#include <deque>
#include <mutex>

#include "services/rpc/scan_codec.h"
#include "services/rpc/status.h"
#include "services/write_queue.h"

namespace loyalty {
namespace {

// The same method name as Scan: a scan that was sent alone may be sent again on a stream.
constexpr std::string_view kHashedAs = "loyalty.v1.TerminalService.Scan";

class ScanStream : public grpc::ServerBidiReactor<v1::ScanStreamRequest, v1::ScanStreamResponse> {
 public:
  ScanStream(const Deps& deps, const grpc::CallbackServerContext& context) : deps_(deps), context_(context) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Change([this] { closed_ = true; });
    {
      const std::lock_guard lock(mutex_);
      ++in_work_;
    }
    Accept();
    const std::lock_guard lock(mutex_);
    paused_ = in_work_ >= kStreamWindow;
    if (!paused_) StartRead(&request_);
  }

  void OnWriteDone(bool ok) override {
    Change([this, ok] {
      writing_ = false;
      broken_ = broken_ || !ok;
      answers_.pop_front();
      WriteNext();
    });
  }

  void OnDone() override { delete this; }

 private:
  // Every message is a call of its own: a key that is revoked stops working on an open stream too.
  void Accept() {
    const std::string request_id = request_.scan().request_id();
    const auto call = EnterCall(context_, "loyalty.v1.TerminalService.ScanStream", deps_);
    if (!call) return Refuse(request_id, call.error());
    auto command = ToScan(*call, request_.scan());
    if (!command) return Refuse(request_id, command.error());
    if (const Status ok = FillCommand(*call, kHashedAs, request_.scan(), *command); !ok)
      return Refuse(request_id, ok.error());
    const Status queued =
        deps_.queue.Submit(std::move(*command), [this, request_id, snapshot = call->snapshot](Result<Answer> answer) {
          if (!answer) return Refuse(request_id, ForCaller(answer.error()));
          v1::ScanStreamResponse response;
          response.set_request_id(request_id);
          response.set_replayed(answer->replayed);
          FillScan(*answer, *snapshot, deps_.clock(), *response.mutable_response());
          Reply(std::move(response));
        });
    if (!queued) Refuse(request_id, queued.error());
  }

  void Refuse(const std::string& request_id, const Error& error) {
    v1::ScanStreamResponse response;
    response.set_request_id(request_id);
    *response.mutable_error() = ToRpcStatus(error);
    Reply(std::move(response));
  }

  void Reply(v1::ScanStreamResponse response) {
    Change([this, &response] {
      answers_.push_back(std::move(response));
      --in_work_;
      WriteNext();
      if (paused_ && in_work_ < kStreamWindow) {  // the window was full and has room again
        paused_ = false;
        StartRead(&request_);
      }
    });
  }

  // Changes the state, and finishes when nothing is left to do. Finish comes last and outside the lock: OnDone may
  // delete this object at once.
  template <typename Body>
  void Change(Body body) {
    {
      const std::lock_guard lock(mutex_);
      body();
      if (finished_ || !closed_ || in_work_ > 0 || writing_ || !answers_.empty()) return;
      finished_ = true;
    }
    Finish(grpc::Status::OK);
  }

  void WriteNext() {
    if (writing_) return;
    if (broken_) answers_.clear();
    if (answers_.empty()) return;
    writing_ = true;
    StartWrite(&answers_.front());
  }

  const Deps& deps_;
  const grpc::CallbackServerContext& context_;
  v1::ScanStreamRequest request_;
  std::mutex mutex_;                            // guards everything below
  std::deque<v1::ScanStreamResponse> answers_;  // the front one is being written while writing_
  int in_work_ = 0;
  bool paused_ = false;  // no read is under way because the window is full
  bool writing_ = false;
  bool closed_ = false;
  bool broken_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerBidiReactor<v1::ScanStreamRequest, v1::ScanStreamResponse>* NewScanStream(
    const Deps& deps, const grpc::CallbackServerContext& context) {
  return new ScanStream(deps, context);
}

}  // namespace loyalty
