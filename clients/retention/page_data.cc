#include "clients/retention/page_data.h"

#include <chrono>
#include <map>

#include "clients/files.h"
#include "clients/output.h"
#include "clients/retention/lifecycle.h"
#include "clients/retention/page.h"
#include "clients/retention/wire.h"
#include "domain/json_writer.h"
#include "domain/money.h"
#include "domain/time.h"
#include "loyalty/v1/retention_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::RetentionService::Stub;

constexpr std::chrono::minutes kDeadline{30};
constexpr int kMonthsShown = 12;
constexpr int kCandidatesShown = 25;
constexpr int kRunsLookedAt = 200;

// A value of an enum without the prefix that all share.
std::string Key(const google::protobuf::EnumDescriptor& type, int value) {
  std::string text = EnumText(type, value);
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string LostKey(v1::LostStage lost) {
  return lost == v1::LOST_STAGE_UNSPECIFIED ? "" : "L" + std::to_string(static_cast<int>(lost));
}

std::string ReasonKey(v1::LifecycleRuleKind rule) {
  return rule == v1::LIFECYCLE_RULE_KIND_CEILING ? "SILENT_TOO_LONG" : Key(*v1::LifecycleRuleKind_descriptor(), rule);
}

// The day and the last days of the eleven months before it, as far as anybody had bought; ascending.
std::vector<Day> FlowDays(Day as_of, const std::string& first_month) {
  std::vector<Day> days{as_of};
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{as_of}}};
  std::chrono::year_month month{date.year(), date.month()};
  for (int i = 0; i < kMonthsShown; ++i) {
    month -= std::chrono::months{1};
    const auto last = std::chrono::sys_days{month / std::chrono::last};
    const auto day = static_cast<Day>(last.time_since_epoch().count());
    if (day >= as_of) continue;
    if (FormatDay(day).substr(0, first_month.size()) < first_month) break;
    days.insert(days.begin(), day);
  }
  return days;
}

class PageData {
 public:
  explicit PageData(Session& session)
      : session_(session), stub_(v1::RetentionService::NewStub(session.connection().channel())) {}

  Outcome Read(const std::string& as_of_date) {
    v1::GetLifecycleSummaryRequest summary;
    summary.set_as_of_date(as_of_date);
    if (auto failed = Ask(&Stub::GetLifecycleSummary, "count stages", summary, &summary_)) return failed;
    const std::string& day = summary_.as_of_date();
    v1::GetRfmMatrixRequest rfm;
    rfm.set_as_of_date(day);
    if (auto failed = Ask(&Stub::GetRfmMatrix, "count RFM codes", rfm, &rfm_)) return failed;
    v1::GetCohortReportRequest cohorts;
    cohorts.set_until_date(day);
    if (auto failed = Ask(&Stub::GetCohortReport, "tabulate cohorts", cohorts, &cohorts_)) return failed;
    if (auto failed = ReadFlow(*ParseDay(day))) return failed;
    if (auto failed = ReadBacktest()) return failed;
    v1::ListReactivationCandidatesRequest candidates;
    candidates.set_page_size(kCandidatesShown);
    if (auto failed = Ask(&Stub::ListReactivationCandidates, "list candidates", candidates, &worth_)) return failed;
    candidates.set_view(v1::CANDIDATE_VIEW_NOT_WORTH);
    return Ask(&Stub::ListReactivationCandidates, "list candidates", candidates, &not_worth_);
  }

  std::string Json(const std::string& title) {
    JsonWriter json;
    json.BeginObject();
    json.Add("title", title).Add("currency", summary_.currency_code());
    json.Add("currency_exponent", CurrencyExponent(summary_.currency_code()).value_or(2));
    json.Add("as_of", summary_.as_of_date()).Add("members", summary_.members());
    AddStages(json);
    AddFlow(json);
    json.Name("rfm").BeginObject();
    AddRfm(json);
    json.End();
    AddCohorts(json);
    if (has_backtest_) AddCalibration(json);
    json.Name("candidates").BeginObject();
    json.Add("worth_total", worth_.total_members()).Add("worth_value_minor", worth_.total_value_minor());
    json.Add("not_worth_total", not_worth_.total_members());
    AddCandidates(json, "worth", worth_);
    AddCandidates(json, "not_worth", not_worth_);
    json.End();
    json.End();
    return json.TakeLine();
  }

