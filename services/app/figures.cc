#include "services/app/figures.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "storage/figures.h"

namespace loyalty {
namespace {

constexpr std::chrono::seconds kLook{2};
constexpr Instant kSumEvery = kHour;
// A million members take seconds of reading; with these it is less than a tenth of a processor.
constexpr int kPage = 2'000;
constexpr std::chrono::milliseconds kPause{50};

constexpr double Seconds(Instant time) { return static_cast<double>(time) / static_cast<double>(kSecond); }

void AddEnd(Ends& ends, Instant end, Instant now) {
  ends.first_seconds = std::min(ends.first_seconds, Seconds(end - now));
  if (end - now <= kEndsSoonDays * 24 * kHour) ++ends.soon;
}

// All states, so that each has its line from the start.
constexpr std::array<std::pair<storage::JobState, const char*>, 6> kJobStates{{
    {storage::JobState::kQueued, "queued"},
    {storage::JobState::kRunning, "running"},
    {storage::JobState::kCancelling, "cancelling"},
    {storage::JobState::kSucceeded, "succeeded"},
    {storage::JobState::kFailed, "failed"},
    {storage::JobState::kCancelled, "cancelled"},
}};

constexpr std::array<std::pair<AlertKind, const char*>, 3> kAlertKinds{
    {{AlertKind::kEarning, "earning"}, {AlertKind::kRedemption, "redemption"}, {AlertKind::kLookup, "lookup"}}};

}  // namespace

Figures::Figures(storage::DatabaseUrl url, const SnapshotHolder& snapshots, std::function<Instant()> clock)
    : url_(std::move(url)), snapshots_(snapshots), clock_(std::move(clock)), looks_(kLook, [this] { Look(); }) {}

Figures::~Figures() { stopping_ = true; }

void Figures::Recorded(std::int64_t store_id) {
  const Instant now = clock_();
  const std::lock_guard lock(mutex_);
  receipts_[store_id] = now;
}

void Figures::Look() {
  try {
    if (!session_) {
      session_ = std::make_unique<storage::Session>(url_);
      session_->KeepFewPages();
    }
    if (session_->suspect()) session_->Reconnect();
    CountOpen(*session_);
    if (!knows_receipts_) {
      const auto receipts = storage::RecentReceipts(*session_);
      const std::lock_guard lock(mutex_);
      receipts_.insert(receipts.begin(), receipts.end());  // what was recorded since is newer
      knows_receipts_ = true;
    }
    if (clock_() >= next_sum_) SumPoints(*session_);
  } catch (const std::exception& failure) {
    spdlog::debug("figures: {}", failure.what());  // health tells of a database that is away
  }
}

void Figures::CountOpen(storage::Session& session) {
  const auto counts = storage::CountJobs(session);
  const auto alerts = storage::CountOpenAlerts(session);
  const std::lock_guard lock(mutex_);
  for (const auto& [kind, name] : kAlertKinds) alerts_[name] = alerts.contains(kind) ? alerts.at(kind) : 0;
  for (const auto& [state, name] : kJobStates) jobs_[name] = counts.contains(state) ? counts.at(state) : 0;
}

void Figures::SumPoints(storage::Session& session) {
  storage::BalanceSums sums;
  auto counted = std::chrono::steady_clock::now();
  for (std::int64_t id = storage::AddBalances(session, 0, kPage, sums); id != 0;
       id = storage::AddBalances(session, id, kPage, sums)) {
    if (stopping_) return;
    std::this_thread::sleep_for(kPause);
    if (std::chrono::steady_clock::now() - counted < kLook) continue;
    CountOpen(session);  // this takes minutes where there are millions
    counted = std::chrono::steady_clock::now();
  }
  const Instant now = clock_();
  next_sum_ = now + kSumEvery;
  const std::lock_guard lock(mutex_);
  points_ = {sums.available, sums.pending, sums.held, sums.debt};
  points_time_ = now;
}

void Figures::Add(StateNow& now) const {
  const auto snapshot = snapshots_.Newest();
  const std::lock_guard lock(mutex_);
  now.jobs = jobs_;
  now.alerts = alerts_;
  for (const auto& [store_id, time] : receipts_)
    if (const auto name = snapshot->store_names.find(store_id); name != snapshot->store_names.end())
      now.last_receipt_times["stores/" + name->second] = Seconds(time);
  now.points = points_;
  now.points_time = Seconds(points_time_);
}

Ends EndsOfKeys(const Snapshot& snapshot, Instant now) {
  Ends ends;
  for (const auto& [hash, key] : snapshot.access_keys)
    if (key.expire_time != kNever) AddEnd(ends, key.expire_time, now);
  return ends;
}

Ends EndsOf(const std::vector<std::int64_t>& times, Instant now) {
  Ends ends;
  for (const std::int64_t time : times) AddEnd(ends, time * kSecond, now);
  return ends;
}

}  // namespace loyalty
