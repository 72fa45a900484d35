#include "tests/bench/workloads.h"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "tests/bench/classifier.h"
#include "tests/bench/fill.h"
#include "tests/bench/raw_database.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

void Fill(Shop& shop, std::int64_t members, bool diverse) {
  shop.server().Stop();
  {
    const auto database = RawDatabase::Open(shop.installation().url());
    FillMembers(*database, kMembers, members);
    if (diverse) MakeDiverse(*database);
  }
  shop.server().Start();
}

}  // namespace

std::int64_t ManyMembers(const Plan& plan) { return plan.quick ? 20'000 : 1'000'000; }

void Grow(Shop& shop, std::int64_t members) { Fill(shop, members, false); }
void GrowDiverse(Shop& shop, std::int64_t members) { Fill(shop, members, true); }

Side StartsAndScans(Shop& shop, std::string name, std::int64_t members) {
  const Side scans = shop.ClosedLoop("", static_cast<std::uint64_t>(members));
  return {std::move(name), [&shop, scans](double seconds) {
            shop.server().Stop();
            const auto start = Clock::now();
            shop.server().Start();
            const double took = std::chrono::duration<double>(Clock::now() - start).count();
            Turn turn = scans.run(seconds);
            turn.seconds = took;
            return turn;
          }};
}

Side ScansBesideClassification(const Plan& plan, Shop& shop, std::string name, std::int64_t members) {
  const Side scans = shop.ClosedLoop("", static_cast<std::uint64_t>(members));
  return {std::move(name), [quick = plan.quick, scans, classifier = Classifier(shop)](double seconds) {
            const v1::Job job = classifier.Start(v1::MEASURE_CHOICE_NEW);
            const Turn turn = scans.run(seconds);
            if (!quick && classifier.HasEnded(job)) throw std::runtime_error("the classification was too short");
            while (!classifier.HasEnded(job)) std::this_thread::sleep_for(std::chrono::milliseconds(50));
            return turn;
          }};
}

Side Classifications(Shop& shop, std::string name) {
  return {std::move(name),
          [classifier = Classifier(shop)](double) { return Turn{.seconds = classifier.Run(v1::MEASURE_CHOICE_NEW)}; }};
}

}  // namespace loyalty::test
