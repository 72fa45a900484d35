// How well scores and probabilities foretold what happened.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace loyalty::retention {

// What was said about one member, a finite number, and whether it then happened.
struct Forecast {
  double score = 0;
  bool happened = false;
};

// The share of pairs (one where it happened, one where it did not) in which the first has the higher score, ties half:
// 1 ranks perfectly, 0.5 says nothing. Mann and Whitney 1947. nullopt when all happened or none did. O(N log N).
std::optional<double> Auc(std::span<const Forecast> forecasts);

// Mean squared error of probabilities (scores from 0 to 1), 0 is best: Brier 1950. 0 without forecasts.
double BrierScore(std::span<const Forecast> probabilities);

// Mean -ln of the probability that was given to what happened, 0 is best: Good 1952. Probabilities count as not closer
// to 0 and 1 than 1e-15, so that one wrong certainty does not hide everything else. 0 without forecasts.
double LogLoss(std::span<const Forecast> probabilities);

// A tenth of the members, by ascending probability: what was said of them and what they did, as shares from 0 to 1.
struct CalibrationDecile {
  double predicted = 0;
  double observed = 0;
};

// The ten deciles of equal size; none without forecasts. Members of equal probability are of one kind: where a border
// falls among them, each side gets its part of all of them, so that the order of the members does not matter.
std::vector<CalibrationDecile> Calibrate(std::span<const Forecast> probabilities);

// Mean of |predicted - observed| over the deciles: the expected calibration error, 0 is best. 0 without deciles.
double CalibrationError(std::span<const CalibrationDecile> deciles);

}  // namespace loyalty::retention
