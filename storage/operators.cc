#include "storage/operators.h"

#include "storage/read_table.h"

namespace loyalty::storage {

std::optional<OperatorRow> FindOperator(Session& session, std::int64_t id) {
  return ReadByKey<OperatorRow>(session, id);
}

std::vector<OperatorRow> ReadOperatorsAfter(Session& session, std::int64_t store_id, std::int64_t after, int limit) {
  static const auto kFind = SetStatement::SelectEach<std::int64_t, std::int64_t, int>(
      OperatorRow::table().select() + " WHERE store_id = ? AND id > ? ORDER BY id LIMIT ?");
  return ReadRows<OperatorRow>(session, kFind, Rows::Of(store_id, after, limit));
}

std::vector<OperatorSessionRow> ReadSessionsOf(Session& session, std::int64_t operator_id) {
  static const auto kFind = SetStatement::SelectIn(OperatorSessionRow::table().select() + " WHERE operator_id",
                                                   Type::kNumber, " ORDER BY terminal_id");
  return ReadRows<OperatorSessionRow>(session, kFind, Rows::Of(operator_id));
}

std::vector<OperatorSessionRow> ReadSessionsAt(Session& session, std::int64_t terminal_id) {
  static const auto kFind = SetStatement::SelectIn(OperatorSessionRow::table().select() + " WHERE terminal_id",
                                                   Type::kNumber, " ORDER BY operator_id");
  return ReadRows<OperatorSessionRow>(session, kFind, Rows::Of(terminal_id));
}

}  // namespace loyalty::storage
