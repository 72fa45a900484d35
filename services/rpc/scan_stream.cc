#include "services/rpc/scan_stream.h"

#include <deque>
#include <mutex>
#include <optional>

#include "loyalty/v1/terminal_service.pb.h"
#include "services/queue/failure_error.h"
#include "services/queue/write_queue.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/status.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

// The same method name as Scan: a scan that was sent alone may be sent again on a stream.
constexpr std::string_view kHashedAs = "loyalty.v1.TerminalService.Scan";
// A message that finds the queue full waits where it is, outside the queue's room, unless it is larger than this: then
// its caller has to send it again. As many may wait as there are commands in the queue.
constexpr std::size_t kWaitingBytesMax = 64 << 10;  // a receipt of 500 lines has 60 kB

class ScanStream final : public Stream {
 public:
  explicit ScanStream(StreamWire& wire) : wire_(wire) { wire_.Read(request_); }

  void OnRead(bool ok) override {
    if (!ok) return Change([this] { closed_ = true; });
    {
      const std::lock_guard lock(mutex_);
      ++in_work_;
    }
    Accept();
    ReadOn();
  }

  void OnWritten(bool ok) override {
    Change([this, ok] {
      writing_ = false;
      broken_ = broken_ || !ok;
      answers_.pop_front();
      --in_work_;
      WriteNext();
    });
  }

 private:
  struct Held {
    Command command;
    std::string request_id;
    std::shared_ptr<const Snapshot> snapshot;
  };

  // Every message is a call of its own: a key that is revoked stops working on an open stream too.
  void Accept() {
    const std::string request_id = request_.scan().request_id();
    const auto call = EnterCall(wire_.origin(), wire_.method(), wire_.deps());
    if (!call) return Refuse(request_id, call.error());
    auto command = ToScan(*call, request_.scan());
    if (!command) return Refuse(request_id, command.error());
    if (const Status ok = FillCommand(*call, kHashedAs, request_.scan(), *command); !ok)
      return Refuse(request_id, ok.error());
    held_ = Held{*std::move(command), request_id, call->snapshot};
  }

  // Hands on what was read, then reads again. Whoever calls it has the reading side; it is given back by pausing, until
  // an answer of ours is written: while the window or the queue is full, the caller's messages wait where they are.
  void ReadOn() {
    if (held_) {
      if (const Status queued = Submit(*held_); !queued) {
        if (queued.error().reason == Reason::kQueueFull && !is_large() && Pause()) return;
        Refuse(held_->request_id, queued.error());
      }
      held_.reset();
    }
    if (is_large()) v1::ScanStreamRequest().Swap(&request_);  // else it keeps its memory
    const std::lock_guard lock(mutex_);
    paused_ = in_work_ >= kStreamWindow;
    if (!paused_) wire_.Read(request_);
  }

  Status Submit(Held& held) {
    const auto done = [this, request_id = held.request_id, snapshot = held.snapshot](Result<Answer> answer) {
      if (!answer) return Refuse(request_id, ForCaller(answer.error()));
      v1::ScanStreamResponse response;
      response.set_request_id(request_id);
      response.set_replayed(answer->replayed);
      FillScan(*answer, *snapshot, wire_.deps().clock(), *response.mutable_response());
      Reply(std::move(response));
    };
    if (held.command.only_decide && storage::TheGuards().quotes_read) {
      DecideSoon(wire_.deps(), held.snapshot, std::move(held.command), done);
      return Ok{};
    }
    return wire_.deps().queue.Submit(std::move(held.command), done, IsAlone() ? Sender::kCall : Sender::kStream);
  }

  bool is_large() const { return wire_.read_bytes > kWaitingBytesMax; }

  // With nothing else of ours on its way: then the room that streams leave to calls is ours too, else the other streams
  // could keep us out.
  bool IsAlone() {
    const std::lock_guard lock(mutex_);
    return in_work_ <= 1;
  }

  void Refuse(const std::string& request_id, const Error& error) {
    v1::ScanStreamResponse response;
    response.set_request_id(request_id);
    *response.mutable_error() = ToRpcStatus(error);
    Reply(std::move(response));
  }

  // False with nothing of ours on its way that would wake us.
  bool Pause() {
    const std::lock_guard lock(mutex_);
    return paused_ = in_work_ > 1;
  }

  void Reply(v1::ScanStreamResponse response) {
    Change([this, &response] {
      answers_.push_back(std::move(response));
      WriteNext();
    });
  }

  // Changes the state, then reads on if that was paused, and finishes when nothing is left to do. Finish comes last and
  // outside the lock: that may delete this object at once. While reading is paused nothing finishes.
  template <typename Body>
  void Change(Body body) {
    bool resume = false;
    {
      const std::lock_guard lock(mutex_);
      const int before = in_work_;
      body();
      resume = paused_ && in_work_ < before;
      if (resume) paused_ = false;
      if (!resume && (finished_ || !closed_ || in_work_ > 0 || writing_ || !answers_.empty())) return;
      finished_ = !resume;
    }
    if (resume) return ReadOn();
    wire_.Finish(Ok{});
  }

  void WriteNext() {
    if (writing_) return;
    if (broken_) {  // nobody listens any more
      in_work_ -= static_cast<int>(answers_.size());
      answers_.clear();
    }
    if (answers_.empty()) return;
    writing_ = true;
    wire_.Write(answers_.front());
  }

  StreamWire& wire_;
  v1::ScanStreamRequest request_;
  std::optional<Held> held_;                    // read and not in the queue; of whoever has the reading side
  std::mutex mutex_;                            // guards everything below
  std::deque<v1::ScanStreamResponse> answers_;  // the front one is being written while writing_
  int in_work_ = 0;                             // read, and the answer not yet written
  bool paused_ = false;                         // no read is under way: the window or the queue is full
  bool writing_ = false;
  bool closed_ = false;
  bool broken_ = false;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<Stream> NewScanStream(StreamWire& wire) { return std::make_unique<ScanStream>(wire); }

}  // namespace loyalty
