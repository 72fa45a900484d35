// L1, L2: what the lifecycle costs a scan; P8, P10: a classification of all members, and of a day.
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/bench/fill.h"
#include "tests/bench/measures.h"
#include "tests/bench/raw_database.h"
#include "tests/bench/shop.h"
#include "tests/e2e/caller.h"
#include "tests/support/process.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

constexpr std::int64_t kFewForQuick = 20'000;

class Classifier {
 public:
  explicit Classifier(Shop& shop) : admin_(Connect(shop.server().address()), shop.installation().admin_key()) {}

  v1::Job Start(v1::MeasureChoice measure, bool everybody = false) const {
    v1::ClassifyMembersRequest request;
    request.set_request_id(NewRequestId("classify"));
    request.set_measure(measure);
    request.set_everybody(everybody);
    v1::ClassifyMembersResponse response;
    if (!admin_.Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).ok())
      throw std::runtime_error("a classification was refused");
    return response.job();
  }

  bool HasEnded(const v1::Job& job) const { return Get(job).state() >= v1::JOB_STATE_SUCCEEDED; }

  // Seconds from the request to the end.
  double Run(v1::MeasureChoice measure, bool everybody = false) const {
    const auto begin = std::chrono::steady_clock::now();
    const v1::Job job = Start(measure, everybody);
    while (true) {
      const v1::Job now = Get(job);
      if (now.state() == v1::JOB_STATE_SUCCEEDED) break;
      if (now.state() > v1::JOB_STATE_SUCCEEDED) throw std::runtime_error("a classification failed: " + now.error());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  v1::Job Get(const v1::Job& job) const {
    v1::GetJobRequest request;
    request.set_name(job.name());
    v1::GetJobResponse response;
    if (!admin_.Call(&v1::JobService::Stub::GetJob, request, &response).ok()) throw std::runtime_error("a job is gone");
    return response.job();
  }

  Caller admin_;
};

// Members of two years who differ: what a fit and cut points find something in.
void MakeDiverse(RawDatabase& database) {
  database.Execute(database.begin());
  database.Execute(
      fmt::format("UPDATE member_statistics SET days = 1 + (member_id * 7919) % 11, first_day = {0} - 720 + (member_id "
                  "* 31) % 500, "
                  "last_day = {0} - 220 + (member_id * 17) % 220, amount = 1000 + (member_id * 104729) % 90000, "
                  "sum_ln_gap = 4294967296 * (1 + (member_id * 7919) % 11) * 3",
                  std::time(nullptr) / 86'400));
  database.Execute("UPDATE member_statistics SET last_day = first_day, sum_ln_gap = 0 WHERE days = 1");
  database.Execute(
      "UPDATE member_statistics SET q1_amount = amount, q2_amount = 0, q3_amount = 0, q4_amount = 0, "
      "receipts = days, first_day_amount = amount / days, last_day_amount = amount / days");
  database.Execute("COMMIT");
}

std::int64_t NumberOf(RawDatabase& database, const std::string& query) { return database.Read(query)[0][0].number; }

// As if as many days had passed, for a hundredth of the members, as have to pass until their standing changes: for
// those whose day comes first. Answers how many they are.
std::int64_t LetTheirDayCome(RawDatabase& database, std::int64_t members) {
  const std::int64_t today = std::time(nullptr) / 86'400, wanted = members / 100;
  const std::int64_t day = NumberOf(
      database, fmt::format("SELECT due_day FROM member_statistics ORDER BY due_day LIMIT 1 OFFSET {}", wanted));
  const std::string until = fmt::format("SELECT COUNT(*) FROM member_statistics WHERE due_day <= {}", day);
  // Many have the same day: one in so many of them.
  const std::int64_t one_in = NumberOf(database, until) / wanted;
  database.Execute(database.begin());
  database.Execute(
      fmt::format("UPDATE member_statistics SET first_day = first_day - {0}, last_day = last_day - {0}, enrolled_day = "
                  "enrolled_day - {0}, since_day = since_day - {0}, due_day = due_day - {0} WHERE due_day <= {1} AND "
                  "member_id % {2} = 0",
                  day - today, day, one_in));
  database.Execute("COMMIT");
  return NumberOf(database, fmt::format("SELECT COUNT(*) FROM member_statistics WHERE due_day <= {}", today));
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

std::vector<Figure> MeasureLifecycleOfScans(const Plan& plan, storage::Engine engine) {
  Shop with({.engine = engine, .server = {.lanes = plan.lanes}});
  Shop without({.engine = engine, .server = {.lanes = plan.lanes}});
  Classifier(with).Run(v1::MEASURE_CHOICE_NEW);
  // A few percent are asked for: many short turns beside each other, for the machine's own speed changes by more.
  constexpr int kFiner = 5;
  Plan finer = plan;
  if (!plan.quick) {
    finer.pairs *= kFiner;
    finer.seconds /= kFiner;
  }
  const auto turns = TakeTurns(finer, {with.ClosedLoop("with lifecycle"), without.ClosedLoop("without")});
  Figure figure = ScansPerSecond("L1", engine, "durable Scan with the lifecycle / without", 0.97, turns[0], turns[1]);
  figure.note = fmt::format("{} pairs of {:g} s", finer.pairs, finer.seconds);
  return {figure};
}

std::vector<Figure> MeasureScansBesideClassification(const Plan& plan, storage::Engine engine) {
  const std::int64_t members = plan.quick ? kFewForQuick : 1'000'000;
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  shop.server().Stop();
  FillMembers(*RawDatabase::Open(shop.installation().url()), kMembers, members);
  MakeDiverse(*RawDatabase::Open(shop.installation().url()));
  shop.server().Start();
  const Classifier classifier(shop);
  classifier.Run(v1::MEASURE_CHOICE_NEW);
  const auto all = static_cast<std::uint64_t>(members);
  Side alone = shop.ClosedLoop("scans alone", all);
  Side beside = alone;
  beside.name = "beside a classification";
  beside.run = [&](double seconds) {
    const v1::Job job = classifier.Start(v1::MEASURE_CHOICE_NEW);
    const Turn turn = alone.run(seconds);
    if (!plan.quick && classifier.HasEnded(job)) throw std::runtime_error("the classification was too short");
    while (!classifier.HasEnded(job)) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return turn;
  };
  const auto turns = TakeTurns(plan, {beside, alone});
  return {ScansPerSecond("L2", engine, fmt::format("Scan beside a classification of {} members / without", members),
                         0.90, turns[0], turns[1])};
}

std::vector<Figure> MeasureClassification(const Plan& plan, storage::Engine engine) {
  const std::int64_t members = plan.quick ? kFewForQuick : 1'000'000;
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  shop.server().Stop();
  const auto database = RawDatabase::Open(shop.installation().url());
  FillMembers(*database, kMembers, members);
  MakeDiverse(*database);
  shop.server().Start();
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
    shares.push_back(day.back() / Median(full));
    fmt::print(stderr, "  {}/{}: {} members who are due in {:.3f} s, {} moves\n", turn + 1, turns, due, day.back(),
               moves);
  }
  const auto duckdb = DuckDbSeconds(members);
  std::vector<double> ratios;
  for (const double seconds : full) ratios.push_back(duckdb.empty() ? 1 : seconds / Median(duckdb));
  Figure whole =
      Ratio("P8", engine, fmt::format("classification of {} members, fit included / DuckDB's aggregation", members),
            duckdb.empty() ? 0 : 1, ratios, Median(full), "s");
  whole.note =
      (duckdb.empty() ? "DuckDB could not be had; " : fmt::format("DuckDB {:.2f} s; ", Median(duckdb))) +
      fmt::format("{:.0f} members/s, {:.0f} bytes of memory a member; the first, which writes all of them, {:.1f} s",
                  static_cast<double>(members) / Median(full), Median(bytes), first);
  Figure of_day =
      Ratio("P10", engine, "a day's classification when 1 % are due / a full one", 0.05, shares, Median(day), "s");
  of_day.note = fmt::format("in the last turn {} were due and {} moves were written", due, moves);
  return {whole, of_day};
}

}  // namespace loyalty::test
