#include "storage/retention_runs.h"

namespace loyalty::storage {
namespace {

const std::string kColumns = "SELECT id, kind, model_kind, content, create_time FROM retention_runs WHERE ";
constexpr const char* kTypes = "iiiti";
const SetStatement kInsert = SetStatement::Insert(
    "retention_runs", {"id", "kind", "model_kind", "content", "create_time", "created_by"}, "iiitii");
const SetStatement kFind = SetStatement::SelectEach(kColumns + "id = ?", "i", kTypes);
const SetStatement kList = SetStatement::SelectEach(kColumns + "id < ? ORDER BY id DESC LIMIT ?", "ii", kTypes);

RetentionRunRow RunOf(const ResultRow& row) {
  return {row.Number(0), static_cast<RunKind>(row.Number(1)), static_cast<int>(row.Number(2)), row.Text(3),
          row.Number(4)};
}

}  // namespace

std::int64_t NextRetentionRun(Session& session) {
  std::int64_t next = 1;
  session.Read("SELECT MAX(id) FROM retention_runs", "i", [&next](const ResultRow& row) { next = row.Number(0) + 1; });
  return next;
}

void InsertRetentionRun(Session& session, const RetentionRunRow& run, std::int64_t token_id) {
  Rows rows(6);
  rows.Add(run.id, static_cast<int>(run.kind), run.model_kind, run.content, run.create_time, token_id);
  session.Write(kInsert, rows);
}

std::optional<RetentionRunRow> FindRetentionRun(Session& session, std::int64_t id) {
  std::optional<RetentionRunRow> run;
  Rows rows(1);
  rows.Add(id);
  session.Read(kFind, rows, [&run](const ResultRow& row) { run = RunOf(row); });
  return run;
}

std::vector<RetentionRunRow> ReadRetentionRuns(Session& session, std::int64_t before, int limit) {
  std::vector<RetentionRunRow> runs;
  Rows rows(2);
  rows.Add(before, limit);
  session.Read(kList, rows, [&runs](const ResultRow& row) { runs.push_back(RunOf(row)); });
  return runs;
}

std::optional<RetentionRunRow> LastRun(Session& session, RunKind kind) {
  std::optional<RetentionRunRow> last;
  session.Read(kColumns + "kind = " + std::to_string(static_cast<int>(kind)) + " ORDER BY id DESC LIMIT 1", kTypes,
               [&last](const ResultRow& row) { last = RunOf(row); });
  return last;
}

std::optional<RetentionRunRow> LastUsableFit(Session& session) {
  std::optional<RetentionRunRow> last;
  session.Read(kColumns + "kind = 1 AND model_kind > 0 ORDER BY id DESC LIMIT 1", kTypes,
               [&last](const ResultRow& row) { last = RunOf(row); });
  return last;
}

}  // namespace loyalty::storage
