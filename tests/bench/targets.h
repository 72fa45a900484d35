// What PERFORMANCE asks for, all of it: where a figure counts as reached.
#pragma once

namespace loyalty::test::target {

// P1, P2: scans a second for those of echo, and for those of naive on a disk whose syncs take a millisecond longer.
inline constexpr double kScansToEchoSqlite = 0.60, kScansToEchoMysql = 0.50;
inline constexpr double kScansToNaiveSqlite = 10, kScansToNaiveMysql = 4;

// PAGES: a sale on SQLite.
inline constexpr double kFramesOfSale = 5.5, kBytesOfSale = 950;

// P3: for bulk.
inline constexpr double kStreamsToBulk = 0.70;

// P4: milliseconds for those of a sync; of one caller alone, beyond those of echo.
inline constexpr double kHalfP50InSyncs = 3, kHalfP99InSyncs = 10, kAloneInSyncs = 1.5;

// P5: scans over many members for those over few. P7: over one for those over all.
inline constexpr double kGrown = 0.75, kHotCard = 0.8;

// L1, L2: scans with the lifecycle, and beside a classification, for those without.
inline constexpr double kWithLifecycle = 0.97, kBesideClassification = 0.90;

// P8: for DuckDB's time. P10: for the time of the first classification, which places everybody.
inline constexpr double kClassification = 1, kDay = 0.03;

// P9: seconds.
inline constexpr double kFitOfMillion = 0.5, kFitOfTenMillions = 6, kScoresOfMillion = 0.1;

// P12.
inline constexpr double kStartSeconds = 1, kMemoryMb = 150;

// P13: reads' share for their share at echo; scans with reads for those without.
inline constexpr double kReadsShare = 0.8, kScansBesideReads = 0.8;

// --before: not worse than an earlier commit.
inline constexpr double kNotWorse = 0.97;

}  // namespace loyalty::test::target
