// The whole day on which a customer's state will change if nothing is bought before: what a timer is set to.
#pragma once

#include <cstdint>
#include <optional>

#include "retention/history.h"
#include "retention/model.h"

namespace loyalty::retention {

// Days count from the first purchase; age_days of the history is not read. The answers agree with Overdue and
// ProbabilityAlive on every day to the last bit, because they are found with these: on the day before, the predicate is
// false. None when it is still false on day kHistoryDaysMax. Time: 17 evaluations.

// The first day, from the last purchase on, with Overdue >= phi; 0 < phi < 1.
std::optional<std::int32_t> FirstOverdueDay(const Model& model, const History& history, double phi);

// The first day, from the last purchase on, with ProbabilityAlive < theta; 0 < theta < 1.
std::optional<std::int32_t> FirstLapsedDay(const Model& model, const History& history, double theta);

}  // namespace loyalty::retention
