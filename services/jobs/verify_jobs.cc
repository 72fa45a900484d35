// VerifyLedger and VerifyStatistics: the whole program is looked at, and nothing of it changed.
#include "loyalty/v1/ledger_service.pb.h"
#include "loyalty/v1/retention_service.pb.h"
#include "services/codec/names.h"
#include "services/codec/retention_codec.h"
#include "services/jobs/work.h"
#include "storage/member_reads.h"
#include "storage/verify.h"

namespace loyalty {
namespace {

using storage::VerifyReport;

void Fill(const VerifyReport& report, v1::LedgerVerification& out) {
  out.set_members(report.members);
  out.set_entries(report.entries);
  out.set_lots(report.lots);
  out.set_receipts(report.receipts);
  out.set_consistent(report.first_difference.empty());
  out.set_first_difference(report.first_difference);
}

void Fill(const VerifyReport& report, v1::StatisticsVerification& out) {
  out.set_members(report.members);
  out.set_receipts(report.receipts);
  out.set_consistent(report.first_difference.empty());
  out.set_first_difference(report.first_difference);
}

// What progress counts.
std::int64_t DoneOf(const VerifyReport& report) { return report.members + report.receipts; }

// `verify(only, progress)` looks; what it found ends the job well, also a difference. A job that another server goes on
// with begins again: a verification is worth what it saw at one time.
template <typename Findings, typename Request, typename Verify>
JobEnd Work(JobContext& context, const Verify& verify) {
  Request request;
  if (!ReadRequest(context.job(), request))
    return context.Fail({Reason::kInternal, "a stored job cannot be read; is this server older?", {}});
  std::optional<std::int64_t> only;
  std::int64_t total = 1;  // members, and of the ledger the receipts too
  if (!request.member().empty()) {
    const auto name = ParseMemberName("member", request.member());
    const auto member = name ? storage::FindMember(context.session(), *name) : std::nullopt;
    if (!member) return context.Fail({Reason::kMemberUnknown, "there is no such member", {}});
    only = member->id;
  } else {
    total = storage::RowsToVerify(context.session());
  }
  bool go_on = true;
  const VerifyReport report = verify(only, [&](const VerifyReport& so_far) {
    return go_on = context.Report(DoneOf(so_far), std::max(total, DoneOf(so_far)));
  });
  if (!go_on) return context.ended();
  Findings findings;
  Fill(report, findings);
  return context.Finish([&](StepView& view) -> Result<std::string> {
    view.job->done = view.job->total = DoneOf(report);
    return RunText(findings);
  });
}

}  // namespace

JobEnd WorkOnLedgerVerification(JobContext& context) {
  return Work<v1::LedgerVerification, v1::VerifyLedgerRequest>(context, [&](auto only, const auto& progress) {
    return storage::VerifyLedger(context.session(), context.deps().keys, only, {}, progress);
  });
}

JobEnd WorkOnStatisticsVerification(JobContext& context) {
  return Work<v1::StatisticsVerification, v1::VerifyStatisticsRequest>(context, [&](auto only, const auto& progress) {
    return storage::VerifyStatistics(context.session(), context.deps().keys, only, progress);
  });
}

}  // namespace loyalty
