// Brings a file of receipts to the server.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "clients/failure.h"
#include "clients/receipt_reader.h"
#include "clients/session.h"
#include "clients/store_zones.h"

namespace loyalty::client {

struct ReplayOptions {
  std::string file;
  std::filesystem::path rejects;  // empty: FILE.rejects.csv, in the state directory when that place is not writable
  std::set<std::string> stores;   // only receipts of these stores; empty: all
  int streams = 4;
  StoreZones zones;
  int shift_days = 0;
};

inline constexpr int kStreamsMax = 64;

// What became of the receipts of a file.
struct ReplaySummary {
  std::int64_t receipts = 0;  // in the file, those of other stores excluded
  std::int64_t taken = 0;     // recorded, or recorded by an earlier run
  std::int64_t replayed = 0;  // part of taken that was there before
  std::int64_t rejected = 0;  // written to the rejects
  std::int64_t points_earned = 0;
  std::int64_t clock_off = 0;  // part of taken that counts at the server's time (Sale.till_time)
  std::map<std::string, std::int64_t> parts_rejected;  // answered in rejected[], by reason, for instance MEMBER_UNKNOWN
  double seconds = 0;
  std::filesystem::path rejects;  // where the rejected ones are
};

// Sees every recorded receipt with its answer; called by one thread at a time.
using OnTaken = std::function<void(const CsvReceipt&, const v1::ScanResponse&)>;

// Replays the file over several streams. The id of each receipt is derived from an id of key and file that is on disk
// before the first receipt is sent, its place and its content: a second run sends the same requests, and what the
// server has it answers again. `summary` is filled in any case.
// Failures: kUsage (no header, bad file, rejects into the file itself), kLocalIo, kUnreachable, kRefused (the key is
// not or no longer valid), kSomeRejected.
Outcome Replay(const Session& session, const ReplayOptions& options, const OnTaken& on_taken, ReplaySummary& summary);

}  // namespace loyalty::client
