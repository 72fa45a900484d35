#include "storage/retention_runs.h"

#include "storage/read_table.h"

namespace loyalty::storage {

std::int64_t NextRetentionRun(Session& session) {
  std::int64_t next = 1;
  session.Read("SELECT MAX(id) FROM retention_runs", [&next](std::int64_t last) { next = last + 1; });
  return next;
}

std::optional<RetentionRunRow> FindRetentionRun(Session& session, std::int64_t id) {
  return ReadByKey<RetentionRunRow>(session, id);
}

std::vector<RetentionRunRow> ReadRetentionRuns(Session& session, std::int64_t before, int limit) {
  static const auto kList = SetStatement::SelectEach<std::int64_t, int>(RetentionRunRow::table().select() +
                                                                        " WHERE id < ? ORDER BY id DESC LIMIT ?");
  return ReadRows<RetentionRunRow>(session, kList, Rows::Of(before, limit));
}

std::optional<RetentionRunRow> LastRun(Session& session, RunKind kind) {
  return First(ReadRows<RetentionRunRow>(
      session, " WHERE kind = " + std::to_string(static_cast<int>(kind)) + " ORDER BY id DESC LIMIT 1"));
}

std::optional<RetentionRunRow> LastUsableFit(Session& session) {
  return First(ReadRows<RetentionRunRow>(session, " WHERE kind = 1 AND model_kind > 0 ORDER BY id DESC LIMIT 1"));
}

}  // namespace loyalty::storage
