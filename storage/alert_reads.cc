#include "storage/alert_reads.h"

#include <algorithm>
#include <tuple>

#include "storage/read_table.h"

namespace loyalty::storage {
namespace {

using Id = std::int64_t;

// The limits of a kind, a bit each.
int LimitsOf(std::optional<AlertKind> kind) {
  unsigned bits = 0;
  for (const Limit limit : kAllLimits)
    if (!kind || KindOf(limit) == *kind) bits |= 1U << static_cast<unsigned>(limit);
  return static_cast<int>(bits);
}

}  // namespace

std::vector<AlertRow> ReadAlerts(Session& session, const AlertFilter& filter, Id before, int limit) {
  static const auto kList =
      SetStatement::SelectEach<Instant, Instant, Id, int, int, int, Id, Id, Instant, Instant, int>(
          AlertRow::table().select() +
          " WHERE (first_time < ? OR (first_time = ? AND id < ?)) AND (? = 0 OR state = ?) AND "
          "((1 << limit_kind) & ?) <> 0 AND (? = 0 OR store_id = ?) AND "
          "last_time >= ? AND last_time < ? ORDER BY first_time DESC, id DESC LIMIT ?");
  const auto behind = FindAlert(session, before);
  const Instant time = behind ? behind->first_time : kNever;
  auto rows = ReadRows<AlertRow>(session, kList,
                                 Rows::Of(time, time, before, filter.state, filter.state, LimitsOf(filter.kind),
                                          filter.store_id, filter.store_id, filter.from, filter.to, limit));
  // A page that comes back through a derived table has no promised order.
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return std::tie(a.first_time, a.id) > std::tie(b.first_time, b.id); });
  return rows;
}

std::optional<AlertRow> FindAlert(Session& session, Id id) {
  static const auto kOne = SetStatement::SelectEach<Id>(AlertRow::table().select() + " WHERE id = ?");
  auto rows = ReadRows<AlertRow>(session, kOne, Rows::Of(id));
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::map<Id, std::string> ReadPrincipalNames(Session& session, const std::vector<Id>& ids) {
  static const auto kNames = SetStatement::SelectIn("SELECT id, name FROM principals WHERE id", Type::kNumber);
  std::map<Id, std::string> names;
  Rows rows(1);
  for (const Id id : ids) rows.Add(id);
  session.Read(kNames, rows, [&names](Id id, const std::string& name) { names[id] = name; });
  return names;
}

}  // namespace loyalty::storage
