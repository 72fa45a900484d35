// Where a member stands on a day, and when that will change if nothing is bought.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "retention/history.h"
#include "retention/lifecycle.h"
#include "retention/model.h"
#include "retention/rfm.h"
#include "retention/summary.h"

namespace loyalty::retention {

// What members are judged by: the same measure and the same facts give the same standing.
struct Measure {
  RfmCutPoints cut_points;
  std::optional<Model> model = {};  // nothing: own mean gaps decide
  double typical_gap_days = 0;      // the mean gap of a member who has none (MedianCycleDays); 0: nobody came back
  LifecycleRules rules;
};

// What is judged. The summary may hold no purchase after the day of the judgement.
struct Facts {
  MemberSummary summary = {};
  Day enrolled_day = 0;
  bool anonymous = false;  // a card without a person
  bool retained = false;   // has been in RETAIN
};

struct Verdict {
  Standing standing;
  LifecycleRule rule = LifecycleRule::kNone;

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

struct Change {
  Day day = 0;
  Verdict verdict;
};

inline constexpr Day kNeverDay = 3'000'000;  // in the year 10183

// Immutable; may be shared by threads.
class Judge {
 public:
  // `measure.model`, where there is one, is valid.
  explicit Judge(const Measure& measure);

  const Measure& measure() const { return measure_; }

  // `lapsed`: the member was in REACTIVATE after its last purchase already; only a purchase leads out of it.
  Verdict On(const Facts& facts, bool lapsed, Day day) const;

  // The first change after `day` of a member who stands as On(facts, lapsed, day) says, in closed form: the days on
  // which anything can change are few, and each is looked at. Nothing when nothing will ever change.
  std::optional<Change> NextChange(const Facts& facts, bool lapsed, Day day) const;

  // The standing of a member by its receipts alone, as if it had been measured like this all the time. `days`: all its
  // purchase days, ascending; those after `day` are not looked at. facts.summary and facts.retained are not read.
  Verdict FromReceipts(Facts facts, std::span<const MemberDay> days, Day day) const;

  // True when the member was in RETAIN on any day until `until`; `days` ascending, none after it.
  bool WasRetained(std::span<const MemberDay> days, Day until) const;

  // The own cycle of a member in days: the model's, else its mean gap, else typical_gap_days.
  double CycleDays(const MemberSummary& summary) const;
  // The first day of being overdue (LifecycleRules::overdue), whatever floor and ceiling say.
  Day OverdueDay(const MemberSummary& summary) const;

 private:
  // Silences s (predict.h) of a customer with so many repeats.
  struct Odds {
    double cycle, overdue, alive, hopeless;
  };
  // On which days a member who has bought crosses what.
  struct Crossings {
    Day overdue = kNeverDay;
    Day alive = kNeverDay;
    Day ceiling = kNeverDay;
    Day written_off = kNeverDay;
    Day spared_until = 0;  // 0: no season
    bool spared_on(Day day) const { return day <= spared_until; }
  };

  Odds OddsOf(std::int64_t repeats) const;
  Odds ComputeOdds(std::int32_t repeats) const;
  Crossings CrossingsOf(const MemberSummary& summary) const;
  Verdict OfBuyer(const Facts& facts, const Crossings& crossings, bool lapsed, Day day) const;
  Verdict OfOther(const Facts& facts, Day day) const;

  Measure measure_;
  std::vector<Odds> odds_;  // by repeats
};

}  // namespace loyalty::retention
