// What the RPC adapters share. Everything outlives the gRPC server.
#pragma once

#include <functional>

#include "domain/keys.h"
#include "domain/time.h"

namespace loyalty {

class JobBell;
class ReadWorkers;
class SnapshotHolder;
class WriteQueue;

struct Deps {
  SnapshotHolder& snapshots;
  WriteQueue& queue;
  ReadWorkers& reads;
  JobBell& job_bell;
  const ProgramKeys& keys;
  std::function<Instant()> clock;  // server time
};

}  // namespace loyalty
