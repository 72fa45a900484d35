#include "tests/sim/world.h"

#include "storage/program.h"
#include "storage/read_table.h"
#include "tests/support/catalogue.h"
#include "tests/support/program.h"

namespace loyalty::sim {
namespace {

// The catalogue that says what a rule does.
std::string CatalogueOf(const Rule& rule) {
  return test::CatalogueContent({.points = rule.points,
                                 .per_amount_minor = rule.per_amount,
                                 .net = rule.net,
                                 .activation_delay_days = rule.delay_days,
                                 .validity_days = rule.validity_days,
                                 .validity_months = rule.validity_months,
                                 .burn_step = rule.burn_step});
}

void InsertShops(storage::Session& session, Instant now) {
  for (const Shop& shop : kShops) {
    storage::StoreRow store;
    store.id = shop.id;
    store.name = store.display_name = shop.name;
    store.time_zone = shop.zone_name;
    store.day_cut_minutes = shop.day_cut_minutes;
    store.language = "de";
    store.create_time = now;
    storage::InsertRow(session, store, World::Keys());
  }
  for (std::int64_t id = 1; id <= kTerminals; ++id) {
    storage::TerminalRow terminal;
    terminal.id = id;
    terminal.store_id = ShopOf(id).id;
    terminal.name = "t" + std::to_string(id);
    terminal.create_time = now;
    storage::InsertRow(session, terminal, World::Keys());
  }
}

void InsertCatalogues(storage::Session& session, const Program& program) {
  std::int64_t version = 0;
  for (const Rule& rule : program.rules)
    storage::InsertRow(
        session,
        storage::CatalogueRow{
            ++version, rule.from, CatalogueOf(rule), program.rules[0].from, storage::kFirstPrincipal, {}},
        World::Keys());
}

[[noreturn]] void Throw(Fault fault) {
  using storage::Failure;
  using storage::FailureKind;
  switch (fault) {
    case Fault::kConflict: throw Failure(FailureKind::kConflict, "injected");
    case Fault::kDuplicate: throw Failure(FailureKind::kDuplicate, "injected");
    case Fault::kLost: throw Failure(FailureKind::kLost, "injected");
    case Fault::kFull: throw Failure(FailureKind::kFull, "injected");
    case Fault::kOther: throw Failure(FailureKind::kOther, "injected");
    case Fault::kCrash:
    case Fault::kChanged:
    case Fault::kLocked:
    case Fault::kDiskFull: break;
  }
  throw Crash{};
}

// The command as a server admits it now.
Command Admitted(Command command, Instant now) {
  if (auto* scan = std::get_if<Scan>(&command.payload); scan != nullptr && scan->receipt)
    scan->facts = FactsOf(*scan->receipt, scan->place, "EUR", World::Keys(), now);
  return command;
}

}  // namespace

const ProgramKeys& World::Keys() { return test::TestKeys(); }

World::World(std::uint64_t seed, const Program& program, Databases& databases)
    : databases_(databases), url_(databases.New()), reader_(url_), random_(seed ^ 0x5DEECE66DU) {
  const Instant first = program.rules[0].from;
  test::LayDownProgram(reader_, first);
  {
    storage::Transaction transaction(reader_);
    InsertShops(reader_, first);
    test::InsertMeasure(reader_, first);
    InsertCatalogues(reader_, program);
    transaction.Commit();
  }
  snapshot_ = SnapshotHolder(url_, [first] { return first; }).Newest();
  for (auto& server : servers_) server = std::make_unique<Server>(url_);
}

World::~World() { databases_.Drop(url_); }

void World::Arm(Server& server, Fault fault, int at, std::int64_t& faults) {
  storage::Session& session = server.session;
  if (databases_.engine() == storage::Engine::kMysql) {
    if (fault == Fault::kLocked) fault = Fault::kConflict;
    if (fault == Fault::kDiskFull) fault = Fault::kFull;
  }
  switch (fault) {
    case Fault::kChanged:
      return session.set_hook([&session, &faults, done = false](std::string_view statement) mutable {
        if (done || statement != "update members") return;
        done = true;
        ++faults;
        session.Run("UPDATE members SET version = version + 1, language = 'elsewhere'");
      });
    case Fault::kLocked:
      session.Run("PRAGMA busy_timeout = 0");  // SQLite would wait in real time
      reader_.Run("BEGIN IMMEDIATE");
      locked_ = true;
      ++faults;
      return;
    case Fault::kDiskFull:
      session.Run("PRAGMA max_page_count = 1");  // not below what there is
      ++faults;
      return;
    default: break;
  }
  session.set_hook([this, fault, at, &faults, count = 0, flushed = false](std::string_view statement) mutable {
    flushed = flushed || statement == "insert requests";
    if (++count != at) return;
    // After it took effect a COMMIT can only lose its answer.
    if (statement == "COMMIT done" && fault != Fault::kLost && fault != Fault::kCrash) return;
    ++faults;
    lost_commit_ = flushed && statement == "COMMIT done" && fault == Fault::kLost;
    Throw(fault);
  });
}

void World::Unlock() {
  if (locked_) reader_.Run("ROLLBACK");
  locked_ = false;
}

void World::Disarm(Server& server, Fault fault) {
  server.session.set_hook(nullptr);
  Unlock();
  if (databases_.engine() == storage::Engine::kMysql) return;
  if (fault == Fault::kLocked) server.session.Run("PRAGMA busy_timeout = 1000");
  if (fault == Fault::kDiskFull) server.session.Run("PRAGMA max_page_count = 1073741823");
}

std::vector<std::optional<Result<Answer>>> World::Run(std::size_t server, const std::vector<Command>& commands,
                                                      Instant now, std::optional<Fault> fault, int at,
                                                      std::int64_t& faults) {
  Server& self = *servers_[server];
  std::vector<std::optional<Result<Answer>>> answers(commands.size());
  std::vector<PendingCommand> pending;
  pending.reserve(commands.size());
  std::vector<PendingCommand*> pointers;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    pending.push_back({Admitted(commands[i], now), [this, &answers, i](Result<Answer> answer) {
                         turns_.push_back(i);
                         answers[i] = std::move(answer);
                       }});
    pointers.push_back(&pending.back());
  }
  RecoveryContext context{self.session,
                          self.ids,
                          Keys(),
                          [this] { return random_.Bits(); },
                          [now] { return now; },
                          [this](int) { Unlock(); },
                          [this] { return snapshot_; },
                          {}};
  turns_.clear();
  lost_commit_ = false;
  if (fault) Arm(self, *fault, at, faults);
  try {
    // What is set aside, because a server that has just died still holds its rows, is tried until it is free.
    while (!pointers.empty()) pointers = RunRecovering(context, std::move(pointers));
    if (fault) Disarm(self, *fault);
  } catch (const Crash&) {
    servers_[server] = std::make_unique<Server>(url_);  // another process; the database is as it was
  }
  return answers;
}

Result<Answer> World::Quote(const Command& command, Instant now) {
  return DecideOnly(reader_, *snapshot_, Keys(), now, Admitted(command, now));
}

}  // namespace loyalty::sim
