#include "tests/fuzz/world.h"

#include <sodium.h>
#include <sqlite3.h>

#include <stdexcept>

#include "services/rpc/auth.h"
#include "storage/program.h"
#include "storage/read_table.h"
#include "tests/support/catalogue.h"
#include "tests/support/program.h"

namespace loyalty::fuzz {
namespace {

constexpr const char* kKeys[kIdentities] = {"admin", "north", "south", "", "wrong", "expired", "revoked"};

// Whatever the server draws is the same for every world: a finding must repeat.
std::uint64_t drawn = 0;

std::uint32_t Draw() {
  std::uint64_t z = (drawn += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<std::uint32_t>(z >> 16);
}

void Fill(void* out, std::size_t size) {
  auto* bytes = static_cast<unsigned char*>(out);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(Draw());
}

void UseRepeatableRandom() {
  static randombytes_implementation implementation{[] { return "repeatable"; }, Draw, nullptr, nullptr, Fill, nullptr};
  randombytes_set_implementation(&implementation);
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used");
}

constexpr test::CatalogueOptions kCatalogue{.activation_delay_days = 1, .validity_days = 30, .burn_step = 10};

// The server may give the same ids away: but in the first world it makes no tills, and others begin with a new block.
void InsertTill(storage::Session& session, std::int64_t id, std::int64_t terminal_id, std::int64_t store_id) {
  storage::PrincipalRow till;
  till.id = id;
  till.role = Role::kTerminal;
  till.name = "t" + std::to_string(terminal_id);
  till.store_id = store_id;
  till.terminal_id = terminal_id;
  till.create_time = kStart;
  storage::InsertRow(session, till, test::TestKeys());
}

void InsertKey(storage::Session& session, Identity identity, std::int64_t principal_id, Instant expire_time = kNever,
               Instant revoked_time = 0) {
  const int number = static_cast<int>(identity);
  storage::KeyRow key;
  key.id = storage::kFirstPrincipal + number;
  key.principal_id = principal_id;
  key.hash = TokenHash(kKeys[number]);
  key.expire_time = expire_time;
  key.revoked_time = revoked_time;
  key.create_time = kStart;
  storage::InsertRow(session, key, test::TestKeys());
}

void LayDown(storage::Session& session) {
  test::LayDownProgram(session, kStart, TokenHash(kKeys[static_cast<int>(Identity::kAdmin)]));
  storage::Transaction transaction(session);
  test::InsertStoresAndTerminals(session, kStart);
  test::InsertMeasure(session, kStart);
  test::InsertCatalogue(session, kStart, test::CatalogueContent(kCatalogue));
  constexpr std::int64_t kT1 = storage::kFirstPrincipal + 1, kT2 = kT1 + 1, kT3 = kT1 + 2;
  InsertTill(session, kT1, 1, test::kNorth);
  InsertTill(session, kT2, 2, test::kNorth);
  InsertTill(session, kT3, 3, test::kSouth);
  InsertKey(session, Identity::kNorthTill, kT1);
  InsertKey(session, Identity::kSouthTill, kT3);
  InsertKey(session, Identity::kExpired, kT2, kStart - 1);
  InsertKey(session, Identity::kRevoked, kT2, kNever, kStart);
  storage::InsertRow(session, storage::CardRangeRow{1, {"2600000000", "2600009999", CheckDigit::kNone}, kStart},
                     test::TestKeys());
  transaction.Commit();
}

sqlite3* OpenRaw(const std::string& path) {
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, nullptr) !=
      SQLITE_OK)
    throw std::runtime_error("no database in memory");
  return database;
}

void CopyInto(sqlite3* target, const std::string& content) {
  sqlite3* source = OpenRaw(":memory:");
  auto* bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(content.data()));  // read only: never written
  const auto size = static_cast<sqlite3_int64>(content.size());
  int code = sqlite3_deserialize(source, "main", bytes, size, size, SQLITE_DESERIALIZE_READONLY);
  if (code == SQLITE_OK) {
    sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
    code = backup == nullptr ? SQLITE_ERROR : sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
  }
  sqlite3_close(source);
  if (code != SQLITE_DONE) throw std::runtime_error("the world cannot be copied");
}

}  // namespace

std::string AuthorizationOf(Identity identity) {
  const std::string key = kKeys[static_cast<int>(identity)];
  return key.empty() ? "" : "Bearer " + key;
}

World::World(const std::string& content) : url_(test::NewMemoryDatabase()), keeper_(OpenRaw(url_.path)) {
  UseRepeatableRandom();
  drawn = content.size();
  if (!content.empty()) CopyInto(keeper_, content);
  reader_ = std::make_unique<storage::Session>(url_);
  if (content.empty()) LayDown(*reader_);
  const auto clock = [this] { return now_; };
  snapshots_ = std::make_unique<SnapshotHolder>(url_, clock);
  reads_ = std::make_unique<ReadWorkers>(
      url_, [this] { return now_ + looks_++ * kHour; }, 0);
  WriteQueueOptions options;
  options.lanes = 0;
  options.clock = clock;
  queue_ = std::make_unique<WriteQueue>(url_, *snapshots_, test::TestKeys(), std::move(options));
  deps_ = std::make_unique<Deps>(Deps{*snapshots_, *queue_, *reads_, pins_, job_bell_, test::TestKeys(), clock});
}

World::~World() {
  queue_.reset();
  reads_.reset();
  snapshots_.reset();
  reader_.reset();
  sqlite3_close(keeper_);
}

void World::Pass(Instant time) {
  now_ += time;
  snapshots_->Refresh();
}

std::string World::Save() const {
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(keeper_, "main", &size, 0);
  if (bytes == nullptr) throw std::runtime_error("the world cannot be saved");
  std::string content(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  return content;
}

}  // namespace loyalty::fuzz
