#include "storage/jobs.h"

#include "storage/read_table.h"

namespace loyalty::storage {

std::int64_t NextJobId(Session& session) {
  std::int64_t next = 1;
  session.Read("SELECT MAX(id) FROM jobs", [&next](std::int64_t last) { next = last + 1; });
  return next;
}

std::optional<JobRow> FindJob(Session& session, std::int64_t id) { return ReadByKey<JobRow>(session, id); }

std::vector<JobRow> ReadJobs(Session& session, std::int64_t before, int limit) {
  static const auto kList =
      SetStatement::SelectEach<std::int64_t, int>(JobRow::table().select() + " WHERE id < ? ORDER BY id DESC LIMIT ?");
  return ReadRows<JobRow>(session, kList, Rows::Of(before, limit));
}

std::vector<JobRow> OpenJobs(Session& session, int limit) {
  return ReadRows<JobRow>(session, " WHERE state IN (1, 2, 3) ORDER BY id LIMIT " + std::to_string(limit));
}

std::optional<Instant> LastJobTime(Session& session, const std::string& kind) {
  static const auto kLast = SetStatement::SelectIn("SELECT MAX(create_time) FROM jobs WHERE kind", Type::kText);
  std::optional<Instant> last;
  session.Read(kLast, Rows::Of(kind), [&last](std::optional<Instant> time) { last = time; });
  return last;
}

bool IsLeaseFree(Session& session, const std::string& name, const std::string& holder, Instant now) {
  const auto lease = ReadByKey<LeaseRow>(session, name);
  return !lease || lease->holder == holder || lease->expire_time <= now;
}

}  // namespace loyalty::storage
