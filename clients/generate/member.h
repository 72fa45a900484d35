// Customers whose truth is known: when they buy, when they stop, what they spend.
#pragma once

#include <cstdint>

namespace loyalty::client {

// What a year is made of. The purchase process is the MBG/CNBD-k (Platzer and Reutterer 2016): gaps between purchases
// are Erlang-k with rate lambda ~ Gamma(r, alpha), and after each purchase, the first included, a member stops for good
// with probability p ~ Beta(a, b). Baskets are Gamma(p_value, v) with v ~ Gamma(q_value, gamma_value) (Fader and Hardie
// 2013), independent of the process.
struct Population {
  std::int64_t members = 5'000;
  int days = 365;
  std::uint64_t seed = 1;
  bool plain = false;  // stationary: no seasons, no deals, open every day, one k for all
  int plain_k = 1;
  bool returns = true;
};

struct ModelTruth {
  double r;
  double alpha_times_k;  // alpha = alpha_times_k / k, in days: the mean gap does not depend on k
  double a, b;
  double value_p, value_q, value_gamma;  // the latter in minor units
};
// In `plain` gaps are longer, so that whole days are a fair clock: two purchases of a day are one purchase day, which
// takes the busiest members' short gaps away and more of them the smaller k is. With 45 for alpha times k a fit of
// k = 1 finds r 6 % and alpha 10 % too large, more than two standard errors for 3,000 members; with 180, 2 and 3 %.
inline constexpr ModelTruth kFullTruth{1.3, 16, 0.6, 9, 5, 4, 1'600};
inline constexpr ModelTruth kPlainTruth{1.8, 180, 0.8, 5, 5, 4, 1'600};
constexpr const ModelTruth& TruthOf(const Population& population) {
  return population.plain ? kPlainTruth : kFullTruth;
}

enum class Season : std::uint8_t { kNone, kSummer, kWinter };

// The state of one member while the year goes by. Small: a million of them are in memory.
struct Member {
  double lambda = 0;          // purchases x k per day of the member's own clock
  double next = 0;            // the next purchase, on that clock
  double clock = 0;           // runs faster in season and slower out of it; in days when nothing modulates it
  float dropout = 0;          // p
  float basket = 0;           // mean basket in minor units
  std::int32_t join_day = 0;  // of the first purchase, from 0
  std::int32_t last_day = -1;
  std::uint32_t purchases = 0;
  std::uint16_t store = 0;  // where the member mostly buys
  std::uint8_t k = 1;
  std::uint8_t cards = 1;
  Season season = Season::kNone;
  bool deal_seeker = false;
  bool stopped = false;
  std::int64_t spent = 0;  // minor units, goods only
};

inline constexpr std::int64_t kMembersMost = 20'000'000;
inline constexpr int kDaysMost = 40 * 365;

// The traits of the member with this number, from 0.
Member DrawMember(const Population& population, std::int64_t number, int stores);

// How fast the member's clock runs on a day; 0 when the shops are closed. `day_of_year` from 0.
double Pace(const Population& population, const Member& member, int weekday, int day_of_year, bool deal_week);

// After the purchase `member.purchases`: the gap to the next one, or the end.
void GoOn(const Population& population, std::int64_t number, Member& member);

}  // namespace loyalty::client
