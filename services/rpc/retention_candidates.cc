// Whom it is worth to win back, and whom not.
#include <algorithm>
#include <cmath>
#include <sstream>

#include "retention/at_stake.h"
#include "retention/heuristic.h"
#include "retention/predict.h"
#include "retention/segment_totals.h"
#include "services/codec/names.h"
#include "services/commands/lifecycle.h"
#include "services/rpc/lifecycle_codec.h"
#include "services/rpc/page_token.h"
#include "services/rpc/retention_service.h"
#include "storage/names.h"

namespace loyalty {
namespace {

using retention::RankingScore;

constexpr double kStakeDays = 365;
constexpr double kBasisPoints = 10'000;
constexpr double kGone = 0.1;       // P(alive) below which an offer is wasted
constexpr double kStays = 0.7;      // and above which it is not needed
constexpr double kValueMax = 1e15;  // minor units

struct Ranked {
  double score = 0;  // higher is better
  std::int64_t id = 0;
  v1::ReactivationCandidate candidate;

  bool ComesBefore(double other_score, std::int64_t other_id) const {
    return score != other_score ? score > other_score : id < other_id;
  }
};

// Judges lapsed members under one measure.
class Judging {
 public:
  Judging(const Snapshot& snapshot, Instant now)
      : snapshot_(snapshot),
        measure_(*snapshot.measure),
        plan_(snapshot.PlanAt(now)),
        today_(DayOf(now, snapshot.zone)),
        unit_(std::pow(10, snapshot.currency_exponent)) {}

  // Nothing: it has not lapsed.
  std::optional<Ranked> Of(const storage::MemberRow& member, v1::ConsentState consent) const {
    if (member.summary.days == 0) return std::nullopt;
    const retention::MemberSummary& summary = member.summary;
    const auto facts = FactsOf(member, snapshot_.zone);
    const auto state = StateOn(measure_, facts, member.lifecycle, today_);
    if (state.standing.stage != retention::Stage::kReactivate) return std::nullopt;
    const std::string name = member.name();
    const auto history = *retention::HistoryOf(summary, std::max(today_, summary.last_day));
    Ranked out{.score = 0, .id = member.id, .candidate = {}};
    v1::ReactivationCandidate& candidate = out.candidate;
    candidate.set_member("members/" + name);
    FillStanding(state.standing, *candidate.mutable_standing());
    candidate.set_reason(static_cast<v1::LifecycleRuleKind>(state.rule));
    candidate.set_days_overdue(std::max(0, today_ - measure_.judge.OverdueDay(summary)));
    candidate.set_cycle_days(measure_.judge.CycleDays(summary));
    candidate.set_days_since_last(std::max(0, today_ - summary.last_day));
    candidate.set_value_minor(Value(summary, history));
    candidate.set_action(ActionFor(state.standing.lost));
    candidate.set_expire_date(FormatDay(today_ + plan_.offer_days));
    candidate.set_consent(consent);
    candidate.set_holdout(IsHeldOut(plan_, name));
    const auto& model = measure_.judge.measure().model;
    if (model && measure_.show_probabilities)
      candidate.set_probability(retention::ProbabilityToBuy(*model, history, candidate.cycle_days()));
    candidate.set_not_worth(WhyNot(state, history, candidate));
    out.score = Score(history, candidate);
    return out;
  }

 private:
  std::int64_t Value(const retention::MemberSummary& summary, const retention::History& history) const {
    const double own = static_cast<double>(summary.amount) / unit_ / static_cast<double>(summary.days);
    const double spend = measure_.spend.mean > 0
                             ? retention::ExpectedSpend(measure_.spend, retention::SpendOf(summary, unit_))
                             : std::max(0.0, own);
    const double margin = plan_.margin / kBasisPoints;
    const auto& model = measure_.judge.measure().model;
    const double value = model ? retention::ValueAtStake(*model, history, spend, margin, kStakeDays)
                               : retention::ValueAtStake(history, spend, margin, kStakeDays);
    return static_cast<std::int64_t>(std::llround(std::min(value * unit_, kValueMax)));
  }

