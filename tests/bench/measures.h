// The measures of PERFORMANCE. Each makes its own shops, and all of a measure take turns.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "storage/rows.h"
#include "tests/bench/figure.h"
#include "tests/bench/side.h"

namespace loyalty::test {

struct Measure {
  std::string id;
  std::function<std::vector<Figure>(const Plan&)> run;
};

// "sqlite", "mysql"
const char* NameOf(storage::Engine engine);

// Scans a second of one side for those of another.
Figure ScansPerSecond(std::string id, storage::Engine engine, std::string what, double target,
                      const std::vector<Turn>& side, const std::vector<Turn>& other);

// P1, P2: durable scans by 64 callers, against echo and naive; against naive also with slow syncs.
std::vector<Figure> MeasureScans(const Plan& plan, storage::Engine engine);

// PAGES: what a sale writes and keeps on SQLite, and its parts; 40,000 members, batches of 64.
std::vector<Figure> MeasurePages(const Plan& plan);

// P3: durable scans on 4 streams, against bulk.
std::vector<Figure> MeasureStreams(const Plan& plan, storage::Engine engine);

// P4: latency at half the load of P1 or P2, and of one caller alone, with slow syncs.
std::vector<Figure> MeasureLatency(const Plan& plan, storage::Engine engine);

// P5: scans over many members, against kMembers.
std::vector<Figure> MeasureGrowth(const Plan& plan, storage::Engine engine);

// P7: all scans on one member, against scans over all members.
std::vector<Figure> MeasureHotCard(const Plan& plan, storage::Engine engine);

// L1: scans with the lifecycle, against a program that has never classified. L2: scans while a classification of many
// members runs. P8, P10: a classification of many members under a new measure, and of the 1 % who are due.
std::vector<Figure> MeasureLifecycleOfScans(const Plan& plan, storage::Engine engine);
std::vector<Figure> MeasureScansBesideClassification(const Plan& plan, storage::Engine engine);
std::vector<Figure> MeasureClassification(const Plan& plan, storage::Engine engine);

// P9: a model fitted to many members, and all of them scored.
std::vector<Figure> MeasureFit(const Plan& plan);

// P12: start of a server with many members, and its memory under the load of P1 over them; SQLite.
std::vector<Figure> MeasureFootprint(const Plan& plan);

// P13: GetMember while tills scan.
std::vector<Figure> MeasureReads(const Plan& plan, storage::Engine engine);

}  // namespace loyalty::test
