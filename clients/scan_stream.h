// One ScanStream that lives through broken connections.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "clients/connection.h"
#include "clients/failure.h"
#include "clients/retry.h"
#include "clients/send_window.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"

namespace loyalty::client {

// Sends receipts pipelined and hands back each with its answer. A stream that breaks is opened again and what is
// unanswered is sent again under the same ids. Two threads: this one writes, an inner one reads.
class ScanStream {
 public:
  // Unanswered receipts of a stream; a server takes up to 1,024. More would not be faster, only forgotten more at once.
  static constexpr std::size_t kInFlightMax = 256;

  // Called once for every receipt, from a thread of the stream: a final answer, never one that asks to come back, and
  // never that the key is not valid, with which the stream gives up.
  using OnAnswer = std::function<void(const CsvReceipt&, const v1::ScanStreamResponse&)>;

  ScanStream(const Connection& connection, OnAnswer on_answer);
  ScanStream(const ScanStream&) = delete;
  ScanStream& operator=(const ScanStream&) = delete;
  ~ScanStream();

  // Takes a receipt whose request_id is set; waits while too many wait already. False when the stream has given up.
  bool Push(CsvReceipt receipt);

  // No more receipts: waits until all are answered or the stream has given up. Call once.
  Outcome Finish();

 private:
  using Call = grpc::ClientReaderWriter<v1::ScanStreamRequest, v1::ScanStreamResponse>;

  Outcome Run();
  grpc::Status RunOnce();
  void ReadAnswers(Call& call);
  void Take(const v1::ScanStreamResponse& answer);
  bool NextToSend(v1::ScanStreamRequest& message, bool& more, grpc::ClientContext& context);

  const Connection& connection_;
  const OnAnswer on_answer_;
  const RetryPolicy policy_;
  std::unique_ptr<v1::TerminalService::Stub> stub_;

  std::mutex mutex_;
  std::condition_variable changed_;
  SendWindow window_{kInFlightMax};  // guarded by mutex_, as all below
  bool closed_ = false;              // no more Push
  bool broken_ = false;              // the current call has no more answers
  bool given_up_ = false;
  std::uint64_t answers_ = 0;
  SendWindow::Clock::time_point last_sign_of_life_;
  Outcome outcome_;

  std::thread thread_;
};

}  // namespace loyalty::client
