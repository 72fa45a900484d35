// A second server of a CallWorld's program: queue, snapshot and readers of its own on the same database and clock.
#pragma once

#include "tests/services/rpc/call_world.h"

namespace loyalty::test {

class AnotherServer {
 public:
  explicit AnotherServer(CallWorld& world)
      : snapshots_(world.world.database().url(), world.deps().clock),
        queue_(world.world.database().url(), snapshots_, TestKeys(), Options(world)),
        reads_(world.world.database().url(), world.deps().clock, 1),
        deps_{snapshots_, queue_, reads_, bell_, TestKeys(), world.deps().clock},
        sharing_(world.world.database().url(), lookups_, queue_, world.deps().clock) {
    deps_.lookups = &lookups_;
  }

  const Deps& deps() const { return deps_; }
  SnapshotHolder& snapshots() { return snapshots_; }
  // What a server does once a second.
  void ShareLookups() { sharing_.Share(); }

  // As CallWorld::Call.
  template <typename Request, typename Response>
  std::string Call(std::string_view name, const Request& request, Response& response,
                   const std::string& authorization = CallWorld::kAuthorization) {
    const Method& method = MethodOf(name);
    PlainCall call(deps_, method.name, authorization);
    Run(method, call, request, response);
    std::string outcome = call.Wait();
    error = call.error;
    return outcome;
  }

  std::optional<Error> error;  // of the last call

 private:
  static WriteQueueOptions Options(const CallWorld& world) {
    WriteQueueOptions options;
    options.lanes = 1;
    options.clock = world.deps().clock;
    return options;
  }

  SnapshotHolder snapshots_;
  WriteQueue queue_;
  ReadWorkers reads_;
  JobBell bell_;
  Deps deps_;
  Lookups lookups_;
  LookupSharing sharing_;
};

}  // namespace loyalty::test
