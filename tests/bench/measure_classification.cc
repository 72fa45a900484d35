// P8, P10: a classification of all members, and of a day.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "tests/bench/classifier.h"
#include "tests/bench/measures.h"
#include "tests/bench/targets.h"
#include "tests/bench/workloads.h"
#include "tests/support/process.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

std::int64_t NumberOf(RawDatabase& database, const std::string& query) { return database.Read(query)[0][0].number; }

// As if as many days had passed, for a hundredth of the members, as have to pass until their standing changes: for
// those whose day comes first. Answers how many they are.
std::int64_t LetTheirDayCome(RawDatabase& database, std::int64_t members) {
  const std::int64_t today = std::time(nullptr) / 86'400, wanted = members / 100;
  const std::int64_t day =
      NumberOf(database, fmt::format("SELECT due_day FROM members ORDER BY due_day LIMIT 1 OFFSET {}", wanted));
  const std::string until = fmt::format("SELECT COUNT(*) FROM members WHERE due_day <= {}", day);
  // Many have the same day: one in so many of them.
  const std::int64_t one_in = NumberOf(database, until) / wanted;
  database.Execute(database.begin());
  database.Execute(
      fmt::format("UPDATE members SET first_day = first_day - {0}, last_day = last_day - {0}, since_day = "
                  "since_day - {0}, due_day = due_day - {0} WHERE due_day <= {1} AND id % {2} = 0",
                  day - today, day, one_in));
  database.Execute("COMMIT");
  return NumberOf(database, fmt::format("SELECT COUNT(*) FROM members WHERE due_day <= {}", today));
}

// Seconds that DuckDB takes to aggregate as many members' receipts; nothing when it, or npm, is not to be had.
std::vector<double> DuckDbSeconds(std::int64_t members) {
  const std::string directory = LOYALTY_BENCH_DIRECTORY "/duckdb", script = directory + "/aggregate.mjs";
  std::filesystem::create_directories(directory);
  std::filesystem::copy_file(LOYALTY_BENCH_SOURCE "/duckdb_aggregate.mjs", script,
                             std::filesystem::copy_options::overwrite_existing);
  std::vector<double> seconds;
  try {
    const Ended fetched = RunProgram(
        {.arguments = {"npm", "install", "--silent", "--no-save", "--prefix", directory, "@duckdb/node-api@1.5.6-r.1"},
         .log = directory + "/npm"},
        std::chrono::seconds(300));
    if (fetched.code != 0) return {};
    const Ended ran = RunProgram({.arguments = {"node", script, std::to_string(members)}, .log = directory + "/node"},
                                 std::chrono::seconds(600));
    std::istringstream out(ran.out);
    for (double value = 0; ran.code == 0 && out >> value;) seconds.push_back(value);
  } catch (const std::exception&) {
    return {};
  }
  return seconds;
}

Figure Ratio(std::string id, storage::Engine engine, std::string what, double target, const std::vector<double>& ratios,
             double value, std::string unit) {
  Figure figure;
  figure.id = std::move(id);
  figure.engine = NameOf(engine);
  figure.what = std::move(what);
  figure.target = target;
  figure.at_most = true;
  figure.ratios = ratios;
  figure.value = value;
  figure.unit = std::move(unit);
  return figure;
}

}  // namespace

std::vector<Figure> MeasureClassification(const Plan& plan, storage::Engine engine) {
  const std::int64_t members = ManyMembers(plan);
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  GrowDiverse(shop, members);
  const auto database = RawDatabase::Open(shop.installation().url());
  const Classifier classifier(shop);
  const std::vector<pid_t> server{shop.server().process().pid()};
  const auto idle = UsageMeter(server).Stop().memory_peak_mb;
  const double first = classifier.Run(v1::MEASURE_CHOICE_NEW);  // which places everybody
  std::vector<double> full, day, shares, bytes;
  const int turns = std::min(plan.pairs, 3);
  for (int turn = 0; turn < turns; ++turn) {
    const UsageMeter meter(server);
    full.push_back(classifier.Run(v1::MEASURE_CHOICE_NEW));
    bytes.push_back(static_cast<double>(meter.Stop().memory_peak_mb - idle) * (1 << 20) / static_cast<double>(members));
    fmt::print(stderr, "  {}/{}: {} members in {:.2f} s\n", turn + 1, turns, members, full.back());
  }
  // Afterwards: what a day moves, a new measure may move again.
  std::int64_t due = 0, moves = 0;
  for (int turn = 0; turn < turns; ++turn) {
    const char* const count = "SELECT COUNT(*) FROM lifecycle_transitions";
    due = LetTheirDayCome(*database, members);
    const std::int64_t moves_before = NumberOf(*database, count);
    day.push_back(classifier.Run(v1::MEASURE_CHOICE_KEEP));
    moves = NumberOf(*database, count) - moves_before;
    shares.push_back(day.back() / first);
    fmt::print(stderr, "  {}/{}: {} members who are due in {:.3f} s, {} moves\n", turn + 1, turns, due, day.back(),
               moves);
  }
  const auto duckdb = DuckDbSeconds(members);
  std::vector<double> ratios;
  for (const double seconds : full) ratios.push_back(duckdb.empty() ? 1 : seconds / Median(duckdb));
  Figure whole =
      Ratio("P8", engine, fmt::format("classification of {} members, fit included / DuckDB's aggregation", members),
            duckdb.empty() ? 0 : target::kClassification, ratios, Median(full), "s");
  whole.note =
      (duckdb.empty() ? "DuckDB could not be had; " : fmt::format("DuckDB {:.2f} s; ", Median(duckdb))) +
      fmt::format("{:.0f} members/s, {:.0f} bytes of memory a member; the first, which writes all of them, {:.1f} s",
                  static_cast<double>(members) / Median(full), Median(bytes), first);
  Figure of_day = Ratio("P10", engine, "a day's classification when 1 % are due / the first, which places everybody",
                        target::kDay, shares, Median(day), "s");
  of_day.note = fmt::format(
      "{:.3f} of a full one that moves hardly anybody; in the last turn {} were due and {} moves were written",
      Median(day) / Median(full), due, moves);
  return {whole, of_day};
}

}  // namespace loyalty::test
