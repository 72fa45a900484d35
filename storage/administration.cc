#include "storage/administration.h"

#include <algorithm>

#include "storage/read_table.h"

namespace loyalty::storage {

std::optional<StoreRow> FindStore(Session& session, const std::string& name) {
  static const auto kFind = SetStatement::SelectIn(StoreRow::table().select() + " WHERE name", Type::kText);
  return First(ReadRows<StoreRow>(session, kFind, Rows::Of(name)));
}

std::optional<TerminalRow> FindTerminal(Session& session, std::int64_t store_id, const std::string& name) {
  static const auto kFind = SetStatement::SelectEach<std::int64_t, std::string>(TerminalRow::table().select() +
                                                                                " WHERE store_id = ? AND name = ?");
  return First(ReadRows<TerminalRow>(session, kFind, Rows::Of(store_id, name)));
}

std::vector<TerminalEpochRow> ReadEpochsOf(Session& session, std::int64_t terminal_id) {
  static const auto kFind = SetStatement::SelectEach<std::int64_t>(TerminalEpochRow::table().select() +
                                                                   " WHERE terminal_id = ? ORDER BY epoch");
  return ReadRows<TerminalEpochRow>(session, kFind, Rows::Of(terminal_id));
}

std::optional<PrincipalRow> FindTerminalPrincipal(Session& session, std::int64_t terminal_id) {
  static const auto kFind =
      SetStatement::SelectIn(PrincipalRow::table().select() + " WHERE terminal_id", Type::kNumber);
  return First(ReadRows<PrincipalRow>(session, kFind, Rows::Of(terminal_id)));
}

std::optional<CatalogueRow> LastCatalogue(Session& session) {
  return First(ReadRows<CatalogueRow>(session, " ORDER BY version DESC LIMIT 1"));
}

std::optional<CatalogueRow> CatalogueAt(Session& session, Instant time) {
  static const auto kFind = SetStatement::SelectEach<std::int64_t>(
      CatalogueRow::table().select() + " WHERE effective_time <= ? ORDER BY version DESC LIMIT 1");
  return First(ReadRows<CatalogueRow>(session, kFind, Rows::Of(time)));
}

std::vector<CatalogueTime> CataloguesFrom(Session& session, Instant from) {
  static const auto kFind = SetStatement::SelectEach<std::int64_t>(
      "SELECT c.version, c.effective_time FROM catalogue_versions c WHERE c.effective_time >= ? AND NOT EXISTS (SELECT "
      "1 "
      "FROM catalogue_versions n WHERE n.version > c.version AND n.effective_time <= c.effective_time)");
  std::vector<CatalogueTime> times;
  session.Read(kFind, Rows::Of(from), [&times](std::int64_t version, Instant effective_time) {
    times.push_back({version, effective_time});
  });
  std::sort(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
  return times;
}

std::optional<CatalogueRow> FindCatalogue(Session& session, std::int64_t version) {
  return ReadByKey<CatalogueRow>(session, version);
}

}  // namespace loyalty::storage
