// Several tests at once without more false winners.
#pragma once

#include <span>
#include <vector>

namespace loyalty::retention {

// p values adjusted for being tested together, in the order given: a test is significant at level alpha when its
// adjusted p value is below alpha, and the chance of any false winner among them stays below alpha, however they depend
// on each other. Holm 1979, "A simple sequentially rejective multiple test procedure".
std::vector<double> HolmAdjust(std::span<const double> p_values);

}  // namespace loyalty::retention
