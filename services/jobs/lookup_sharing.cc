#include "services/jobs/lookup_sharing.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include "services/queue/write_queue.h"
#include "storage/lookup_counts.h"
#include "storage/names.h"
#include "storage/read_table.h"

namespace loyalty {
namespace {

using storage::LookupCountRow;

constexpr std::chrono::seconds kRound{1};
constexpr int kPurgedAtOnce = 256;
// Clocks of servers differ a little: a row is kept longer than it counts.
constexpr Instant kKept = 2 * Lookups::kWindow;

std::string DrawName() {
  std::int64_t bits = 0;
  randombytes_buf(&bits, sizeof bits);
  return storage::PublicName(bits);
}

// The whole number of each slot, so that a step that runs again, or did although nobody heard of it, does no harm. All
// of them under one lease: two servers purge the same rows.
Step TellCounts(const std::string& server, std::vector<Lookups::Count> counts, Instant now) {
  Step step;
  step.hold = Step::Hold::kTake;
  step.lease = "lookups";
  step.holder = "any";
  step.until = 0;  // nobody keeps another server from it
  step.run = [server, counts = std::move(counts), now](StepView& view) -> Status {
    auto& rows = view.set.of<LookupCountRow>();
    storage::Rows keys(3);
    for (const auto& count : counts)
      storage::AddKey(keys, LookupCountRow::Key{count.slot_time, count.principal, server});
    for (LookupCountRow& row : storage::ReadRows<LookupCountRow>(view.session, LookupCountRow::table().ByKey(), keys))
      rows.Take(std::move(row));
    for (const auto& count : counts) {
      if (LookupCountRow* row = rows.Find({count.slot_time, count.principal, server}); row != nullptr) {
        row->lookups = count.lookups;
      } else {
        rows.Put({count.slot_time, count.principal, server, count.lookups});
      }
    }
    for (LookupCountRow& row : storage::ReadOldLookupCounts(view.session, now - kKept, kPurgedAtOnce))
      rows.Erase(rows.Take(std::move(row)).key());
    return Ok{};
  };
  return step;
}

}  // namespace

LookupSharing::LookupSharing(const storage::DatabaseUrl& url, Lookups& lookups, WriteQueue& queue,
                             std::function<Instant()> clock)
    : url_(url), lookups_(lookups), queue_(queue), clock_(std::move(clock)), server_(DrawName()) {}

void LookupSharing::Start() {
  rounds_.emplace(kRound, [this] { Share(); });
}

void LookupSharing::Share() {
  const Instant now = clock_();
  Tell(now);
  if (lookups_.Listens(now)) Listen(now);
}

void LookupSharing::Tell(Instant now) {
  const Lookups::News news = lookups_.TakeNews(now);
  if (news.counts.empty()) return;
  Command command;
  command.request_id = "lookups";
  command.payload = TellCounts(server_, news.counts, now);
  if (queue_.Execute(std::move(command))) {
    lookups_.Told(news);
  } else {
    lookups_.NotTold(news);
  }
}

void LookupSharing::Listen(Instant now) try {
  if (!session_) session_.emplace(url_);
  std::vector<Lookups::Heard> heard;
  for (const LookupCountRow& row : storage::ReadLookupCounts(*session_, now - Lookups::kWindow - Lookups::kSlot))
    if (row.server != server_) heard.push_back({row.server, {row.slot_time, row.principal_id, row.lookups}});
  lookups_.Hear(heard);
} catch (const storage::Failure& failure) {
  session_.reset();
  spdlog::debug("look-ups at other servers are not known: {}", failure.what());
}

}  // namespace loyalty
