#include "clients/generate/member.h"

#include <algorithm>
#include <array>

#include "clients/generate/dice.h"

namespace loyalty::client {
namespace {

constexpr int kSunday = 6;
constexpr int kDaysOfYear = 365;
constexpr double kDealSeekers = 0.12;
constexpr double kSeasonal = 0.08;     // as many for summer as for winter
constexpr double kJoinedBefore = 0.6;  // of all members their first receipt falls in the first six weeks
constexpr int kFirstWeeks = 42;
constexpr std::array<double, 3> kCards{0.8, 0.16, 0.04};  // members with 1, 2, 3 cards

constexpr std::array<double, 7> kWeekdays{0.95, 0.9, 0.95, 1.05, 1.3, 1.5, 0};
constexpr double kAdventPace = 1.5;
constexpr int kAdventFrom = 328, kAdventTo = 358;

bool InSeason(Season season, int day_of_year) {
  constexpr int kJune = 151, kSeptember = 243, kNovember = 304;
  if (season == Season::kSummer) return day_of_year >= kJune && day_of_year < kSeptember;
  return day_of_year >= kNovember || day_of_year < 31;
}

}  // namespace

Member DrawMember(const Population& population, std::int64_t number, int stores) {
  const ModelTruth& truth = TruthOf(population);
  Dice dice(population.seed, Draw::kMember, static_cast<std::uint64_t>(number));
  Member member;
  member.k = static_cast<std::uint8_t>(population.plain ? population.plain_k : 1 + dice.Roll(3));
  member.lambda = dice.Gamma(truth.r) / (truth.alpha_times_k / member.k);
  member.dropout = static_cast<float>(dice.Beta(truth.a, truth.b));
  // The mean of Gamma(p, v) with v ~ Gamma(q, rate gamma) is p / v.
  member.basket = static_cast<float>(truth.value_p * truth.value_gamma / dice.Gamma(truth.value_q));
  const int first = std::max(1, std::min(population.days / 4, kFirstWeeks));
  const bool early = population.plain || dice.Chance(kJoinedBefore);
  member.join_day = static_cast<std::int32_t>(dice.Roll(early ? first : population.days));
  member.store = static_cast<std::uint16_t>(dice.Roll(stores));
  if (population.plain) return member;
  const double cards = dice.Uniform();
  member.cards = static_cast<std::uint8_t>(cards < kCards[0] ? 1 : cards < kCards[0] + kCards[1] ? 2 : 3);
  member.deal_seeker = dice.Chance(kDealSeekers);
  const double season = dice.Uniform();
  member.season = season < kSeasonal ? Season::kSummer : season < 2 * kSeasonal ? Season::kWinter : Season::kNone;
  return member;
}

double Pace(const Population& population, const Member& member, int weekday, int day_of_year, bool deal_week) {
  if (population.plain) return 1;
  if (weekday == kSunday) return 0;
  double pace = kWeekdays[static_cast<std::size_t>(weekday)];
  day_of_year = std::min(day_of_year, kDaysOfYear - 1);
  if (day_of_year >= kAdventFrom && day_of_year < kAdventTo) pace *= kAdventPace;
  if (member.season != Season::kNone) pace *= InSeason(member.season, day_of_year) ? 3 : 0.08;
  if (member.deal_seeker) pace *= deal_week ? 2.5 : 0.5;
  return pace;
}

void GoOn(const Population& population, std::int64_t number, Member& member) {
  Dice dice(population.seed, Draw::kPurchase, static_cast<std::uint64_t>(number), member.purchases);
  if (dice.Chance(member.dropout)) {
    member.stopped = true;
    return;
  }
  double gap = 0;
  for (int phase = 0; phase < member.k; ++phase) gap += dice.Exponential();
  member.next += gap / member.lambda;
}

}  // namespace loyalty::client
