#include "storage/jobs.h"

#include "storage/guards.h"

namespace loyalty::storage {
namespace {

const std::string kColumns =
    "SELECT id, kind, state, request_id, done, total, payload, result, create_time, update_time, version FROM jobs "
    "WHERE ";
constexpr const char* kResult = "ititiittiii";
const SetStatement kInsert = SetStatement::Insert("jobs",
                                                  {"id", "kind", "state", "request_id", "done", "total", "payload",
                                                   "result", "create_time", "update_time", "version"},
                                                  kResult);
const SetStatement kFind = SetStatement::SelectIn(kColumns + "id", "i", "", kResult);
const SetStatement kLock = SetStatement::SelectIn(kColumns + "id", "i", "", kResult, true);
const SetStatement kList = SetStatement::SelectEach(kColumns + "id < ? ORDER BY id DESC LIMIT ?", "ii", kResult);
const SetStatement kLastTime = SetStatement::SelectIn("SELECT MAX(create_time) FROM jobs WHERE kind", "t", "", "i");
const SetStatement kUpdate =
    SetStatement::Update("jobs", {"id"}, {"state", "done", "total", "result", "update_time"}, true, "iiiitii");

const SetStatement kFindLease =
    SetStatement::SelectIn("SELECT holder, expire_time, version FROM leases WHERE name", "t", "", "tii");
const SetStatement kLockLease =
    SetStatement::SelectIn("SELECT holder, expire_time, version FROM leases WHERE name", "t", "", "tii", true);
const SetStatement kInsertLease = SetStatement::Insert("leases", {"name", "holder", "expire_time", "version"}, "ttii");
const SetStatement kUpdateLease = SetStatement::Update("leases", {"name"}, {"holder", "expire_time"}, true, "ttii");

struct Lease {
  std::string holder;
  Instant expire_time = 0;
  std::int64_t version = 0;
};

Rows One(Cell key) {
  Rows rows(1);
  rows.Add(std::move(key));
  return rows;
}

JobRow JobOf(const ResultRow& row) {
  return {row.Number(0), row.Text(1),   static_cast<JobState>(row.Number(2)),
          row.Text(3),   row.Number(4), row.Number(5),
          row.Text(6),   row.Text(7),   row.Number(8),
          row.Number(9), row.Number(10)};
}

std::optional<JobRow> FindOne(Session& session, const SetStatement& statement, const Rows& rows) {
  std::optional<JobRow> job;
  session.Read(statement, rows, [&job](const ResultRow& row) { job = JobOf(row); });
  return job;
}

std::optional<Lease> FindLease(Session& session, const SetStatement& statement, const std::string& name) {
  std::optional<Lease> lease;
  session.Read(statement, One(name), [&lease](const ResultRow& row) {
    lease = Lease{row.Text(0), row.Number(1), row.Number(2)};
  });
  return lease;
}

bool WriteLease(Session& session, const std::string& name, const std::string& holder, Instant expire_time,
                std::int64_t version) {
  Rows rows(4);
  rows.Add(name, holder, expire_time, version);
  return session.Write(kUpdateLease, rows) == 1;
}

}  // namespace

std::int64_t InsertJob(Session& session, JobRow job) {
  session.Read("SELECT COALESCE(MAX(id), 0) FROM jobs", "i",
               [&job](const ResultRow& row) { job.id = row.Number(0) + 1; });
  Rows rows(11);
  rows.Add(job.id, job.kind, static_cast<int>(job.state), job.request_id, job.done, job.total, job.payload, job.result,
           job.create_time, job.update_time, 1);
  session.Write(kInsert, rows);
  return job.id;
}

std::optional<JobRow> FindJob(Session& session, std::int64_t id) { return FindOne(session, kFind, One(id)); }

std::optional<JobRow> LockJob(Session& session, std::int64_t id) { return FindOne(session, kLock, One(id)); }

std::vector<JobRow> ReadJobs(Session& session, std::int64_t before, int limit) {
  std::vector<JobRow> jobs;
  Rows rows(2);
  rows.Add(before, limit);
  session.Read(kList, rows, [&jobs](const ResultRow& row) { jobs.push_back(JobOf(row)); });
  return jobs;
}

std::optional<JobRow> NextJob(Session& session) {
  std::optional<JobRow> job;
  session.Read(kColumns + "state IN (1, 2, 3) ORDER BY id LIMIT 1", kResult,
               [&job](const ResultRow& row) { job = JobOf(row); });
  return job;
}

std::optional<Instant> LastJobTime(Session& session, const std::string& kind) {
  std::optional<Instant> time;
  session.Read(kLastTime, One(kind), [&time](const ResultRow& row) {
    if (!row.IsNull(0)) time = row.Number(0);
  });
  return time;
}

void UpdateJob(Session& session, const JobRow& job) {
  Rows rows(7);
  rows.Add(job.id, static_cast<int>(job.state), job.done, job.total, job.result, job.update_time, job.version);
  if (session.Write(kUpdate, rows) != 1) throw Failure(FailureKind::kConflict, "a job changed since it was read");
}

bool TakeLease(Session& session, const std::string& name, const std::string& holder, Instant now, Instant expire_time) {
  const auto lease = FindLease(session, kLockLease, name);
  if (lease) {
    if (lease->holder != holder && lease->expire_time > now) return false;
    return WriteLease(session, name, holder, expire_time, lease->version);
  }
  Rows rows(4);
  rows.Add(name, holder, expire_time, 1);
  session.Write(kInsertLease, rows);
  return true;
}

bool KeepLease(Session& session, const std::string& name, const std::string& holder, Instant expire_time) {
  const auto lease = FindLease(session, kLockLease, name);
  if (!lease || (lease->holder != holder && TheGuards().job_lease)) return false;
  return WriteLease(session, name, holder, expire_time, lease->version);
}

bool IsLeaseFree(Session& session, const std::string& name, const std::string& holder, Instant now) {
  const auto lease = FindLease(session, kFindLease, name);
  return !lease || lease->holder == holder || lease->expire_time <= now;
}

}  // namespace loyalty::storage
