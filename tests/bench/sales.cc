#include "tests/bench/sales.h"

#include <fmt/format.h>

#include "clients/request_ids.h"
#include "tests/bench/shop.h"
#include "tests/e2e/caller.h"

namespace loyalty::test {
namespace {

// 20,000 sales a day.
constexpr Instant kBetween = 24 * 60 * kMinute / 20'000;

}  // namespace

Sales::Sales(const WritePath& path, std::int64_t members, RequestIds ids)
    : path_(path),
      members_(members),
      ids_(ids),
      now_(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
               .count()) {}

Command Sales::NextOne() {
  now_ += kBetween;
  v1::ScanRequest scan = TypicalScan(number_, static_cast<std::uint64_t>(members_));
  if (number_ >= static_cast<std::uint64_t>(members_))
    scan.mutable_identifier()->set_card(fmt::format("26{:08}", random_() % static_cast<std::uint64_t>(members_)));
  constexpr std::uint64_t kMillisecondsMax = (1ULL << 48U) - 1;
  std::string id = client::NewRequestId(
      ids_ == RequestIds::kByTime ? now_ / 1'000 : static_cast<std::int64_t>(random_() & kMillisecondsMax));
  if (ids_ == RequestIds::kRandom) id[14] = '4';
  scan.set_request_id(id);
  scan.set_terminal(TerminalName(1 + static_cast<int>(number_ % kTerminals)));
  scan.mutable_receipt()->mutable_business_time()->set_seconds(now_ / 1'000'000);
  ++number_;
  return path_.CommandOf(scan);
}

Sales::Batch Sales::Next(std::int64_t count) {
  Batch batch;
  while (static_cast<std::int64_t>(batch.commands.size()) < count) batch.commands.push_back(NextOne());
  batch.now = now_;
  return batch;
}

}  // namespace loyalty::test
