#include "tests/bench/sale_cost.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "tests/bench/raw_database.h"
#include "tests/bench/shop.h"
#include "tests/bench/wal.h"
#include "tests/e2e/caller.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using Parts = std::map<std::string, Part>;  // by name

// By a server, which then leaves the database.
void SetUp(const Installation& installation, std::int64_t members) {
  Server server(installation);
  const Caller admin(Connect(server.address()), installation.admin_key());
  SetUpProgram(admin, Sales::kTerminals);  // and kMembers cards
  v1::RegisterCardRangeRequest range;
  range.set_request_id(NewRequestId("range"));
  range.set_first(fmt::format("26{:08}", kMembers));
  range.set_last(fmt::format("26{:08}", kMembers + members));
  v1::RegisterCardRangeResponse registered;
  if (!admin.Call(&v1::MemberService::Stub::RegisterCardRange, range, &registered).ok())
    throw std::runtime_error("a range of cards was refused");
  server.Stop();
}

void EmptyLog(WritePath& path) { path.session().Run("PRAGMA wal_checkpoint(TRUNCATE)"); }

// Without those that are empty, which are one page.
void AddBytes(RawDatabase& database, double sales, Parts& parts) {
  for (const auto& row : database.Read("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name HAVING COUNT(*) > 1"))
    parts[row[0].text].bytes = static_cast<double>(row[1].number) / sales;
}

// Frames of the log, which is emptied after each batch, and rows.
std::vector<double> AddPages(const SaleCostOptions& options, const std::string& file, WritePath& path, Sales& sales,
                             Parts& parts) {
  const auto of_turn = static_cast<double>(options.batch * options.batches), all = of_turn * options.turns;
  std::vector<double> frames;
  std::map<std::uint32_t, double> written;  // by page
  const RowMeter meter(path.connection());
  for (int turn = 0; turn < options.turns; ++turn) {
    double count = 0;
    for (int i = 0; i < options.batches; ++i) {
      const Sales::Batch batch = sales.Next(options.batch);
      path.Run(batch.commands, batch.now);
      for (const std::uint32_t page : PagesInLog(file)) {
        ++written[page];
        ++count;
      }
      EmptyLog(path);
    }
    frames.push_back(count / of_turn);
  }
  const auto database = RawDatabase::Open({.engine = storage::Engine::kSqlite, .path = file});
  for (const auto& row : database->Read("SELECT name, pageno FROM dbstat"))
    if (const auto at = written.find(static_cast<std::uint32_t>(row[1].number)); at != written.end())
      parts[row[0].text].pages += at->second / all;
  for (const auto& [table, changes] : meter.tables()) {
    parts[table].inserted = changes.inserted / all;
    parts[table].updated = changes.updated / all;
  }
  return frames;
}

// Of sales of its own: rows that are counted, and a log that is emptied each time, slow a batch down. Checkpoints come
// as often as in a server.
double AddTimes(const SaleCostOptions& options, WritePath& path, Sales& sales, Parts& parts) {
  const TimeMeter meter(path.session(), path.connection());
  double all = 0;
  for (int i = 0; i < options.turns * options.batches; ++i) {
    const Sales::Batch batch = sales.Next(options.batch);
    const auto start = Clock::now();
    path.Run(batch.commands, batch.now);
    all += std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  }
  const auto count = static_cast<double>(options.batch * options.turns * options.batches);
  double known = meter.begin_us() + meter.commit_us();
  for (const auto& [table, times] : meter.tables()) {
    parts[table].write_us = times.write_us / count;
    parts[table].read_us = times.read_us / count;
    known += times.write_us + times.read_us;
  }
  parts["(begin)"].write_us = meter.begin_us() / count;
  parts["(commit: log, sync, checkpoint)"].write_us = meter.commit_us() / count;
  parts["(rules, seals, cells)"].write_us = (all - known) / count;
  return all / count;
}

// Those of which anything is to be seen.
std::vector<Part> Listed(Parts parts) {
  std::vector<Part> listed;
  for (auto& [name, part] : parts) {
    part.name = name;
    if (part.inserted + part.updated + part.pages >= 0.01 || part.bytes >= 1 || part.write_us + part.read_us >= 0.1)
      listed.push_back(part);
  }
  return listed;
}

}  // namespace

SaleCost MeasureSaleCost(const SaleCostOptions& options) {
  const Installation installation(storage::Engine::kSqlite);
  SetUp(installation, options.members);
  const std::string& file = installation.url().path;
  WritePath path(installation.url());
  Sales sales(path, options.members, options.ids);
  const std::int64_t history = options.members * options.history;
  for (std::int64_t done = 0; done < history; done += options.batch) {
    const Sales::Batch batch = sales.Next(std::min(options.batch, history - done));
    path.Run(batch.commands, batch.now);
  }
  EmptyLog(path);
  SaleCost cost;
  Parts parts;
  cost.bytes = static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(history);
  AddBytes(*RawDatabase::Open(installation.url()), static_cast<double>(history), parts);
  cost.frames = AddPages(options, file, path, sales, parts);
  cost.microseconds = AddTimes(options, path, sales, parts);
  cost.parts = Listed(std::move(parts));
  return cost;
}

}  // namespace loyalty::test
