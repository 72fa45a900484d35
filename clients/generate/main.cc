// loyalty-generate: a year of a retailer whose customers' truth is known.
#include <chrono>

#include "clients/command_line.h"
#include "clients/failure.h"
#include "clients/generate/generate.h"
#include "clients/output.h"
#include "clients/table.h"

namespace loyalty::client {
namespace {

constexpr char kHelp[] =
    "A member's purchases follow the MBG/CNBD-k: gaps are Erlang-k with a rate of the member's own, and after each\n"
    "purchase the member stops for good with a probability of its own. The year has seasons, deal weeks and seekers "
    "of\n"
    "deals, members with several cards, receipts without one, deposits and empties, two tax rates, gift cards, "
    "payments\n"
    "with points, and returns. It begins on 2025-01-01. The same seed gives the same bytes.\n\n"
    "The truth has one row a member: its cards, k, rate (lambda, in k purchases a day), probability to stop after "
    "each\n"
    "purchase (dropout), mean basket, first and last purchase, whether it is still alive at the end.\n\n"
    "Examples:\n"
    "  loyalty-generate --seed 1 --members 5000 --days 365 --out year.csv --truth truth.csv\n"
    "  loyalty-generate --seed 7 --members 3000 --days 1095 --plain --k 2 --no-returns --out r.csv --truth t.csv\n"
    "  loyalty-generate --members 800000 --days 365 --out ten_million.csv --truth truth.csv";

struct Arguments {
  Population population;
  std::string out, truth;
  bool no_returns = false;
};

int Main(int argc, char** argv) {
  Arguments arguments;
  Population& population = arguments.population;
  CommandLine line("loyalty-generate", "Makes a year of receipts of a retailer whose customers' truth is known.");
  const Command root = line.root();
  std::int64_t seed = 1;
  root.Add("--seed", seed, "Another seed is another year").ShowDefault();
  root.Add("--members", population.members, "Customers with cards").Positive().ShowDefault();
  root.Add("--days", population.days, "Length of the year").Range(1, kDaysMost).ShowDefault();
  root.AddFlag("--plain", population.plain, "Stationary: no seasons, no deals, goods only, one card each");
  root.Add("--k", population.plain_k, "With --plain: regularity of all members").Range(1, 3).ShowDefault();
  root.AddFlag("--no-returns", arguments.no_returns, "Nobody brings anything back");
  root.Add("--out", arguments.out, "The receipts").Type("FILE.csv").Required();
  root.Add("--truth", arguments.truth, "What is true of each member").Type("FILE.csv").Required();
  root.Footer(kHelp);
  if (const auto code = line.Parse({argv + 1, argv + argc})) return *code;
  population.seed = static_cast<std::uint64_t>(seed);
  population.returns = !arguments.no_returns;
  Outcome outcome;
  if (population.members > kMembersMost) {
    outcome = UsageFailure("--members: at most " + Grouped(kMembersMost));
  } else {
    GeneratedYear written;
    const auto start = std::chrono::steady_clock::now();
    outcome = WriteYear(population, arguments.out, arguments.truth, written);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!outcome)
      Print(Grouped(written.receipts) + " receipts with " + Grouped(written.rows) + " lines of " +
            Grouped(population.members) + " members in " + std::to_string(static_cast<int>(seconds + 0.5)) + " s\n");
  }
  return Report("loyalty-generate", outcome);
}

}  // namespace
}  // namespace loyalty::client

int main(int argc, char** argv) { return loyalty::client::Main(argc, argv); }
