// What tills, service desks and admins send: new requests, repeats, copies that come late, and mistakes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/catalogue/snapshot.h"
#include "services/commands/command.h"
#include "tests/sim/chance.h"

namespace loyalty::sim {

// A command that is asked about only: it has no request id.
inline bool IsQuote(const Command& command) { return command.request_id.empty(); }

class Tills {
 public:
  Tills(std::uint64_t seed, std::shared_ptr<const Snapshot> snapshot);

  // The next command, at the server's time `now`.
  Command Next(Instant now);

  // What answers told: names to use in later commands.
  void LearnMember(const std::string& name);
  void LearnRedemption(const std::string& name);

 private:
  Command New(Instant now, std::string content);
  Command Scan(Instant now);
  Command Redeem(Instant now);
  Command Cancel(Instant now);
  Command Enroll(Instant now);
  Command Link(Instant now);
  Command Quote(Instant now);
  Command Admin(Instant now);
  Command Repeat(Instant now);

  Place AnyPlace();
  Identifier AnyCard();
  Instant TillTime(Instant now);

  Chance chance_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<Command> sent_;  // the last ones, in a ring
  std::size_t next_slot_ = 0;
  std::vector<std::string> members_, redemptions_;
  std::int64_t requests_ = 0, receipts_ = 0;
};

}  // namespace loyalty::sim
