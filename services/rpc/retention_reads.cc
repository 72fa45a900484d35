// Reads of the retention service: the members of a run, earlier runs, cohorts, and the proof of the statistics.
#include "services/codec/names.h"
#include "services/codec/retention_codec.h"
#include "services/rpc/page_token.h"
#include "services/rpc/read_member.h"
#include "services/rpc/retention_service.h"
#include "services/rpc/start_job.h"
#include "storage/names.h"

namespace loyalty {
namespace {

using storage::DayWindow;
using storage::RunKind;

constexpr retention::Month kCohortMonthsMax = 600;  // a table has a cell for each pair of months
constexpr int kMembersOfPage = 500;                 // read at once for a page of members

// Up to `size` members after `after`; the position of the next page, 0 when there is none.
Result<std::int64_t> FillRfmPage(storage::Session& session, const v1::RfmRun& run, std::int64_t after, int size,
                                 v1::ListRfmMembersResponse& response) {
  const auto window = ToWindow(run.from_date(), run.until_date(), kNever);
  if (!window) return window.error();
  const retention::RfmCutPoints cut_points = CutPointsOf(run);
  std::vector<std::int64_t> ids;
  bool more = false;
  const auto take = [&](std::int64_t member_id, std::span<const retention::MemberDay> days) {
    more = static_cast<int>(ids.size()) == size;
    if (more) return false;
    ids.push_back(member_id);
    const auto values = retention::RfmValuesOf(retention::Summarise(days), window->until);
    const auto scores = retention::ScoreRfm(values, cut_points);
    auto& out = *response.add_members();
    out.set_recency_days(values.recency_days);
    out.set_purchase_days(values.purchase_days);
    out.set_spend_minor(values.spend_minor);
    out.set_recency(scores.recency);
    out.set_frequency(scores.frequency);
    out.set_monetary(scores.monetary);
    out.set_segment(static_cast<v1::RfmSegment>(retention::SegmentOf(scores)));
    return true;
  };
  storage::ReadPurchaseDays(session, *window, after, take, {.members_at_once = kMembersOfPage});
  const auto names = storage::ReadPublicIds(session, ids);
  for (std::size_t i = 0; i < ids.size(); ++i)
    response.mutable_members(static_cast<int>(i))->set_member("members/" + storage::PublicName(names.at(ids[i])));
  return more ? ids.back() : 0;
}

Status Cohorts(const Wire& wire, storage::Session& session, const DayWindow& window,
               v1::GetCohortReportResponse& response) {
  const retention::Month until = retention::MonthOf(window.until);
  retention::CohortTable table(until - kCohortMonthsMax + 1, until);
  std::vector<retention::Day> bought;
  bool too_early = false;
  (void)ReadMembers(wire, session, window, [&](std::span<const retention::MemberDay> days) {
    too_early = too_early || retention::MonthOf(days.front().day) < table.first();
    bought.clear();
    for (const auto& day : days) bought.push_back(day.day);
    table.Add(bought);
  });
  if (too_early) return InvalidField("from_date", "there are purchases 600 months before until_date: give a later one");
  FillCohorts(table, response);
  return Ok{};
}

}  // namespace

Status ListRfmMembers(Call& call, const v1::ListRfmMembersRequest& request, v1::ListRfmMembersResponse& response) {
  const std::string scope = "rfm|" + request.run();
  if (const auto id = ParseRunName("run", request.run()); !id) return id.error();
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope](storage::Session& session) -> Result<bool> {
    const auto row = storage::FindRetentionRun(session, *ParseRunName("run", request.run()));
    if (!row || row->kind != RunKind::kRfm)
      return Error{Reason::kRunUnknown, "there is no such run of ScoreRfm", {{"field", "run"}}};
    const auto run = RunMessage(*row);
    if (!run) return run.error();
    const std::string position = *ReadPageToken(call.deps().keys, scope, request.page_token());
    response.Clear();
    const auto last = FillRfmPage(session, run->rfm(), position.empty() ? 0 : std::stoll(position),
                                  *PageSize(request.page_size()), response);
    if (!last) return last.error();
    if (*last != 0) response.set_next_page_token(MakePageToken(call.deps().keys, scope, std::to_string(*last)));
    return true;
  });
}

Status ListRuns(Call& call, const v1::ListRunsRequest& request, v1::ListRunsResponse& response) {
  const std::string scope = "retention_runs";
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope](storage::Session& session) -> Result<bool> {
    const auto read = [&](std::int64_t before, int limit) {
      return storage::ReadRetentionRuns(session, before, limit);
    };
    const auto add = [&response](const storage::RetentionRunRow& row) {
      auto run = RunMessage(row);
      // One that a newer server wrote is listed without what it found.
      if (!run) response.add_runs()->set_name(RunName(row.id));
      if (run) *response.add_runs() = *std::move(run);
    };
    FillNewestFirst(request, call.deps().keys, scope, read, add, response);
    return true;
  });
}

Status GetRun(Call& call, const v1::GetRunRequest& request, v1::GetRunResponse& response) {
  const auto id = ParseRunName("name", request.name());
  if (!id) return id.error();
  return StartRead(call, [&response, id = *id](storage::Session& session) -> Result<bool> {
    const auto row = storage::FindRetentionRun(session, id);
    if (!row) return Error{Reason::kRunUnknown, "there is no such run", {{"field", "name"}}};
    auto run = RunMessage(*row);
    if (!run) return run.error();
    *response.mutable_run() = *std::move(run);
    return true;
  });
}

Status GetCohortReport(Call& call, const v1::GetCohortReportRequest& request, v1::GetCohortReportResponse& response) {
  const auto window = ToWindow(request.from_date(), request.until_date(), call.now);
  if (!window) return window.error();
  return StartLongRead(call, [&call, &response, window = *window](storage::Session& session) {
    return Cohorts(call, session, window, response);
  });
}

Status VerifyStatistics(Call& call, const v1::VerifyStatisticsRequest& request,
                        v1::VerifyStatisticsResponse& response) {
  return StartMemberJob(call, v1::JOB_KIND_VERIFY_STATISTICS, request, response);
}

}  // namespace loyalty
