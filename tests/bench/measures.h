// The measures of PERFORMANCE, one function for each file.
#pragma once

#include <vector>

#include "storage/rows.h"
#include "tests/bench/figure.h"
#include "tests/bench/side.h"

namespace loyalty::test {

// "sqlite", "mysql"
const char* NameOf(storage::Engine engine);

// P1, P2: durable scans by 64 callers, against echo and naive.
std::vector<Figure> MeasureScans(const Plan& plan, storage::Engine engine);

// P3: durable scans on 4 streams, against bulk.
std::vector<Figure> MeasureStreams(const Plan& plan, storage::Engine engine);

// P4: latency at half the load of P1 or P2, and of one caller alone.
std::vector<Figure> MeasureLatency(const Plan& plan, storage::Engine engine);

// P5: scans over that many members, each against kMembers.
std::vector<Figure> MeasureGrowth(const Plan& plan, storage::Engine engine, std::vector<std::int64_t> sizes);

// P12: start of a server, and its memory under the load of P1 over `members`; SQLite.
std::vector<Figure> MeasureFootprint(const Plan& plan, std::int64_t members);

// P13: GetMember while tills scan.
std::vector<Figure> MeasureReads(const Plan& plan, storage::Engine engine);

// P7: all scans on one member, against scans over all members.
std::vector<Figure> MeasureHotCard(const Plan& plan, storage::Engine engine);

}  // namespace loyalty::test
