#include "storage/administration.h"

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

std::optional<PrincipalRow> FindTerminalPrincipal(Session& session, std::int64_t terminal_id) {
  static const auto kFind =
      SetStatement::SelectIn(PrincipalRow::table().select() + " WHERE terminal_id", Type::kNumber);
  return First(ReadRows<PrincipalRow>(session, kFind, Rows::Of(terminal_id)));
}

std::vector<KeyRow> ReadKeysOf(Session& session, std::int64_t principal_id) {
  static const auto kFind = SetStatement::SelectIn(KeyRow::table().select() + " WHERE principal_id", Type::kNumber);
  return ReadRows<KeyRow>(session, kFind, Rows::Of(principal_id));
}

std::optional<CatalogueRow> LastCatalogue(Session& session) {
  return First(ReadRows<CatalogueRow>(session, " ORDER BY version DESC LIMIT 1"));
}

std::optional<CatalogueRow> FindCatalogue(Session& session, std::int64_t version) {
  return ReadByKey<CatalogueRow>(session, version);
}

}  // namespace loyalty::storage
