#include "tests/bench/references.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "tests/bench/raw_database.h"
#include "tests/bench/scan_rows.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kNaiveThreads = 32;
constexpr std::size_t kBulkScans = 256;

std::atomic<std::int64_t> next_number{1'000'000'000'000};

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One writer for each table, for statements of `scans` scans.
std::vector<std::unique_ptr<RowWriter>> WritersFor(RawDatabase& database, const ScanRows& rows, std::size_t scans) {
  std::vector<std::unique_ptr<RowWriter>> writers;
  for (const ScanTable& table : rows.tables())
    writers.push_back(database.Writer(table.name, table.columns, table.keys, scans * table.rows.size()));
  return writers;
}

std::size_t MemberFor(std::int64_t number, std::size_t members) {
  return static_cast<std::size_t>(static_cast<std::uint64_t>(number) * 2'654'435'761U % members);
}

// What a thread of naive does, scan by scan.
std::int64_t RunNaive(const storage::DatabaseUrl& url, const ScanRows& rows, Clock::time_point start, double seconds) {
  const auto database = RawDatabase::Open(url);
  const auto writers = WritersFor(*database, rows, 1);
  std::int64_t scans = 0;
  for (; SecondsSince(start) < seconds; ++scans) {
    ScanNumbers scan;
    scan.number = next_number++;
    const MemberState& known = rows.members()[MemberFor(scan.number, rows.members().size())];
    const std::string id = std::to_string(known.id);
    database->Execute(database->begin());
    database->Read("SELECT receipt_id, command_id FROM requests WHERE request_id = " +
                   Literal(RequestIdOf(scan.number)));
    database->Read("SELECT code, state FROM identifiers WHERE member_id = " + id);
    const auto member =
        database->Read("SELECT member_seq, version, available, receipts, amount FROM members WHERE id = " + id +
                       database->for_update());
    scan.member = {known.id,
                   known.public_id,
                   member[0][0].number,
                   member[0][1].number,
                   member[0][2].number,
                   member[0][3].number,
                   member[0][4].number};
    rows.Advance(scan.member);
    for (std::size_t i = 0; i < writers.size(); ++i) {
      rows.Write(rows.tables()[i], scan, *writers[i]);
      writers[i]->Send();
    }
    database->Execute("COMMIT");
  }
  return scans;
}

Turn TurnOf(std::int64_t scans, double seconds) { return {.per_second = static_cast<double>(scans) / seconds}; }

}  // namespace

Side NaiveSide(const storage::DatabaseUrl& url) {
  return {"naive", [url](double seconds) {
            const ScanRows rows(*RawDatabase::Open(url));
            std::atomic<std::int64_t> scans{0};
            std::mutex mutex;
            std::exception_ptr failure;
            std::vector<std::thread> threads;
            const auto start = Clock::now();
            for (int i = 0; i < kNaiveThreads; ++i)
              threads.emplace_back([&] {
                try {
                  scans += RunNaive(url, rows, start, seconds);
                } catch (...) {
                  const std::lock_guard lock(mutex);
                  failure = std::current_exception();
                }
              });
            for (auto& thread : threads) thread.join();
            if (failure) std::rethrow_exception(failure);
            return TurnOf(scans, SecondsSince(start));
          }};
}

Side BulkSide(const storage::DatabaseUrl& url) {
  return {"bulk", [url](double seconds) {
            const auto database = RawDatabase::Open(url);
            const ScanRows rows(*database);
            std::vector<MemberState> members = rows.members();
            const auto writers = WritersFor(*database, rows, kBulkScans);
            std::int64_t scans = 0;
            const auto start = Clock::now();
            for (; SecondsSince(start) < seconds; scans += kBulkScans) {
              std::vector<ScanNumbers> batch(kBulkScans);
              for (ScanNumbers& scan : batch) {
                scan.number = next_number++;
                MemberState& member = members[MemberFor(scan.number, members.size())];
                rows.Advance(member);
                scan.member = member;
              }
              database->Execute(database->begin());
              for (std::size_t i = 0; i < writers.size(); ++i) {
                for (const ScanNumbers& scan : batch) rows.Write(rows.tables()[i], scan, *writers[i]);
                writers[i]->Send();
              }
              database->Execute("COMMIT");
            }
            return TurnOf(scans, SecondsSince(start));
          }};
}

}  // namespace loyalty::test
