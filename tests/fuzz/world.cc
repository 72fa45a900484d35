#include "tests/fuzz/world.h"

#include <sodium.h>
#include <sqlite3.h>

#include <stdexcept>

#include "services/auth.h"
#include "storage/administration.h"
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

void LayDown(storage::Session& session) {
  test::LayDownProgram(session, kStart, TokenHash(kKeys[0]));
  storage::Transaction transaction(session);
  test::InsertStoresAndTerminals(session, kStart);
  test::InsertMeasure(session, kStart);
  const int till = static_cast<int>(Role::kTerminal);
  storage::InsertToken(session, {-1, TokenHash("north"), till, test::kNorth, 1, kNever, 0}, kStart);
  storage::InsertToken(session, {-2, TokenHash("south"), till, test::kSouth, 3, kNever, 0}, kStart);
  storage::InsertToken(session, {-3, TokenHash("expired"), till, test::kNorth, 2, kStart - 1, 0}, kStart);
  storage::InsertToken(session, {-4, TokenHash("revoked"), till, test::kNorth, 2, kNever, 0}, kStart);
  storage::RevokeTerminalTokens(session, 2, kStart);
  storage::InsertCardRange(session, -5, {"2600000000", "2600009999", CheckDigit::kNone}, kStart);
  storage::InsertCatalogue(session, {1, 0, test::CatalogueContent(kCatalogue)}, 1, kStart);
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

const ChainKey& TheChainKey() {
  static const ChainKey kKey{1, 2, 3};
  return kKey;
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
  queue_ = std::make_unique<WriteQueue>(url_, *snapshots_, TheChainKey(), 1, std::move(options));
  deps_ = std::make_unique<Deps>(Deps{*snapshots_, *queue_, *reads_, job_bell_, TheChainKey(), clock});
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
