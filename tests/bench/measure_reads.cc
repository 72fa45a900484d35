// P13: reads while tills scan.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "storage/names.h"
#include "tests/bench/measures.h"
#include "tests/bench/raw_database.h"
#include "tests/bench/shop.h"
#include "tests/bench/targets.h"
#include "tests/e2e/caller.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kReaders = 8;

// Answers a second to kReaders apps that ask for one member after the other, while `scan` runs.
struct Mixed {
  Turn scans;
  double reads_per_second = 0;
  double share() const { return reads_per_second / (reads_per_second + scans.per_second); }
};

template <typename Scan>
Mixed RunMixed(const std::string& address, const std::string& key, const std::vector<std::string>& members, Scan scan) {
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> reads{0}, failures{0};
  std::vector<std::thread> threads;
  const auto start = Clock::now();
  for (int i = 0; i < kReaders; ++i)
    threads.emplace_back([&, i] {
      const Caller app(Connect(address), key);
      for (auto n = static_cast<std::size_t>(i); !stop; n += kReaders) {
        v1::GetMemberRequest request;
        request.set_name(members[n * 7'919 % members.size()]);
        v1::GetMemberResponse response;
        if (app.Call(&v1::MemberService::Stub::GetMember, request, &response).ok()) {
          ++reads;
        } else {
          ++failures;
        }
      }
    });
  Mixed mixed;
  mixed.scans = scan();
  mixed.reads_per_second = static_cast<double>(reads) / std::chrono::duration<double>(Clock::now() - start).count();
  stop = true;
  for (auto& thread : threads) thread.join();
  if (failures > 0) throw std::runtime_error("GetMember was refused while tills scanned");
  return mixed;
}

std::vector<std::string> NamesOf(const storage::DatabaseUrl& url) {
  std::vector<std::string> names;
  for (const auto& row : RawDatabase::Open(url)->Read("SELECT public_id FROM members ORDER BY id"))
    names.push_back("members/" + storage::PublicName(row[0].number));
  return names;
}

}  // namespace

std::vector<Figure> MeasureReads(const Plan& plan, storage::Engine engine) {
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  EchoServer echo;
  const auto names = NamesOf(shop.installation().url());
  const Side alone = shop.ClosedLoop(""), echo_alone = echo.ClosedLoop();
  std::vector<double> shares, writers, reads;
  for (int pair = 0; pair < plan.pairs; ++pair) {
    const Turn without = alone.run(plan.seconds);
    const Mixed ours = RunMixed(shop.server().address(), shop.installation().admin_key(), names,
                                [&] { return alone.run(plan.seconds); });
    const Mixed echoed =
        RunMixed(echo.address(), shop.installation().admin_key(), names, [&] { return echo_alone.run(plan.seconds); });
    fmt::print(stderr, "  {}/{} scans alone {:.0f}/s, with reads {:.0f}/s + {:.0f} reads/s; echo {:.0f} + {:.0f}\n",
               pair + 1, plan.pairs, without.per_second, ours.scans.per_second, ours.reads_per_second,
               echoed.scans.per_second, echoed.reads_per_second);
    shares.push_back(ours.share() / echoed.share());
    writers.push_back(ours.scans.per_second / without.per_second);
    reads.push_back(ours.reads_per_second);
  }
  const auto figure = [&](std::string what, double least, std::vector<double> ratios) {
    Figure made;
    made.id = "P13";
    made.engine = NameOf(engine);
    made.what = std::move(what);
    made.target = least;
    made.ratios = std::move(ratios);
    made.value = Median(reads);
    made.unit = "reads/s";
    return made;
  };
  return {figure(fmt::format("reads' share of {} apps beside {} tills / of echo", kReaders, kCallers),
                 target::kReadsShare, shares),
          figure("scans with these reads / without", target::kScansBesideReads, writers)};
}

}  // namespace loyalty::test
