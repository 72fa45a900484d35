#include "clients/replay.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "clients/input_file.h"
#include "clients/names.h"
#include "clients/progress.h"
#include "clients/rejects_file.h"
#include "clients/request_ids.h"
#include "clients/scan_stream.h"
#include "clients/server_error.h"

namespace loyalty::client {
namespace {

namespace fs = std::filesystem;

fs::path RejectsPath(const ReplayOptions& options, const fs::path& state_dir) {
  if (!options.rejects.empty()) return options.rejects;
  const fs::path beside = options.file + ".rejects.csv";
  const fs::path directory = beside.has_parent_path() ? beside.parent_path() : fs::path(".");
  if (::access(directory.c_str(), W_OK) == 0) return beside;
  return state_dir / beside.filename();
}

// Counts answers and writes rejects. Streams call it from their threads.
class Ledger {
 public:
  Ledger(RejectsFile rejects, const OnTaken& on_taken, ReplaySummary& summary)
      : rejects_(std::move(rejects)), on_taken_(on_taken), summary_(summary) {}

  void Count() {
    const std::lock_guard lock(mutex_);
    ++summary_.receipts;
  }

  void Reject(const CsvReceipt& receipt, const std::string& reason, const std::string& message) {
    const std::lock_guard lock(mutex_);
    ++summary_.rejected;
    if (auto added = rejects_.Add(receipt, reason, message); !added && !failed_)
      failed_ = LocalFailure(added.error().message);
  }

  void Take(const CsvReceipt& receipt, const v1::ScanStreamResponse& answer) {
    if (answer.has_error()) {
      const ServerError error = Explain(answer.error());
      Reject(receipt, ReasonOf(error), MessageOf(error));
      return;
    }
    const std::lock_guard lock(mutex_);
    ++summary_.taken;
    if (answer.replayed()) ++summary_.replayed;
    if (answer.response().result().sale().has_till_time()) ++summary_.clock_off;
    summary_.points_earned += answer.response().result().sale().points_earned();
    for (const auto& rejection : answer.response().result().rejected())
      ++summary_.parts_rejected[ReasonText(rejection.reason())];
    if (on_taken_) on_taken_(receipt, answer.response());
  }

  std::int64_t done() {
    const std::lock_guard lock(mutex_);
    return summary_.taken + summary_.rejected;
  }
  std::int64_t read() {
    const std::lock_guard lock(mutex_);
    return summary_.receipts;
  }
  Outcome failed() {
    const std::lock_guard lock(mutex_);
    return failed_;
  }
  Outcome Close() {
    const std::lock_guard lock(mutex_);
    if (auto closed = rejects_.Close(); !closed && !failed_) failed_ = LocalFailure(closed.error().message);
    return failed_;
  }

 private:
  std::mutex mutex_;
  RejectsFile rejects_;
  const OnTaken& on_taken_;
  ReplaySummary& summary_;
  Outcome failed_;
};

// Reads to the end, or until a stream or the disk gives up.
Outcome Feed(ReceiptReader& reader, const InputFile& file, const ReplayOptions& options, const std::string& run_id,
             std::vector<std::unique_ptr<ScanStream>>& streams, Ledger& ledger, std::atomic<std::int64_t>& position) {
  for (;;) {
    auto next = reader.Next();
    if (!next) return LocalFailure(next.error().message);
    position = file.position();
    if (!next->has_value()) return {};
    CsvReceipt& receipt = **next;
    if (!options.stores.empty() && receipt.reason.empty()) {
      const auto ids = SplitTerminalName(receipt.request.terminal());
      if (!ids || options.stores.count(ids->store) == 0) continue;
    }
    ledger.Count();
    if (!receipt.reason.empty()) {
      ledger.Reject(receipt, receipt.reason, receipt.message);
    } else {
      const auto ordinal = static_cast<std::uint64_t>(receipt.index);
      receipt.request.set_request_id(DerivedRequestId(run_id, ordinal, receipt.request.SerializeAsString()));
      auto& stream = *streams[ShardOf(receipt.request, receipt.index, streams.size())];
      if (!stream.Push(std::move(receipt))) return {};  // its Finish says why
    }
    if (auto failed = ledger.failed()) return failed;
  }
}

}  // namespace

Outcome Replay(const Session& session, const ReplayOptions& options, const OnTaken& on_taken, ReplaySummary& summary) {
  summary = ReplaySummary{};
  auto file = InputFile::Open(options.file);
  if (!file) return LocalFailure(file.error().message);
  auto reader = ReceiptReader::Open([&](char* buffer, std::size_t size) { return file->Read(buffer, size); },
                                    options.zones, options.shift_days);
  if (!reader) {
    if (reader.error().reason != Reason::kInvalidArgument) return LocalFailure(reader.error().message);
    return UsageFailure(options.file + ": " + reader.error().message, "see: loyalty-till replay --help");
  }
  for (const auto& name : reader->columns().unknown())
    std::fprintf(stderr, "%s: column '%s' is not known and ignored\n", options.file.c_str(), name.c_str());

  std::error_code problem;
  const auto path = fs::weakly_canonical(options.file, problem);
  const auto run_id = session.journal().RunId("replay\n" + session.connection().server() + "\n" +
                                              session.connection().caller() + "\n" + path.string());
  if (!run_id) return LocalFailure(run_id.error().message);
  auto rejects =
      RejectsFile::Start(RejectsPath(options, session.journal().state_dir()), options.file, reader->header());
  if (!rejects) {
    if (rejects.error().reason == Reason::kInvalidArgument) return UsageFailure(rejects.error().message);
    return LocalFailure(rejects.error().message);
  }
  summary.rejects = rejects->path();

  const auto start = std::chrono::steady_clock::now();
  Ledger ledger(*std::move(rejects), on_taken, summary);
  std::atomic<std::int64_t> position = 0;
  Outcome outcome;
  {
    const Progress progress("receipts", [&] {
      ProgressState state{ledger.done(), 0};
      const std::int64_t read = ledger.read();
      // What is read but not answered counts as not done.
      if (file->size() > 0 && read > 0)
        state.fraction = static_cast<double>(position) / static_cast<double>(file->size()) *
                         static_cast<double>(state.done) / static_cast<double>(read);
      return state;
    });
    std::vector<std::unique_ptr<ScanStream>> streams;
    for (int i = 0; i < std::clamp(options.streams, 1, kStreamsMax); ++i)
      streams.push_back(std::make_unique<ScanStream>(
          session.connection(),
          [&](const CsvReceipt& receipt, const v1::ScanStreamResponse& answer) { ledger.Take(receipt, answer); }));
    outcome = Feed(*reader, *file, options, *run_id, streams, ledger, position);
    for (auto& stream : streams) {
      Outcome ended = stream->Finish();
      if (!outcome) outcome = std::move(ended);
    }
  }
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (auto failed = ledger.Close(); failed && !outcome) outcome = std::move(failed);
  if (outcome) {
    if (outcome->code == ExitCode::kUnreachable || outcome->code == ExitCode::kRefused)
      outcome->advice +=
          std::string(outcome->advice.empty() ? "" : ". ") + "The request ids are kept: the same command resumes";
    return outcome;
  }
  if (summary.rejected > 0)
    return Failure{ExitCode::kSomeRejected,
                   std::to_string(summary.rejected) + " of " + std::to_string(summary.receipts) + " receipts rejected",
                   "see " + summary.rejects.string() + "; correct it and replay it"};
  return {};
}

}  // namespace loyalty::client
