#include "tests/bench/stream_load.h"

#include <chrono>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "loyalty/v1/terminal_service.grpc.pb.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

struct Streamed {
  std::int64_t answered = 0;  // in time
  std::int64_t late = 0;
  std::string failure;
  int broken = 0;  // streams
};

constexpr int kBrokenMax = 2;  // of one caller

// One stream until `end`, or until it breaks.
void RunStream(const LoadPlan& plan, const std::shared_ptr<grpc::Channel>& channel, Clock::time_point end,
               Streamed& streamed) {
  const auto stub = v1::TerminalService::NewStub(channel);
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + plan.key);
  const auto stream = stub->ScanStream(&context);
  std::thread reader([&] {
    v1::ScanStreamResponse response;
    while (stream->Read(&response)) {
      if (response.has_error()) streamed.failure = response.error().message();
      ++(Clock::now() < end ? streamed.answered : streamed.late);
    }
  });
  v1::ScanStreamRequest request;
  while (Clock::now() < end) {
    *request.mutable_scan() = plan.request(NextRequest()++);
    if (!stream->Write(request)) break;
  }
  stream->WritesDone();
  reader.join();
  const grpc::Status status = stream->Finish();
  if (status.ok()) return;
  ++streamed.broken;
  std::cerr << "  a stream broke: " << status.error_message() << "\n";
  if (streamed.broken > kBrokenMax) streamed.failure = status.error_message();
}

// As a till: when a stream breaks, another one.
void RunStreams(const LoadPlan& plan, const std::shared_ptr<grpc::Channel>& channel, Clock::time_point end,
                Streamed& streamed) {
  do {
    RunStream(plan, channel, end, streamed);
  } while (streamed.failure.empty() && Clock::now() < end);
}

}  // namespace

Turn RunStreams(const LoadPlan& plan, pid_t server) {
  std::vector<Streamed> streamed(plan.channels.size());
  std::vector<std::thread> threads;
  const UsageMeter meter({server});
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan.seconds));
  for (std::size_t i = 0; i < plan.channels.size(); ++i)
    threads.emplace_back([&, i] { RunStreams(plan, plan.channels[i], end, streamed[i]); });
  for (auto& thread : threads) thread.join();
  const Usage usage = meter.Stop();
  std::int64_t answered = 0, all = 0;
  for (const Streamed& one : streamed) {
    if (!one.failure.empty()) throw std::runtime_error("a stream was refused: " + one.failure);
    answered += one.answered;
    all += one.answered + one.late;
  }
  return {.per_second = static_cast<double>(answered) / plan.seconds,
          .server_us = usage.cpu_seconds * 1e6 / static_cast<double>(all)};
}

}  // namespace loyalty::test
