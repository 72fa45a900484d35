// How good predictions were, now that it is known what happened.
#pragma once

#include <span>
#include <utility>
#include <vector>

namespace loyalty::reference {

using Numbers = std::span<const double>;

double Mean(Numbers values);
double MeanAbsoluteError(Numbers predicted, Numbers actual);
double RootMeanSquareError(Numbers predicted, Numbers actual);
// Pearson's; NaN when one side does not vary.
double Correlation(Numbers x, Numbers y);

// Probability that a customer with happened = 1 has the higher score than one with 0; ties count half.
double AreaUnderCurve(Numbers score, Numbers happened);

// Mean predicted probability and share of what happened, in tenths of the customers by ascending prediction: the tenth
// i ends with the customer at the quantile i/10 of the ranks. Equal predictions stay in the order they came in.
std::vector<std::pair<double, double>> Deciles(Numbers probability, Numbers happened);

}  // namespace loyalty::reference
