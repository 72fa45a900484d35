// What the RPC adapters share. Everything outlives the gRPC server.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "domain/keys.h"
#include "domain/time.h"

namespace loyalty {

class JobBell;
class Lookups;
class ReadWorkers;
class SnapshotHolder;
class WriteQueue;
struct EndedCall;

struct Deps {
  SnapshotHolder& snapshots;
  WriteQueue& queue;
  ReadWorkers& reads;
  JobBell& job_bell;
  const ProgramKeys& keys;
  std::function<Instant()> clock;  // server time
  // Told of each receipt that came with a till's time that is not believed, on any thread; may be empty.
  std::function<void(const std::string& terminal, Instant till_time)> on_clock_off = {};
  // Told of each receipt of a store that was recorded, on any thread; may be empty.
  std::function<void(std::int64_t store_id)> on_receipt = {};
  // Told of each part of such a receipt that had no effect, by its reason; as above.
  std::function<void(const std::string& reason)> on_rejected = {};
  // Told of each call, or message of a stream, that failed or took so many seconds; on any thread; may be empty.
  std::function<void(const EndedCall& call)> on_end = {};
  double slow_seconds = 1;
  // Where look-ups by phone number and e-mail address are counted; nullptr: nowhere.
  Lookups* lookups = nullptr;
};

}  // namespace loyalty
