#include "services/jobs/key_use.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <vector>

#include "services/catalogue/snapshot.h"
#include "services/queue/write_queue.h"
#include "storage/read_table.h"

namespace loyalty {
namespace {

using storage::KeyRow;

constexpr std::chrono::minutes kRound{1};
constexpr std::size_t kAtOnce = 256;  // keys of a transaction, in which no administrator gets through

// Under the lock of the program's row, like all that changes keys: a key that is revoked meanwhile stays so.
Step NoteDays(std::map<std::int64_t, Day> days) {
  Step step;
  step.hold = Step::Hold::kTake;
  step.lease = "key_use";
  step.holder = "any";
  step.until = 0;  // nobody keeps another server from it
  step.locks_program = true;
  step.run = [days = std::move(days)](StepView& view) -> Status {
    storage::Rows ids(1);
    for (const auto& [id, day] : days) ids.Add(id);
    for (KeyRow& row : storage::ReadRows<KeyRow>(view.session, KeyRow::table().ByKey(), ids))
      if (const Day day = days.at(row.id); row.last_use_day < day)
        view.set.of<KeyRow>().Take(std::move(row)).last_use_day = day;
    return Ok{};
  };
  return step;
}

}  // namespace

void KeyUse::Start() {
  rounds_.emplace(kRound, [this] { Look(); });
}

void KeyUse::Look() {
  Write();
  if (clock_() < told_ + kDayLength) return;
  told_ = clock_();
  if (const int ending = CountEnding(); ending > 0)
    spdlog::warn("{} keys end within 30 days: loyalty-admin keys list --ending-soon", ending);
}

void KeyUse::Write() {
  const auto snapshot = snapshots_.Newest();
  std::unordered_map<std::int64_t, Day> written;
  std::vector<std::pair<std::int64_t, Day>> news;
  for (const auto& [hash, key] : snapshot->access_keys) {
    const auto before = written_.find(key.key_id);
    const Day known = std::max(key.last_use_day, before == written_.end() ? 0 : before->second);
    written.emplace(key.key_id, known);
    if (const Day seen = key.seen_day->load(std::memory_order_relaxed); seen > known)
      news.emplace_back(key.key_id, seen);
  }
  written_ = std::move(written);  // what ended is forgotten
  for (std::size_t from = 0; from < news.size(); from += kAtOnce) {
    const std::map<std::int64_t, Day> days(
        news.begin() + static_cast<std::ptrdiff_t>(from),
        news.begin() + static_cast<std::ptrdiff_t>(std::min(news.size(), from + kAtOnce)));
    Command command;
    command.request_id = "key-use";
    command.payload = NoteDays(days);
    if (!queue_.Execute(std::move(command))) return;
    for (const auto& [id, day] : days) written_[id] = day;
  }
}

int KeyUse::CountEnding() const {
  const auto snapshot = snapshots_.Newest();
  const Instant until = clock_() + kEndingSoon;
  return static_cast<int>(
      std::count_if(snapshot->access_keys.begin(), snapshot->access_keys.end(),
                    [until](const auto& at) { return !at.second.replaced && at.second.expire_time <= until; }));
}

}  // namespace loyalty
