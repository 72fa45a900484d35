#include "services/rpc/scan_stream.h"

#include <optional>

#include "loyalty/v1/terminal_service.pb.h"
#include "services/queue/failure_error.h"
#include "services/queue/write_queue.h"
#include "services/rpc/asked_for.h"
#include "services/rpc/note_receipt.h"
#include "services/rpc/required.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/status.h"
#include "services/rpc/stream_window.h"
#include "services/rpc/till_clock.h"
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
    if (!ok) return Do(window_.Close());
    window_.Begin();
    Accept();
    ReadOn();
  }

  void OnWritten(bool ok) override { Do(window_.Written(ok)); }

 private:
  using Window = StreamWindow<v1::ScanStreamResponse>;
  struct Held {
    Command command;
    std::string request_id;
    std::shared_ptr<const Snapshot> snapshot;
    std::int64_t store_id = 0;  // of the receipt; 0: none
    AskedFor asked;
    Wire::TimePoint start;
  };

  // Every message is a call of its own: a key that is revoked stops working on an open stream too.
  void Accept() {
    const std::string request_id = request_.scan().request_id();
    const auto start = std::chrono::steady_clock::now();
    const auto call = EnterCall(wire_.origin(), wire_.method(), wire_.deps());
    if (!call) return Refuse(request_id, call.error(), start);
    auto command = FillCommand(*call, kHashedAs, request_.scan(), ToScan(*call, request_.scan()));
    if (!command) {
      AddMissing(request_.scan(), command.error());
      return Refuse(request_id, command.error(), start);
    }
    auto asked = AskedFor::Count(*call, wire_.deps(), *command);
    if (!asked) return Refuse(request_id, asked.error(), start);
    NoteTillClock(wire_.deps(), *call->snapshot, *command);
    const std::int64_t store_id = StoreOfReceipt(*command);
    held_ = Held{*std::move(command), request_id, call->snapshot, store_id, *std::move(asked), start};
  }

  // Hands on what was read, then reads again, with the reading side: while the window or the queue is full it is given
  // up, and the caller's messages wait where they are.
  void ReadOn() {
    if (held_) {
      if (const Status queued = Submit(*held_); !queued) {
        if (queued.error().reason == Reason::kQueueFull && !is_large() && window_.PauseForAnswer()) return;
        Refuse(held_->request_id, queued.error(), held_->start);
      }
      held_.reset();
    }
    if (is_large()) v1::ScanStreamRequest().Swap(&request_);  // else it keeps its memory
    if (window_.MayRead()) wire_.Read(request_);
  }

  Status Submit(Held& held) {
    const auto done = [this, request_id = held.request_id, snapshot = held.snapshot, store_id = held.store_id,
                       asked = held.asked, start = held.start](Result<Answer> answer) {
      if (!answer) return Refuse(request_id, ForCaller(answer.error()), start);
      NoteReceipt(wire_.deps(), store_id, *answer);
      asked.Answered(*answer);
      wire_.TellEnd({.request_id = request_id}, start);
      v1::ScanStreamResponse response;
      response.set_request_id(request_id);
      response.set_replayed(answer->replayed);
      FillScan(*answer, *snapshot, wire_.deps().clock(), *response.mutable_response());
      Do(window_.Put(std::move(response)));
    };
    if (held.command.only_decide && storage::TheGuards().quotes_read) {
      DecideSoon(wire_.deps(), held.snapshot, std::move(held.command), done);
      return Ok{};
    }
    // Alone it has the room that streams leave to calls, else the other streams could keep it out.
    return wire_.deps().queue.Submit(std::move(held.command), done,
                                     window_.IsAlone() ? Sender::kCall : Sender::kStream);
  }

  bool is_large() const { return wire_.read_bytes > kWaitingBytesMax; }

  void Refuse(const std::string& request_id, const Error& error, Wire::TimePoint start) {
    wire_.TellEnd({.request_id = request_id, .error = &error}, start);
    v1::ScanStreamResponse response;
    response.set_request_id(request_id);
    *response.mutable_error() = ToRpcStatus(error, SpokenTo(wire_.origin(), {}, wire_.deps()));
    Do(window_.Put(std::move(response)));
  }

  // Finish may delete this object at once, and so may whoever finishes after a Write of ours.
  void Do(Window::Turn turn) {
    if (turn.write != nullptr) wire_.Write(*turn.write);
    switch (turn.then) {
      case Window::Then::kNothing: return;
      case Window::Then::kReadOn: return ReadOn();
      case Window::Then::kFinish: return wire_.Finish(Ok{});
    }
  }

  StreamWire& wire_;
  Window window_{kStreamWindow};
  v1::ScanStreamRequest request_;  // of the reading side, as the next
  std::optional<Held> held_;       // read and not in the queue
};

}  // namespace

std::unique_ptr<Stream> NewScanStream(StreamWire& wire) { return std::make_unique<ScanStream>(wire); }

}  // namespace loyalty