 private:
  template <typename Request, typename Response>
  Outcome Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), const char* doing,
              const Request& request, Response* response) {
    return session_.Read(*stub_, method, doing, request, response, kDeadline);
  }

  Outcome ReadFlow(Day as_of) {
    if (cohorts_.months().empty()) return {};
    const auto days = FlowDays(as_of, cohorts_.months(0).month());
    if (days.size() < 2) return {};
    v1::GetLifecycleMatrixRequest request;
    for (const Day day : days) request.add_dates(FormatDay(day));
    flow_dates_ = request.dates();
    return Ask(&Stub::GetLifecycleMatrix, "compare stages", request, &flow_);
  }

  Outcome ReadBacktest() {
    v1::ListRunsRequest request;
    request.set_page_size(kRunsLookedAt);
    v1::ListRunsResponse runs;
    if (auto failed = Ask(&Stub::ListRuns, "list runs", request, &runs)) return failed;
    for (const auto& run : runs.runs()) {
      if (!run.has_backtest()) continue;
      Fill(run.name(), run.backtest(), trial_);
      backtest_ = run.backtest();
      has_backtest_ = true;
      break;
    }
    return {};
  }

  void AddStages(JsonWriter& json) const {
    struct Sum {
      std::int64_t members = 0, spend = 0;
      std::map<int, std::pair<std::int64_t, std::int64_t>> segments;
    };
    std::map<int, Sum> stages;
    std::map<int, std::pair<std::int64_t, std::int64_t>> lost;
    for (const auto& total : summary_.totals()) {
      Sum& sum = stages[total.standing().stage()];
      sum.members += total.members();
      sum.spend += total.spend_minor();
      auto& segment = sum.segments[total.standing().segment()];
      segment.first += total.members();
      segment.second += total.spend_minor();
      if (total.standing().lost_stage() == v1::LOST_STAGE_UNSPECIFIED) continue;
      lost[total.standing().lost_stage()].first += total.members();
      lost[total.standing().lost_stage()].second += total.spend_minor();
    }
    json.Name("stages").BeginList();
    for (const auto& [stage, sum] : stages) {
      json.BeginObject();
      json.Add("stage", Key(*v1::LifecycleStage_descriptor(), stage));
      json.Add("members", sum.members).Add("spend_minor", sum.spend);
      json.Name("segments").BeginList();
      for (const auto& [segment, figures] : sum.segments) {
        json.BeginObject(JsonLayout::kInline);
        json.Add("segment", Key(*v1::LifecycleSegment_descriptor(), segment));
        json.Add("members", figures.first).Add("spend_minor", figures.second);
        json.End();
      }
      json.End();
      json.End();
    }
    json.End();
    json.Name("lost_stages").BeginList();
    for (const auto& [stage, figures] : lost) {
      json.BeginObject(JsonLayout::kInline);
      json.Add("lost_stage", LostKey(static_cast<v1::LostStage>(stage)));
      json.Add("members", figures.first).Add("spend_minor", figures.second);
      json.End();
    }
    json.End();
  }

  void AddFlow(JsonWriter& json) const {
    if (flow_dates_.size() < 2) return;
    json.Name("flow").BeginObject();
    json.Name("dates").BeginList(JsonLayout::kInline);
    for (const auto& date : flow_dates_) json.Value(date);
    json.End();
    json.Name("links").BeginList();
    for (const auto& flow : flow_.flows()) {
      json.BeginObject(JsonLayout::kInline);
      json.Add("step", flow.step());
      json.Add("from", flow.from() == v1::LIFECYCLE_STAGE_UNSPECIFIED
                           ? "NONE"
                           : Key(*v1::LifecycleStage_descriptor(), flow.from()));
      json.Add("to", Key(*v1::LifecycleStage_descriptor(), flow.to())).Add("members", flow.members());
      json.End();
    }
    json.End();
    json.End();
  }

  void AddRfm(JsonWriter& json) const {
    std::map<std::pair<int, int>, std::pair<std::int64_t, std::int64_t>> cells;
    for (const auto& cell : rfm_.cells()) {
      auto& sum = cells[{cell.recency(), cell.frequency()}];
      sum.first += cell.members();
      sum.second += cell.spend_minor();
    }
    json.Name("cells").BeginList();
    for (const auto& [scores, figures] : cells) {
      json.BeginObject(JsonLayout::kInline);
      json.Add("recency", scores.first).Add("frequency", scores.second);
      json.Add("members", figures.first).Add("spend_minor", figures.second);
      json.End();
    }
    json.End();
  }

  // The last months: a page is no archive.
  void AddCohorts(JsonWriter& json) const {
    json.Name("cohorts").BeginList();
    const int first = std::max(0, cohorts_.months_size() - 2 * kMonthsShown);
    for (int i = first; i < cohorts_.months_size(); ++i) {
      const auto& month = cohorts_.months(i);
      if (month.members().empty() || month.members(0) == 0) continue;
      json.BeginObject(JsonLayout::kInline);
      json.Add("month", month.month());
      json.Name("members").BeginList(JsonLayout::kInline);
      for (const auto members : month.members()) json.Value(members);
      json.End();
      json.End();
    }
    json.End();
  }

  void AddCalibration(JsonWriter& json) const {
    constexpr std::array<const char*, 4> kScores = {"constant", "recency", "overdue_ratio", "probability"};
    constexpr std::array<const char*, 4> kWithheld = {"shown", "no_contrast", "calibration", "total_bias"};
    const retention::BacktestResult& result = trial_.report.result;
    json.Name("calibration").BeginObject();
    json.Add("until", backtest_.until_date()).Add("holdout_until", backtest_.holdout_until_date());
    json.Add("model", ModelTitle(backtest_.model().kind()));
    json.Add("withheld", result.withheld != retention::Withheld::kShown);
    json.Add("withheld_reason", kWithheld[static_cast<std::size_t>(result.withheld) % kWithheld.size()]);
    json.Add("calibration_error", result.calibration_error).Add("total_bias", result.total_bias);
    json.Name("auc").BeginList();
    for (std::size_t i = kScores.size(); i-- > 0;) {
      json.BeginObject(JsonLayout::kInline);
      json.Add("score", kScores[i]).Add("auc", result.auc[i]);
      json.End();
    }
    json.End();
    json.Add("ranking", kScores[static_cast<std::size_t>(result.ranking) % kScores.size()]);
    json.Name("deciles").BeginList();
    for (const auto& decile : result.deciles) {
      json.BeginObject(JsonLayout::kInline);
      json.Add("predicted", decile.predicted).Add("observed", decile.observed);
      json.End();
    }
    json.End();
    json.End();
  }

  static void AddCandidates(JsonWriter& json, const char* name, const v1::ListReactivationCandidatesResponse& list) {
    json.Name(name).BeginList();
    for (const auto& candidate : list.candidates()) {
      json.BeginObject(JsonLayout::kInline);
      json.Add("member", candidate.member());
      json.Add("segment", Key(*v1::LifecycleSegment_descriptor(), candidate.standing().segment()));
      json.Add("lost_stage", LostKey(candidate.standing().lost_stage()));
      json.Add("reason", ReasonKey(candidate.reason())).Add("days_overdue", candidate.days_overdue());
      json.Add("cycle_days", candidate.cycle_days()).Add("value_minor", candidate.value_minor());
      json.Name("probability");
      candidate.has_probability() ? json.Value(candidate.probability()) : json.Null();
      json.Add("action", Key(*v1::ReactivationAction_descriptor(), candidate.action()));
      json.Add("expires", candidate.expire_date()).Add("holdout", candidate.holdout());
      if (candidate.not_worth() != v1::NOT_WORTH_REASON_UNSPECIFIED)
        json.Add("why_not", Key(*v1::NotWorthReason_descriptor(), candidate.not_worth()));
      json.End();
    }
    json.End();
  }

  Session& session_;
  std::unique_ptr<Stub> stub_;
  v1::GetLifecycleSummaryResponse summary_;
  v1::GetRfmMatrixResponse rfm_;
  v1::GetCohortReportResponse cohorts_;
  google::protobuf::RepeatedPtrField<std::string> flow_dates_;
  v1::GetLifecycleMatrixResponse flow_;
  Trial trial_;
  v1::BacktestRun backtest_;
  bool has_backtest_ = false;
  v1::ListReactivationCandidatesResponse worth_, not_worth_;
};

}  // namespace

Outcome WritePage(Session& session, const PageOptions& options) {
  PageData data(session);
  if (auto failed = data.Read(options.as_of)) return failed;
  const std::string page =
      RenderPage(data.Json(options.title), options.language == "de" ? PageLanguage::kGerman : PageLanguage::kEnglish);
  if (const Status written = WriteFileDurably(options.file, page); !written)
    return LocalFailure(written.error().message, "--html names a file in a folder that can be written to");
  Print(options.file + " is written: open it in a browser\n");
  return {};
}

}  // namespace loyalty::client
