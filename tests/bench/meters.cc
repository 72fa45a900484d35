#include "tests/bench/meters.h"

// Debian's library has it; the header shows it to who asks.
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

sqlite3* caught = nullptr;

int Catch(sqlite3* connection, const char**, const struct sqlite3_api_routines*) {
  caught = connection;
  return SQLITE_OK;
}

// As sqlite3_auto_extension takes it.
auto CatchAsEntryPoint() { return reinterpret_cast<void (*)()>(Catch); }

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

}  // namespace

ConnectionCatcher::ConnectionCatcher() {
  caught = nullptr;
  sqlite3_auto_extension(CatchAsEntryPoint());
}

ConnectionCatcher::~ConnectionCatcher() { sqlite3_cancel_auto_extension(CatchAsEntryPoint()); }

sqlite3* ConnectionCatcher::connection() const {
  if (caught == nullptr) throw std::runtime_error("no connection to SQLite was opened");
  return caught;
}

RowMeter::RowMeter(sqlite3* connection) : connection_(connection) {
  const auto changed = [](void* self, sqlite3*, int operation, const char*, const char* table, sqlite3_int64,
                          sqlite3_int64) {
    Changes& changes = static_cast<RowMeter*>(self)->tables_[table];
    if (operation == SQLITE_INSERT) ++changes.inserted;
    if (operation == SQLITE_UPDATE) ++changes.updated;
  };
  sqlite3_preupdate_hook(connection_, changed, this);
}

RowMeter::~RowMeter() { sqlite3_preupdate_hook(connection_, nullptr, nullptr); }

TimeMeter::TimeMeter(storage::Session& session, sqlite3* connection) : session_(session), connection_(connection) {
  session_.set_hook([this](std::string_view name) { Named(name); });
  sqlite3_trace_v2(connection_, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, Traced, this);
}

TimeMeter::~TimeMeter() {
  session_.set_hook(nullptr);
  sqlite3_trace_v2(connection_, 0, nullptr, nullptr);
}

// A COMMIT ends for SQLite before the checkpoint that it sets off: its time is taken around both.
void TimeMeter::Named(std::string_view name) {
  place_ = &unnamed_us_;
  if (name == "COMMIT") commit_start_ = Clock::now();
  if (name == "COMMIT done") commit_us_ += MicrosecondsSince(commit_start_);
  if (name.rfind("BEGIN", 0) == 0) place_ = &begin_us_;
  const Touched touched = TouchedBy(name);
  if (touched.table.empty()) return;
  Times& times = tables_[touched.table];
  place_ = touched.writes ? &times.write_us : &times.read_us;
}

int TimeMeter::Traced(unsigned event, void* self, void*, void*) {
  auto& meter = *static_cast<TimeMeter*>(self);
  if (event == SQLITE_TRACE_STMT) meter.start_ = Clock::now();
  if (event == SQLITE_TRACE_PROFILE) *meter.place_ += MicrosecondsSince(meter.start_);
  return 0;
}

Touched TouchedBy(std::string_view statement) {
  std::istringstream words{std::string(statement)};
  const auto is = [](const std::string& word, std::initializer_list<const char*> any) {
    return std::find(any.begin(), any.end(), word) != any.end();
  };
  Touched touched;
  bool next = false, first = true;
  for (std::string word; words >> word; first = false) {
    std::string lower = word;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (first) touched.writes = is(lower, {"insert", "update", "delete"});
    if (is(lower, {"insert", "update", "delete", "read", "lock", "into", "from", "join"})) {
      next = true;
    } else if (next) {
      touched.table = word.substr(0, word.find_first_of("(,;"));
      return touched;
    }
  }
  return {};
}

}  // namespace loyalty::test
