#include "clients/demo/report.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/output.h"
#include "clients/table.h"
#include "domain/money.h"

namespace loyalty::client {
namespace {

constexpr std::array<std::string_view, DemoReport::kClasses> kClassNames{"0", "1", "2", "3-5", "6-10", "11-20", "21+"};
constexpr std::array<std::int64_t, DemoReport::kClasses - 1> kClassLast{0, 1, 2, 5, 10, 20};
constexpr std::int64_t kBarWidth = 20;
constexpr std::size_t kBusiest = 5;

std::string Seconds(double seconds) { return FormatDecimal(static_cast<std::int64_t>(seconds * 10 + 0.5), 1) + " s"; }

std::string Facts(const DemoReport& report) {
  const auto& replay = report.replay;
  FactSheet sheet;
  const double rate = replay.seconds > 0 ? static_cast<double>(replay.taken) / replay.seconds : 0;
  sheet.Add("Receipts", Grouped(replay.taken) + " in " + Seconds(replay.seconds) + ": " +
                            Grouped(static_cast<std::int64_t>(rate)) + " per second");
  if (replay.replayed > 0) sheet.Add("Before", Grouped(replay.replayed) + " of the receipts were there already");
  if (replay.rejected > 0) sheet.Add("Rejected", Grouped(replay.rejected) + ", see " + replay.rejects.string());
  sheet.Add("From", Grouped(static_cast<std::int64_t>(report.stores)) + " stores, " +
                        Grouped(static_cast<std::int64_t>(report.terminals)) + " terminals, " +
                        Grouped(static_cast<std::int64_t>(report.members)) + " members");
  sheet.Add("Days", FormatDay(report.first_day) + " to " + FormatDay(report.last_day) + " (moved by " +
                        Grouped(report.shift_days / 7) + " weeks)");
  // What an earlier demo has burnt is not known: what is missing then has not expired.
  const std::int64_t expired =
      replay.replayed > 0 ? 0 : replay.points_earned - report.points_burnt - report.points_outstanding;
  sheet.Add("Points", Grouped(replay.points_earned) + " issued, " + Grouped(report.points_burnt) + " burnt, " +
                          Grouped(report.points_outstanding) + " outstanding" +
                          (expired == 0 ? "" : ", " + Grouped(expired) + " expired"));
  sheet.Add("Redemptions",
            Grouped(report.redemptions) + ": " + Grouped(report.rewards) + " rewards, " +
                Grouped(report.redemptions - report.rewards) + " for money, " + Grouped(report.baskets) +
                " on a basket; " + MoneyText(report.value_minor, report.currency) + " off" +
                (report.redemptions_refused == 0 ? "" : "; " + Grouped(report.redemptions_refused) + " refused"));
  return sheet.Render();
}

using Stores = std::vector<std::pair<std::string, DemoReport::StoreFigures>>;

Stores BusiestStores(const DemoReport& report) {
  Stores stores(report.by_store.begin(), report.by_store.end());
  std::stable_sort(stores.begin(), stores.end(),
                   [](const auto& a, const auto& b) { return a.second.receipts > b.second.receipts; });
  stores.resize(std::min(stores.size(), kBusiest));
  return stores;
}

// Two tables side by side: one below the other they would not fit.
std::string Tables(const DemoReport& report, bool colour) {
  const std::int64_t most =
      std::max<std::int64_t>(1, *std::max_element(report.by_purchase_days.begin(), report.by_purchase_days.end()));
  const Stores stores = BusiestStores(report);
  Table table({{"purchase days", Align::kRight},
               {"members", Align::kRight},
               {""},
               {"busiest stores"},
               {"receipts", Align::kRight},
               {"points", Align::kRight}});
  static_assert(kBusiest <= DemoReport::kClasses);
  for (std::size_t i = 0; i < DemoReport::kClasses; ++i) {
    const std::int64_t members = report.by_purchase_days[i];
    // Whoever is there gets a mark, however few.
    const std::int64_t width = members == 0 ? 0 : std::max<std::int64_t>(1, members * kBarWidth / most);
    std::vector<std::string> cells{std::string(kClassNames[i]), Grouped(members),
                                   std::string(static_cast<std::size_t>(width), '#')};
    if (i < stores.size()) {
      cells.insert(cells.end(),
                   {stores[i].first, Grouped(stores[i].second.receipts), Grouped(stores[i].second.points)});
    }
    cells.resize(6);
    table.AddRow(std::move(cells));
  }
  return table.Render(colour);
}

}  // namespace

std::size_t PurchaseDayClass(std::int64_t days) {
  return static_cast<std::size_t>(std::lower_bound(kClassLast.begin(), kClassLast.end(), days) - kClassLast.begin());
}

std::string RenderReport(const DemoReport& report, bool colour) {
  return Facts(report) + "\n" + Tables(report, colour);
}

}  // namespace loyalty::client
