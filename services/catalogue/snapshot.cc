#include "services/catalogue/snapshot.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "services/catalogue/read_snapshot.h"
#include "storage/planted.h"
#include "storage/program.h"

namespace loyalty {
namespace {

constexpr std::chrono::seconds kPollInterval{1};

std::string AllOf(const std::vector<std::string>& problems) {
  std::string all;
  for (const auto& problem : problems) all += (all.empty() ? "" : "; ") + problem;
  return all;
}

}  // namespace

const std::string& Snapshot::CountryOf(std::int64_t store_id) const {
  const auto name = store_names.find(store_id);
  const auto store = name == store_names.end() ? stores.end() : stores.find(name->second);
  return store == stores.end() || store->second.country.empty() ? country : store->second.country;
}

const std::string& Snapshot::TerminalName(std::int64_t terminal_id) const {
  static const std::string kUnknown;
  const auto at = terminal_names.find(terminal_id);
  return at == terminal_names.end() ? kUnknown : at->second;
}

std::int64_t Snapshot::StoreOf(std::int64_t terminal_id) const {
  const auto at = terminals.find(TerminalName(terminal_id));
  return at == terminals.end() ? 0 : at->second.store_id;
}

bool Snapshot::InCardRange(const Identifier& identifier) const {
  if (identifier.kind != IdentifierKind::kCard) return false;
  for (const CardRange& range : card_ranges)
    if (range.Contains(identifier.text)) return true;
  return false;
}

Error Snapshot::Unreadable() const {
  return Error{Reason::kCatalogueStale,
               "this server cannot read all that it needs: " + AllOf(problems) +
                   "; send the same request again, to another server",
               {}};
}

Status Snapshot::Prices(Instant now) const {
  for (const auto& [version, effective_time] : unreadable)
    if (effective_time <= now) return Unreadable();
  return Ok{};
}

const RetentionPlan& Snapshot::PlanAt(Instant now) const {
  static const RetentionPlan kDefault;
  const auto at = plans.find(catalogue.InForceAt(now).version);
  return at == plans.end() ? kDefault : *at->second;
}

SnapshotHolder::SnapshotHolder(const storage::DatabaseUrl& url, std::function<Instant()> clock)
    : clock_(std::move(clock)), session_(url) {
  Reload();
}

Result<std::shared_ptr<const Snapshot>> SnapshotHolder::Get() const {
  const Instant now = clock_();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (now - read_time_ > kSnapshotAgeMax)
    return Error{Reason::kCatalogueStale, "the database has been away; repeat with the same request id", {}};
  return newest_;
}

std::shared_ptr<const Snapshot> SnapshotHolder::Newest() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return newest_;
}

Instant SnapshotHolder::Age() const {
  const Instant now = clock_();
  const std::lock_guard<std::mutex> lock(mutex_);
  return now - read_time_;
}

bool SnapshotHolder::IsFresh() const { return Age() <= kSnapshotAgeMax; }

bool SnapshotHolder::IsWhole() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return newest_->problems.empty();
}

void SnapshotHolder::Refresh() {
  storage::CountUnlocked(storage::Place::kSnapshot);
  try {
    Reload();
    Tell(AllOf(Newest()->problems));
  } catch (const std::exception& failure) {
    // The age of the snapshot tells callers; the next round connects again.
    Tell(failure.what());
  }
}

// The same problem comes once a second.
void SnapshotHolder::Tell(const std::string& problem) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (problem == problem_) return;
    problem_ = problem;
  }
  if (problem.empty()) {
    spdlog::info("the rules of the program are read again");
  } else {
    spdlog::error("the rules of the program cannot be read: {}", problem);
  }
}

void SnapshotHolder::Start() {
  rounds_.emplace(kPollInterval, [this] { Refresh(); });
}

void SnapshotHolder::Reload() {
  const std::lock_guard<std::mutex> one(reload_mutex_);
  // Before the read: what is committed after it may be missing.
  const Instant read_time = clock_();
  if (session_.suspect()) session_.Reconnect();
  auto newest = Newest();
  const auto program = storage::ReadProgram(session_);
  // What could not be read is tried again: a time zone may have been installed.
  if (!newest || !program || program->generation != newest->generation || !newest->problems.empty())
    newest = ReadSnapshot(session_, newest.get(), read_time);
  const std::lock_guard<std::mutex> lock(mutex_);
  newest_ = std::move(newest);
  read_time_ = read_time;
}

}  // namespace loyalty