  v1::NotWorthReason WhyNot(const retention::LifecycleState& state, const retention::History& history,
                            const v1::ReactivationCandidate& candidate) const {
    if (candidate.holdout()) return v1::NOT_WORTH_REASON_HOLDOUT;
    if (candidate.consent() == v1::CONSENT_STATE_REFUSED) return v1::NOT_WORTH_REASON_NO_CONSENT;
    if (state.standing.lost == retention::LostStage::kWrittenOff) return v1::NOT_WORTH_REASON_WRITTEN_OFF;
    if (const auto& model = measure_.judge.measure().model) {
      const double alive = retention::ProbabilityAlive(*model, history);
      if (alive > kStays) return v1::NOT_WORTH_REASON_LIKELY_TO_RETURN;
      if (alive < kGone) return v1::NOT_WORTH_REASON_UNLIKELY_TO_RETURN;
    }
    if (candidate.value_minor() < plan_.contact_cost_minor) return v1::NOT_WORTH_REASON_VALUE_BELOW_COST;
    return v1::NOT_WORTH_REASON_UNSPECIFIED;
  }

  // Who is the most likely to come back, by what the last backtest found to rank best.
  double Score(const retention::History& history, const v1::ReactivationCandidate& candidate) const {
    const auto& model = measure_.judge.measure().model;
    switch (measure_.ranking) {
      case RankingScore::kProbability:
        if (model) return retention::ProbabilityToBuy(*model, history, plan_.offer_days);
        break;
      case RankingScore::kRecency: return -static_cast<double>(candidate.days_since_last());
      case RankingScore::kOverdueRatio:
        return -retention::OverdueRatio(history, std::max(1.0, measure_.judge.measure().typical_gap_days));
      case RankingScore::kConstant: break;
    }
    return static_cast<double>(candidate.value_minor());
  }

  const Snapshot& snapshot_;
  const LifecycleMeasure& measure_;
  const RetentionPlan& plan_;
  const Day today_;
  const double unit_;
};

struct Filter {
  bool worth = true;
  std::int64_t store_id = 0;  // 0: all
};

bool Passes(const Filter& filter, const v1::ListReactivationCandidatesRequest& request, const Ranked& ranked) {
  const auto& candidate = ranked.candidate;
  return (candidate.not_worth() == v1::NOT_WORTH_REASON_UNSPECIFIED) == filter.worth &&
         candidate.value_minor() >= request.min_value_minor() &&
         (request.lost_stage() == v1::LOST_STAGE_UNSPECIFIED ||
          request.lost_stage() == candidate.standing().lost_stage());
}

std::string TextOf(const Ranked& ranked) {
  std::ostringstream text;
  text << std::hexfloat << ranked.score << ' ' << ranked.id;
  return text.str();
}

// The best `size` of those behind a position, in order. Keeps twice as many at most.
class Page {
 public:
  Page(const std::string& position, std::size_t size) : size_(size), first_(position.empty()) {
    if (first_) return;
    char* end = nullptr;
    score_ = std::strtod(position.c_str(), &end);
    id_ = std::strtoll(end, nullptr, 10);
  }

  void Take(Ranked ranked) {
    if (!first_ && !(score_ != ranked.score ? score_ > ranked.score : id_ < ranked.id)) return;
    ++count_;
    kept_.push_back(std::move(ranked));
    if (kept_.size() > 2 * size_) Cut();
  }
  // True in `more` when others come behind them.
  std::vector<Ranked> Finish(bool& more) {
    Cut();
    more = count_ > kept_.size();
    return std::move(kept_);
  }

 private:
  void Cut() {
    std::sort(kept_.begin(), kept_.end(),
              [](const Ranked& a, const Ranked& b) { return a.ComesBefore(b.score, b.id); });
    if (kept_.size() > size_) kept_.resize(size_);
  }

