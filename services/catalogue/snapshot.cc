#include "services/catalogue/snapshot.h"

#include <chrono>

#include "domain/money.h"
#include "services/catalogue/catalogue_codec.h"
#include "services/catalogue/measure_codec.h"
#include "services/catalogue/plan_codec.h"
#include "storage/program.h"
#include "storage/read_transaction.h"
#include "storage/retention_runs.h"

namespace loyalty {
namespace {

constexpr std::chrono::seconds kPollInterval{1};

absl::TimeZone ZoneOf(const std::string& name) {
  auto zone = LoadZone(name);
  if (!zone) throw storage::Failure(storage::FailureKind::kOther, "time zone " + name + " is not on this machine");
  return *zone;
}

void ReadCatalogues(const std::vector<storage::CatalogueRow>& rows, Snapshot& snapshot) {
  std::vector<std::shared_ptr<const CatalogueVersion>> versions;
  for (const auto& row : rows) {
    const auto proto = ParseCatalogue(row.content);
    Result<CatalogueVersion> version =
        proto ? ToCatalogueVersion(*proto, row.version, row.effective_time) : proto.error();
    const auto plan = proto ? ToRetentionPlan(proto->retention()) : proto.error();
    if (!version || !plan)
      throw storage::Failure(storage::FailureKind::kOther,
                             "catalogue version " + std::to_string(row.version) + " cannot be read");
    versions.push_back(std::make_shared<const CatalogueVersion>(*std::move(version)));
    snapshot.plans[row.version] = std::make_shared<const RetentionPlan>(*plan);
  }
  snapshot.catalogue = Catalogue(std::move(versions));
}

// The last one stored; `known` again when it is that, for its tables take a while to compute.
std::shared_ptr<const LifecycleMeasure> ReadMeasure(storage::Session& session,
                                                    std::shared_ptr<const LifecycleMeasure> known) {
  const auto row = storage::LastRun(session, storage::RunKind::kMeasure);
  if (!row || (known && known->run_id == row->id)) return known;
  const auto measure = ParseMeasure(row->id, row->content);
  if (!measure) throw storage::Failure(storage::FailureKind::kOther, measure.error().message);
  return *measure;
}

void ReadAccessKeys(storage::Session& session, Snapshot& snapshot) {
  std::unordered_map<std::int64_t, storage::PrincipalRow> principals;
  for (auto& row : storage::ReadPrincipals(session)) principals[row.id] = std::move(row);
  for (const auto& row : storage::ReadKeys(session)) {
    const storage::PrincipalRow& principal = principals[row.principal_id];
    snapshot.access_keys[row.hash] = {row.principal_id,   static_cast<Role>(principal.kind),
                                      principal.store_id, principal.terminal_id,
                                      row.expire_time,    row.revoked_time != 0};
  }
}

std::shared_ptr<const Snapshot> ReadSnapshot(storage::Session& session,
                                             std::shared_ptr<const LifecycleMeasure> known_measure) {
  const storage::ReadTransaction transaction(session);
  const auto program = storage::ReadProgram(session);
  if (!program) throw storage::Failure(storage::FailureKind::kOther, "no program in the database: run 'loyaltyd init'");
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = program->generation;
  snapshot->currency = program->currency;
  snapshot->currency_exponent = CurrencyExponent(program->currency).value_or(2);
  snapshot->zone_name = program->time_zone;
  snapshot->language = program->language;
  snapshot->zone = ZoneOf(program->time_zone);
  ReadCatalogues(storage::ReadCatalogue(session), *snapshot);
  snapshot->measure = ReadMeasure(session, std::move(known_measure));
  for (const auto& row : storage::ReadStores(session)) {
    snapshot->store_names[row.id] = row.name;
    snapshot->stores[row.name] = {
        row.id, row.name, row.display_name, row.time_zone, row.language, ZoneOf(row.time_zone), row.day_cut_minutes};
  }
  for (auto& row : storage::ReadTerminals(session)) {
    std::string name = "stores/" + snapshot->store_names[row.store_id] + "/terminals/" + row.name;
    snapshot->terminal_names[row.id] = name;
    snapshot->terminals[std::move(name)] = {row.id, row.store_id, row.name, row.display_name, row.epoch};
  }
  ReadAccessKeys(session, *snapshot);
  for (const auto& row : storage::ReadCardRanges(session)) snapshot->card_ranges.push_back(row.range);
  return snapshot;
}

}  // namespace

bool Snapshot::InCardRange(const Identifier& identifier) const {
  if (identifier.kind != IdentifierKind::kCard) return false;
  for (const CardRange& range : card_ranges)
    if (range.Contains(identifier.text)) return true;
  return false;
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

SnapshotHolder::~SnapshotHolder() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
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

void SnapshotHolder::Refresh() {
  try {
    Reload();
  } catch (const storage::Failure&) {
    // The age of the snapshot tells; the next round connects again.
  }
}

void SnapshotHolder::Start() {
  thread_ = std::thread([this] {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      Refresh();
      lock.lock();
      wake_.wait_for(lock, kPollInterval, [this] { return stopping_; });
    }
  });
}

void SnapshotHolder::Reload() {
  const std::lock_guard<std::mutex> one(reload_mutex_);
  // Before the read: what is committed after it may be missing.
  const Instant read_time = clock_();
  if (session_.suspect()) session_.Reconnect();
  auto newest = Newest();
  const auto program = storage::ReadProgram(session_);
  if (!newest || !program || program->generation != newest->generation)
    newest = ReadSnapshot(session_, newest ? newest->measure : nullptr);
  const std::lock_guard<std::mutex> lock(mutex_);
  newest_ = std::move(newest);
  read_time_ = read_time;
}

}  // namespace loyalty
