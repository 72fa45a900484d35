// PAGES: what a sale writes to SQLite's log and what it keeps in the file. A scan's cost there is its pages: each is
// checksummed into the log and copied back.
#include <fmt/format.h>

#include "tests/bench/measures.h"
#include "tests/bench/sale_cost.h"
#include "tests/bench/targets.h"

namespace loyalty::test {
namespace {

Figure PagesFigure(std::string what, double most, std::vector<double> values, const char* unit) {
  Figure figure;
  figure.id = "PAGES";
  figure.engine = "sqlite";
  figure.what = std::move(what);
  figure.target = most;
  figure.at_most = true;
  figure.value = Median(values);
  figure.ratios = std::move(values);
  figure.unit = unit;
  return figure;
}

}  // namespace

std::vector<Figure> MeasurePages(const Plan& plan) {
  SaleCostOptions options;
  if (plan.quick) {
    options.members = 1'000;
    options.history = 2;
    options.turns = 1;
    options.batches = 4;
  }
  const SaleCost cost = MeasureSaleCost(options);
  fmt::print(stderr, "  request ids by time: {:.2f} frames, {:.0f} bytes\n", Median(cost.frames), cost.bytes);
  options.ids = RequestIds::kRandom;
  const SaleCost random = MeasureSaleCost(options);
  fmt::print(stderr, "  random request ids: {:.2f} frames, {:.0f} bytes\n", Median(random.frames), random.bytes);
  std::vector<Figure> figures{
      PagesFigure(fmt::format("pages in the log, batches of {}, {} members / sale", options.batch, options.members),
                  target::kFramesOfSale, cost.frames, "frames"),
      PagesFigure(fmt::format("database after {} sales / sale", options.members * options.history),
                  target::kBytesOfSale, {cost.bytes}, "bytes"),
      PagesFigure("pages in the log, random request ids / sale", 0, random.frames, "frames"),
      PagesFigure("database, random request ids / sale", 0, {random.bytes}, "bytes")};
  figures.front().note = fmt::format("{:.0f} us in the write path", cost.microseconds);
  figures.front().parts = cost.parts;
  return figures;
}

}  // namespace loyalty::test