  const std::size_t size_;
  const bool first_;
  double score_ = 0;
  std::int64_t id_ = 0;
  std::size_t count_ = 0;
  std::vector<Ranked> kept_;
};

void ReadCandidates(const Wire& wire, storage::Session& session, const Snapshot& snapshot, Instant now,
                    const Filter& filter, const v1::ListReactivationCandidatesRequest& request, Page& page,
                    v1::ListReactivationCandidatesResponse& response) {
  const Judging judging(snapshot, now);
  storage::ReadAllMembers(
      session,
      [&](std::span<const storage::MemberRow> members) {
        std::vector<std::int64_t> ids;
        for (const auto& member : members) ids.push_back(member.id);
        const auto consents = storage::ReadMarketingConsents(session, ids);
        for (const auto& member : members) {
          if (filter.store_id != 0 && member.store_id != filter.store_id) continue;
          const auto consent = consents.find(member.id);
          auto ranked = judging.Of(member, consent == consents.end() ? v1::CONSENT_STATE_UNSPECIFIED
                                           : consent->second         ? v1::CONSENT_STATE_GRANTED
                                                                     : v1::CONSENT_STATE_REFUSED);
          if (!ranked || !Passes(filter, request, *ranked)) continue;
          response.set_total_members(response.total_members() + 1);
          response.set_total_value_minor(
              retention::SaturatingSum(response.total_value_minor(), ranked->candidate.value_minor()));
          page.Take(*std::move(ranked));
        }
      },
      [&wire] { return !wire.IsCancelled(); });
}

Result<Filter> FilterOf(const v1::ListReactivationCandidatesRequest& request, const Snapshot& snapshot) {
  Filter filter;
  if (!v1::CandidateView_IsValid(request.view())) return InvalidField("view", "WORTH or NOT_WORTH");
  if (!v1::LostStage_IsValid(request.lost_stage())) return InvalidField("lost_stage", "L2 to L6");
  if (request.min_value_minor() < 0) return InvalidField("min_value_minor", "0 or more");
  filter.worth = request.view() != v1::CANDIDATE_VIEW_NOT_WORTH;
  if (request.store().empty()) return filter;
  const auto name = ParseStoreName("store", request.store());
  if (!name) return name.error();
  const auto store = snapshot.stores.find(*name);
  if (store == snapshot.stores.end())
    return Error{Reason::kStoreUnknown, "there is no such store", {{"field", "store"}}};
  filter.store_id = store->second.id;
  return filter;
}

}  // namespace

Status ListReactivationCandidates(Call& call, const v1::ListReactivationCandidatesRequest& request,
                                  v1::ListReactivationCandidatesResponse& response) {
  const std::string scope = "candidates|" + std::to_string(request.view()) + "|" +
                            std::to_string(request.lost_stage()) + "|" + request.store() + "|" +
                            std::to_string(request.min_value_minor());
  const auto filter = FilterOf(request, *call.snapshot);
  if (!filter) return filter.error();
  if (const Status page = CheckPage(request, call.deps().keys, scope); !page) return page;
  if (!call.snapshot->measure) return NotClassified();
  return StartLongRead(
      call, [&call, &request, &response, scope, filter = *filter](storage::Session& session) -> Status {
        const auto size = static_cast<std::size_t>(*PageSize(request.page_size()));
        Page page(*ReadPageToken(call.deps().keys, scope, request.page_token()), size);
        ReadCandidates(call, session, *call.snapshot, call.deps().clock(), filter, request, page, response);
        bool more = false;
        const auto best = page.Finish(more);
        for (const Ranked& ranked : best) *response.add_candidates() = ranked.candidate;
        if (more) response.set_next_page_token(MakePageToken(call.deps().keys, scope, TextOf(best.back())));
        response.set_ranking(static_cast<v1::RankingScore>(static_cast<int>(call.snapshot->measure->ranking) + 1));
        response.set_currency_code(call.snapshot->currency);
        return Ok{};
      });
}

}  // namespace loyalty
