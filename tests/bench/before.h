// --before: this build against one of an earlier commit, in turn.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/measures.h"

namespace loyalty::test {

// A release build of an earlier commit, and how many times as good as it this one has to be.
struct Earlier {
  std::string directory;  // with bin/loyaltyd, and bin/bench for what is measured by the benchmark of each
  double at_least = 0;
};

// P1, P2, P3, P5, L1, L2, P8, P9, P12. Each ratio says how many times as good this build is: scans for scans, else the
// earlier seconds or megabytes for those of now. It has reached what is asked for when the upper end of the interval of
// its median has. Each program makes a database of its own, for which the same load is the same.
std::vector<Measure> MeasuresAgainst(const Earlier& earlier);

// A measure by the benchmarks of both builds, in turn, a whole run each: more scans a second are better, less of all
// else. Nothing when the earlier build has none.
std::vector<Figure> CompareBenches(const Plan& plan, const Earlier& earlier, const std::string& id);

// Of a workload that is `what`, better than an earlier one by `ratios`.
Figure FigureAgainst(const Earlier& earlier, std::string id, std::string engine, const std::string& what,
                     std::vector<double> ratios);

}  // namespace loyalty::test
