#include "clients/scan_stream.h"

#include <algorithm>
#include <utility>

#include "clients/server_error.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kWaitingMax = 512;  // twice the window: the reader of the file is never what the stream waits for
// Deadline of one call; a longer replay opens its stream anew. Far above what a load balancer lets live.
constexpr std::chrono::minutes kCallLifetime{60};
// A stream that owes answers and gives none for this long is taken for dead.
constexpr std::chrono::seconds kSilenceMax{30};

using Clock = SendWindow::Clock;

}  // namespace

ScanStream::ScanStream(const Connection& connection, OnAnswer on_answer)
    : connection_(connection),
      on_answer_(std::move(on_answer)),
      policy_(),
      stub_(v1::TerminalService::NewStub(connection.channel())),
      thread_([this] {
        Outcome outcome = Run();
        const std::lock_guard lock(mutex_);
        given_up_ = outcome.has_value();
        outcome_ = std::move(outcome);
        changed_.notify_all();
      }) {}

ScanStream::~ScanStream() {
  if (thread_.joinable()) (void)Finish();
}

bool ScanStream::Push(CsvReceipt receipt) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return given_up_ || window_.waiting() < kWaitingMax; });
  if (given_up_) return false;
  window_.Add(std::move(receipt));
  changed_.notify_all();
  return true;
}

Outcome ScanStream::Finish() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  thread_.join();
  return outcome_;
}

Outcome ScanStream::Run() {
  for (int failures = 0;;) {
    std::uint64_t answers_before = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closed_ || !window_.empty(); });
      if (window_.empty()) return {};
      answers_before = answers_;
    }
    const grpc::Status status = RunOnce();
    {
      const std::lock_guard lock(mutex_);
      if (outcome_) return outcome_;
      if (closed_ && window_.empty()) return {};
      window_.StreamBroke();
      failures = answers_ > answers_before ? 1 : failures + 1;
    }
    ServerError error = Explain(status);
    // A server that shuts down ends its streams well or cancels them, as we cancel a silent one.
    if (status.ok() || error.code == grpc::StatusCode::CANCELLED) error.code = grpc::StatusCode::UNAVAILABLE;
    if (!IsRetryable(error, true) || failures >= policy_.attempts_max) return ToFailure(error, "scan stream");
    connection_.Wait(Backoff(policy_, failures, error.retry_delay, RandomUnit()));
  }
}

grpc::Status ScanStream::RunOnce() {
  grpc::ClientContext context;
  connection_.Prepare(context, kCallLifetime);
  const auto call = stub_->ScanStream(&context);
  {
    const std::lock_guard lock(mutex_);
    broken_ = false;
    last_sign_of_life_ = Clock::now();
  }
  std::thread reader([&] { ReadAnswers(*call); });
  v1::ScanStreamRequest message;
  bool more = false;
  while (NextToSend(message, more, context)) {
    grpc::WriteOptions options;
    if (more) options.set_buffer_hint();  // the next one follows at once: one packet for many
    if (!call->Write(message, options)) break;
  }
  call->WritesDone();
  reader.join();
  return call->Finish();
}

void ScanStream::ReadAnswers(Call& call) {
  v1::ScanStreamResponse answer;
  while (call.Read(&answer)) Take(answer);
  const std::lock_guard lock(mutex_);
  broken_ = true;
  changed_.notify_all();
}

void ScanStream::Take(const v1::ScanStreamResponse& answer) {
  std::optional<CsvReceipt> receipt;
  {
    const std::lock_guard lock(mutex_);
    last_sign_of_life_ = Clock::now();
    if (answer.has_error()) {
      const ServerError error = Explain(answer.error());
      // The key is dead, the receipt is not at fault: nothing that follows would fare better.
      if (error.code == grpc::StatusCode::UNAUTHENTICATED) {
        if (!outcome_) outcome_ = ToFailure(error, "scan stream");
        changed_.notify_all();
        return;
      }
      if (IsRetryable(error, true)) {
        const auto wait = Backoff(policy_, 1, error.retry_delay, RandomUnit());
        if (window_.SendAgain(answer.request_id(), Clock::now() + wait) >= policy_.attempts_max)
          outcome_ = ToFailure(error, "scan stream");
        changed_.notify_all();
        return;
      }
    }
    receipt = window_.Answered(answer.request_id());
    ++answers_;
    changed_.notify_all();
  }
  if (receipt) on_answer_(*receipt, answer);
}

// Waits for something to send. False when the call is over: all is answered, it is broken, or it must be given up.
// `more`: another one can follow at once.
bool ScanStream::NextToSend(v1::ScanStreamRequest& message, bool& more, grpc::ClientContext& context) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (outcome_) context.TryCancel();
    if (broken_ || outcome_ || (closed_ && window_.empty())) return false;
    const auto now = Clock::now();
    if (window_.CanSend(now)) {
      *message.mutable_scan() = window_.SendNext();
      more = window_.CanSend(now);
      changed_.notify_all();  // there is room for a Push
      return true;
    }
    const auto dead_at = last_sign_of_life_ + kSilenceMax;
    if (window_.in_flight() > 0 && now >= dead_at) {
      context.TryCancel();
      return false;
    }
    if (window_.in_flight() == 0) last_sign_of_life_ = now;
    changed_.wait_until(lock, std::min(now + kSilenceMax, std::max(window_.PausedUntil().value_or(dead_at), now)));
  }
}

}  // namespace loyalty::client
