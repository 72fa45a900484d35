#include "retention/judge.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "retention/predict.h"
#include "retention/season.h"

namespace loyalty::retention {
namespace {

constexpr std::int64_t kTabled = 256;         // repeats in the table; more are computed when they come
constexpr std::int64_t kRepeatsMax = 10'000;  // what predict.h is tested for
constexpr double kBasisPoints = 10'000;

// The first day on which `last_day` lies at least `days` >= 0 back.
Day DayAfter(Day last_day, double days) {
  const double day = last_day + std::ceil(days);
  return day < kNeverDay ? static_cast<Day>(day) : kNeverDay;
}

double MeanGap(const MemberSummary& summary) {
  return static_cast<double>(summary.last_day - summary.first_day) / static_cast<double>(summary.days - 1);
}

}  // namespace

Judge::Judge(const Measure& measure) : measure_(measure) {
  if (!measure_.model) return;
  for (std::int32_t repeats = 0; repeats < kTabled; ++repeats) odds_.push_back(ComputeOdds(repeats));
}

Judge::Odds Judge::ComputeOdds(std::int32_t repeats) const {
  const Model& model = *measure_.model;
  const LifecycleRules& rules = measure_.rules;
  return {.cycle = OverdueAtOdds(model, repeats, 0.5),
          .overdue = OverdueAtOdds(model, repeats, rules.overdue / kBasisPoints),
          .alive = AliveUntilOdds(model, repeats, rules.alive / kBasisPoints),
          .hopeless = HopelessAtOdds(model, repeats, rules.written_off / kBasisPoints)};
}

Judge::Odds Judge::OddsOf(std::int64_t repeats) const {
  if (repeats < kTabled) return odds_[static_cast<std::size_t>(repeats)];
  return ComputeOdds(static_cast<std::int32_t>(std::min(repeats, kRepeatsMax)));
}

Judge::Crossings Judge::CrossingsOf(const MemberSummary& summary) const {
  const LifecycleRules& rules = measure_.rules;
  const Day last = summary.last_day;
  Crossings at;
  at.ceiling = last + rules.lapse_ceiling_days;
  at.written_off = last + rules.written_off_days;
  if (measure_.model) {
    const Odds odds = OddsOf(summary.days - 1);
    const double unit = AlphaDays(*measure_.model) + (last - summary.first_day);
    at.overdue = DayAfter(last, odds.overdue * unit);
    at.alive = DayAfter(last, odds.alive * unit);
    at.written_off = std::min(at.written_off, DayAfter(last, odds.hopeless * unit));
  } else if (const double gap = CycleDays(summary); gap > 0) {
    at.overdue = DayAfter(last, gap * rules.overdue_ratio_percent / 100);
  }
  at.overdue = std::max(at.overdue, last + rules.lapse_floor_days);
  at.alive = std::max(at.alive, last + rules.lapse_floor_days);
  if (const auto season = SeasonOf(summary, rules.season_share)) at.spared_until = SeasonEndAfter(*season, last);
  return at;
}

Verdict Judge::OfOther(const Facts& facts, Day day) const {
  const Segment segment = facts.anonymous                                                ? Segment::kProspect
                          : day - facts.enrolled_day > measure_.rules.dormant_after_days ? Segment::kDormantRegistrant
                                                                                         : Segment::kRegistered;
  const Stage stage = measure_.rules.StageOf(segment);
  const bool lost = segment == Segment::kDormantRegistrant || stage == Stage::kReactivate;
  return {{stage, segment, lost ? LostStage::kNeverBought : LostStage::kNone}, LifecycleRule::kNotBought};
}

Verdict Judge::OfBuyer(const Facts& facts, const Crossings& at, bool lapsed, Day day) const {
  const MemberSummary& summary = facts.summary;
  const bool spared = at.spared_on(day);
  RfmScores scores = ScoreRfm(RfmValuesOf(summary, day), measure_.cut_points);
  if (spared) scores.recency = 5;  // its last occasion is the last that there was
  Verdict verdict;
  Standing& standing = verdict.standing;
  standing.segment = ToSegment(SegmentOf(scores));
  standing.stage = measure_.rules.StageOf(standing.segment);
  verdict.rule = LifecycleRule::kSegment;
  if (lapsed) {
    verdict.rule = LifecycleRule::kKept;
  } else if (spared) {
    verdict.rule = LifecycleRule::kSeason;
  } else if (day >= at.overdue) {
    verdict.rule = LifecycleRule::kOverdue;
  } else if (day >= at.alive) {
    verdict.rule = LifecycleRule::kAlive;
  } else if (day >= at.ceiling) {
    verdict.rule = LifecycleRule::kCeiling;
  }
  if (verdict.rule != LifecycleRule::kSegment && verdict.rule != LifecycleRule::kSeason)
    standing.stage = Stage::kReactivate;
  if (standing.stage != Stage::kReactivate) return verdict;
  const std::int64_t repeats = summary.days - 1;
  standing.lost = day >= at.written_off                      ? LostStage::kWrittenOff
                  : facts.retained                           ? LostStage::kLoyal
                  : repeats == 0                             ? LostStage::kOneTimeBuyer
                  : repeats < measure_.rules.regular_repeats ? LostStage::kEarlyRepeater
                                                             : LostStage::kRegular;
  return verdict;
}

Verdict Judge::On(const Facts& facts, bool lapsed, Day day) const {
  if (facts.summary.days == 0) return OfOther(facts, day);
  return OfBuyer(facts, CrossingsOf(facts.summary), lapsed, day);
}

std::optional<Change> Judge::NextChange(const Facts& facts, bool lapsed, Day day) const {
  const MemberSummary& summary = facts.summary;
  if (summary.days == 0) {
    const Day dormant = facts.enrolled_day + measure_.rules.dormant_after_days + 1;
    if (facts.anonymous || dormant <= day) return std::nullopt;
    return Change{dormant, OfOther(facts, dormant)};
  }
  const Crossings at = CrossingsOf(summary);
  std::array<Day, 9> days = {at.overdue, at.alive, at.ceiling, at.written_off, at.spared_until + 1};
  for (std::size_t i = 0; i < measure_.cut_points.recency_days_at_most.size(); ++i) {
    const std::int64_t at_most = measure_.cut_points.recency_days_at_most[i];
    days[5 + i] = at_most < 0 ? 0 : static_cast<Day>(std::min<std::int64_t>(summary.last_day + at_most + 1, kNeverDay));
  }
  std::sort(days.begin(), days.end());
  const Standing now = OfBuyer(facts, at, lapsed, day).standing;
  for (const Day then : days) {
    if (then <= day) continue;
    if (then >= kNeverDay) break;
    const Verdict verdict = OfBuyer(facts, at, lapsed, then);
    if (verdict.standing != now) return Change{then, verdict};
  }
  return std::nullopt;
}

Verdict Judge::FromReceipts(Facts facts, std::span<const MemberDay> days, Day day) const {
  const auto known = DaysUntil(days, day);
  facts.summary = Summarise(known);
  facts.retained = false;
  const Verdict verdict = On(facts, false, day);
  if (verdict.standing.stage != Stage::kReactivate || verdict.standing.lost == LostStage::kWrittenOff) return verdict;
  facts.retained = WasRetained(known, day);
  return facts.retained ? On(facts, false, day) : verdict;
}

bool Judge::WasRetained(std::span<const MemberDay> days, Day until) const {
  Facts facts;
  MemberSummary& summary = facts.summary;
  for (std::size_t i = 0; i < days.size(); ++i) {
    std::optional<MemberDay> row;
    AddReceipt(summary, row, {}, days[i].day, days[i].amount, days[i].discount);
    const Crossings at = CrossingsOf(summary);
    const Day end = i + 1 < days.size() ? days[i + 1].day : until + 1;
    const auto retained_on = [&](Day day) {
      return day < end && OfBuyer(facts, at, false, day).standing.stage == Stage::kRetain;
    };
    if (retained_on(days[i].day)) return true;
    // Until the next purchase only a lower score of recency leads anywhere but out of RETAIN.
    for (const std::int64_t at_most : measure_.cut_points.recency_days_at_most)
      if (at_most >= 0 && at_most < end - days[i].day && retained_on(days[i].day + static_cast<Day>(at_most) + 1))
        return true;
  }
  return false;
}

double Judge::CycleDays(const MemberSummary& summary) const {
  if (measure_.model)
    return OddsOf(summary.days - 1).cycle * (AlphaDays(*measure_.model) + (summary.last_day - summary.first_day));
  return summary.days > 1 ? MeanGap(summary) : measure_.typical_gap_days;
}

Day Judge::OverdueDay(const MemberSummary& summary) const {
  const double silence = measure_.model ? OddsOf(summary.days - 1).overdue *
                                              (AlphaDays(*measure_.model) + (summary.last_day - summary.first_day))
                                        : CycleDays(summary) * measure_.rules.overdue_ratio_percent / 100;
  return silence > 0 ? DayAfter(summary.last_day, silence) : kNeverDay;
}

}  // namespace loyalty::retention
