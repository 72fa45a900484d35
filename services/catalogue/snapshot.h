// What every request needs and hardly ever changes, read from the database once a second: program, catalogue, stores,
// terminals, tokens, card ranges.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "domain/catalogue.h"
#include "domain/identifier.h"
#include "domain/result.h"
#include "domain/role.h"
#include "domain/time.h"
#include "services/catalogue/measure.h"
#include "services/catalogue/periodic.h"
#include "services/catalogue/retention_plan.h"
#include "storage/session.h"

namespace loyalty {

struct StoreInfo {
  std::int64_t id = 0;
  std::string name;  // without "stores/"
  std::string display_name, zone_name, language;
  absl::TimeZone zone;
  int day_cut_minutes = 0;
  std::string country;              // empty: that of the program
  bool operators_required = false;  // its tills redeem, cancel and enrol for nobody who has not signed on
};

// A numbering of a terminal that began again.
struct EpochStart {
  int epoch = 0;
  Instant start_time = 0;  // receipts from then on are of it
  Instant told_time = 0;   // until then they were recorded under the one before
};

struct TerminalInfo {
  std::int64_t id = 0;
  std::int64_t store_id = 0;
  std::string name;  // without the store's part
  std::string display_name;
  int epoch = 0;                   // the newest
  std::vector<EpochStart> epochs;  // by epoch; the first one of a terminal is not among them
};

struct KeyInfo {
  std::int64_t principal_id = 0;
  Role role = Role::kNone;
  std::int64_t store_id = 0;     // 0: none
  std::int64_t terminal_id = 0;  // 0: none
  Instant expire_time = kNever;
  std::int64_t key_id = 0;
  bool replaced = false;  // another one is there in its place
  Day last_use_day = 0;   // of UTC, as stored; 0: never
  // The day on which this server last saw it, the one that changes in a snapshot: whoever uses it notes it here, and
  // KeyUse writes it down. The same one in every later snapshot. nullptr: nobody wants to know.
  std::shared_ptr<std::atomic<Day>> seen_day = nullptr;
  std::string principal;  // its name
};

// A code by which a till becomes a terminal.
struct CodeInfo {
  std::int64_t terminal_id = 0;
  std::string terminal;           // its name
  std::int64_t principal_id = 0;  // of the terminal
  Instant expire_time = 0;
  Instant used_time = 0;  // 0: not yet
};

// A request that has used a code is answered again for so long: whoever finds it later, with the code on its sheet of
// paper, gets nothing.
inline constexpr Instant kCodeReplay = 10 * kMinute;

// From when on people are told that a key ends.
inline constexpr Instant kEndingSoon = 30 * kDayLength;

// Immutable once it is published.
struct Snapshot {
  std::int64_t generation = -1;
  std::string currency;
  int currency_exponent = 2;
  std::string zone_name, language;
  std::string country;  // ISO 3166; empty: not known
  absl::TimeZone zone;
  Catalogue catalogue;
  std::map<std::string, StoreInfo, std::less<>> stores;          // by name
  std::map<std::string, TerminalInfo, std::less<>> terminals;    // by "stores/{store}/terminals/{terminal}"
  std::unordered_map<std::int64_t, std::string> store_names;     // id -> name
  std::unordered_map<std::int64_t, std::string> terminal_names;  // id -> "stores/{store}/terminals/{terminal}"
  std::unordered_map<std::string, KeyInfo> access_keys;          // by hash; those that were good when it was read
  std::unordered_map<std::string, CodeInfo> codes;               // by hash; those that were good, or used just before
  std::vector<CardRange> card_ranges;
  std::map<std::int64_t, std::shared_ptr<const RetentionPlan>> plans;  // by version of the catalogue
  std::shared_ptr<const LifecycleMeasure> measure;                     // nothing before the first ClassifyMembers
  std::int64_t last_version = 0;                                       // of the catalogue, also one that is unreadable
  std::map<std::int64_t, Instant> unreadable;  // versions that this server cannot read, and when they come into force
  std::vector<std::string> problems;           // what it cannot read, and what to do; the rest stays in use

  // Of the store, else of the program; empty: not known.
  const std::string& CountryOf(std::int64_t store_id) const;
  // Of a terminal's id; empty, 0: not known.
  const std::string& TerminalName(std::int64_t terminal_id) const;
  std::int64_t StoreOf(std::int64_t terminal_id) const;
  bool InCardRange(const Identifier& identifier) const;
  // Whether it knows by which rules to price. Errors: kCatalogueStale, while there is a version in force, or there was
  // one, that it cannot read: late receipts are priced by old versions.
  Status Prices(Instant now) const;
  // kCatalogueStale with the problems: for whatever was asked and is not in it.
  Error Unreadable() const;
  // The one of the catalogue in force; the default one when there is none yet.
  const RetentionPlan& PlanAt(Instant now) const;
};

// A node whose snapshot is older than this refuses to price.
inline constexpr Instant kSnapshotAgeMax = 3 * kSecond;

// Keeps the newest snapshot. Thread safe.
class SnapshotHolder {
 public:
  // Loads the first snapshot. Throws storage::Failure.
  SnapshotHolder(const storage::DatabaseUrl& url, std::function<Instant()> clock);

  // The newest snapshot, at most kSnapshotAgeMax old. Errors: kCatalogueStale (the database has been away).
  Result<std::shared_ptr<const Snapshot>> Get() const;
  // The newest one, whatever its age: for authentication errors and names in answers.
  std::shared_ptr<const Snapshot> Newest() const;
  // Reads again now: after a change of our own was committed. Failures are left to the next round, and told in the log:
  // when there is another one, and when there is none any more.
  void Refresh();
  // How long ago the database was read.
  Instant Age() const;
  // Whether the database was read within kSnapshotAgeMax; whether all of it was understood, too.
  bool IsFresh() const;
  bool IsWhole() const;
  // Reads once a second until destroyed.
  void Start();

 private:
  void Reload();
  void Tell(const std::string& problem);

  std::function<Instant()> clock_;
  std::mutex reload_mutex_;  // one reload at a time; guards session_
  storage::Session session_;
  mutable std::mutex mutex_;  // guards the fields below
  std::shared_ptr<const Snapshot> newest_;
  Instant read_time_ = 0;
  std::string problem_;             // of the last round; empty: none
  std::optional<Periodic> rounds_;  // the last member: it uses the others
};

}  // namespace loyalty
