#include "clients/generate/generate.h"

#include <atomic>
#include <optional>

#include "clients/generate/writer.h"
#include "clients/generate/year.h"
#include "clients/progress.h"

namespace loyalty::client {
namespace {

Outcome Failed(const Error& error) { return LocalFailure(error.message); }

Outcome WriteTruth(const Year& year, OutputFile& file) {
  file.text() += TruthHeader();
  std::int64_t number = 0;
  for (const Member& member : year.members()) {
    AppendTruth(number++, member, file.text());
    if (auto drained = file.Drain(); !drained) return Failed(drained.error());
  }
  if (auto finished = file.Finish(); !finished) return Failed(finished.error());
  return {};
}

}  // namespace

Outcome WriteYear(const Population& population, const std::filesystem::path& receipts,
                  const std::filesystem::path& truth, GeneratedYear& written) {
  // Both are opened first: a place that cannot be written is told at once.
  auto receipts_file = OutputFile::Create(receipts);
  if (!receipts_file) return Failed(receipts_file.error());
  std::optional<OutputFile> truth_file;
  if (!truth.empty()) {
    auto created = OutputFile::Create(truth);
    if (!created) return Failed(created.error());
    truth_file.emplace(*std::move(created));
  }
  Year year(population);
  std::atomic<std::int64_t> done{0};
  std::atomic<int> days{0};
  receipts_file->text() += ReceiptsHeader();
  Status drained = Ok{};
  const auto take = [&](const GeneratedReceipt& receipt) {
    AppendReceipt(receipt, receipts_file->text());
    if (drained) drained = receipts_file->Drain();
    ++done;
    written.rows += static_cast<std::int64_t>(receipt.lines.size());
  };
  {
    const Progress progress("receipts", [&] {
      return ProgressState{done, static_cast<double>(days) / population.days};
    });
    while (drained && year.NextDay(take)) ++days;
  }
  if (!drained) return Failed(drained.error());
  written.receipts = done;
  if (truth_file)
    if (auto failed = WriteTruth(year, *truth_file)) return failed;
  if (auto finished = receipts_file->Finish(); !finished) return Failed(finished.error());
  return {};
}

}  // namespace loyalty::client
