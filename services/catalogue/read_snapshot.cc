#include "services/catalogue/read_snapshot.h"

#include "domain/money.h"
#include "services/catalogue/catalogue_codec.h"
#include "services/catalogue/measure_codec.h"
#include "services/catalogue/plan_codec.h"
#include "storage/program.h"
#include "storage/read_transaction.h"
#include "storage/retention_runs.h"

namespace loyalty {
namespace {

std::string NoZone(const std::string& name) { return "time zone " + name + " is not on this machine: install tzdata"; }

// Versions never change: those that are known are not read again, also those that are known to be unreadable.
void ReadCatalogues(storage::Session& session, const Snapshot* known, Snapshot& snapshot) {
  std::vector<std::shared_ptr<const CatalogueVersion>> versions;
  if (known != nullptr) {
    versions = known->catalogue.versions();
    snapshot.plans = known->plans;
    snapshot.unreadable = known->unreadable;
    snapshot.last_version = known->last_version;
  }
  for (const auto& row : storage::ReadCataloguesAfter(session, snapshot.last_version)) {
    snapshot.last_version = row.version;
    const auto proto = ParseCatalogue(row.content);
    Result<CatalogueVersion> version =
        proto ? ToCatalogueVersion(*proto, row.version, row.effective_time) : proto.error();
    const auto plan = proto ? ToRetentionPlan(proto->retention()) : proto.error();
    if (!version || !plan) {
      snapshot.unreadable[row.version] = row.effective_time;
      continue;
    }
    versions.push_back(std::make_shared<const CatalogueVersion>(*std::move(version)));
    snapshot.plans[row.version] = std::make_shared<const RetentionPlan>(*plan);
  }
  snapshot.catalogue = Catalogue(std::move(versions));
  for (const auto& [version, effective_time] : snapshot.unreadable)
    snapshot.problems.push_back("catalogue version " + std::to_string(version) +
                                " was written by a newer loyaltyd: run that one here too");
}

// The last one stored; the known one again when it is that, for its tables take a while to compute.
void ReadMeasure(storage::Session& session, const Snapshot* known, Snapshot& snapshot) {
  if (known != nullptr) snapshot.measure = known->measure;
  const auto row = storage::LastRun(session, storage::RunKind::kMeasure);
  if (!row || (snapshot.measure && snapshot.measure->run_id == row->id)) return;
  if (auto measure = ParseMeasure(row->id, row->content)) {
    snapshot.measure = *std::move(measure);
  } else {
    snapshot.problems.push_back(measure.error().message);
  }
}

void ReadPlaces(storage::Session& session, Snapshot& snapshot) {
  for (const auto& row : storage::ReadStores(session)) {
    snapshot.store_names[row.id] = row.name;
    if (const auto zone = LoadZone(row.time_zone)) {
      snapshot.stores[row.name] = {row.id,
                                   row.name,
                                   row.display_name,
                                   row.time_zone,
                                   row.language,
                                   *zone,
                                   row.day_cut_minutes,
                                   row.country,
                                   row.operators_required};
    } else {
      snapshot.problems.push_back("store " + row.name + ": " + NoZone(row.time_zone));
    }
  }
  std::unordered_map<std::int64_t, std::vector<EpochStart>> epochs;
  for (const auto& row : storage::ReadTerminalEpochs(session))
    epochs[row.terminal_id].push_back({row.epoch, row.start_time, row.create_time});
  for (auto& row : storage::ReadTerminals(session)) {
    std::string name = "stores/" + snapshot.store_names[row.store_id] + "/terminals/" + row.name;
    snapshot.terminal_names[row.id] = name;
    snapshot.terminals[std::move(name)] = {row.id,           row.store_id, row.name,
                                           row.display_name, row.epoch,    std::move(epochs[row.id])};
  }
  for (const auto& row : storage::ReadCardRanges(session)) snapshot.card_ranges.push_back(row.range);
}

void ReadKeys(storage::Session& session, const Snapshot* known, Instant now, Snapshot& snapshot) {
  for (auto& key : storage::ReadLiveKeys(session, now)) {
    KeyInfo info;
    info.principal_id = key.principal_id;
    info.role = key.role;
    info.store_id = key.store_id;
    info.terminal_id = key.terminal_id;
    info.expire_time = key.expire_time;
    info.principal = std::move(key.principal);
    info.key_id = key.id;
    info.replaced = key.replaced;
    info.last_use_day = key.last_use_day;
    if (known != nullptr)
      if (const auto before = known->access_keys.find(key.hash); before != known->access_keys.end())
        info.seen_day = before->second.seen_day;
    if (!info.seen_day) info.seen_day = std::make_shared<std::atomic<Day>>(key.last_use_day);
    snapshot.access_keys[std::move(key.hash)] = std::move(info);
  }
}

// Behind the terminals. A code without the principal of its terminal would be of nobody; there is none.
void ReadCodes(storage::Session& session, Instant now, Snapshot& snapshot) {
  const auto rows = storage::ReadLiveCodes(session, now, now - kCodeReplay);
  if (rows.empty()) return;
  std::unordered_map<std::int64_t, std::int64_t> principals;  // by terminal
  for (const auto& row : storage::ReadPrincipals(session))
    if (row.terminal_id != 0) principals[row.terminal_id] = row.id;
  for (const auto& row : rows)
    if (const auto principal = principals.find(row.terminal_id); principal != principals.end())
      snapshot.codes[row.hash.value] = {row.terminal_id, snapshot.TerminalName(row.terminal_id), principal->second,
                                        row.expire_time, row.used_time};
}

}  // namespace

std::shared_ptr<const Snapshot> ReadSnapshot(storage::Session& session, const Snapshot* known, Instant now) {
  const storage::ReadTransaction transaction(session);
  const auto program = storage::ReadProgram(session);
  if (!program) throw storage::Failure(storage::FailureKind::kOther, "no program in the database: run 'loyaltyd init'");
  const auto zone = LoadZone(program->time_zone);
  if (!zone) throw storage::Failure(storage::FailureKind::kOther, NoZone(program->time_zone));
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = program->generation;
  snapshot->currency = program->currency;
  snapshot->currency_exponent = CurrencyExponent(program->currency).value_or(2);
  snapshot->zone_name = program->time_zone;
  snapshot->language = program->language;
  snapshot->country = program->country;
  snapshot->zone = *zone;
  ReadCatalogues(session, known, *snapshot);
  ReadMeasure(session, known, *snapshot);
  ReadPlaces(session, *snapshot);
  ReadKeys(session, known, now, *snapshot);
  ReadCodes(session, now, *snapshot);
  return snapshot;
}

}  // namespace loyalty
