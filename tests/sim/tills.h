// What tills, service desks and admins send: new requests, repeats, copies that come late, and mistakes.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/commands/command.h"
#include "tests/sim/chance.h"
#include "tests/sim/slips.h"

namespace loyalty::sim {

// A command that is asked about only: it has no request id.
inline bool IsQuote(const Command& command) { return command.request_id.empty(); }

class Tills {
 public:
  explicit Tills(std::uint64_t seed);

  // The next command, at the server's time `now`.
  Command Next(Instant now);

  // What answers told: names to use in later commands.
  void LearnMember(const std::string& name);
  void LearnRedemption(const std::string& request_id, const std::string& name);

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
  // A slip that is sent once more, as a request of its own.
  Command SendAgain(const Command& sent, Instant now);

  // What pays a slip: money, points of a redemption that is known, or points of which nobody knows.
  void Pay(Receipt& receipt);
  Place PlaceOf(std::int64_t terminal_id, Instant now);
  Place AnyPlace(Instant now);
  Identifier AnyCard();
  // A basket of which points have paid a part; its slip is still to come.
  struct PartlyPaid {
    Identifier buyer;
    Receipt basket;
    Minor with_points = 0;
    std::string redemption;  // empty until it is known
  };

  Chance chance_;
  Slips slips_{chance_};
  std::vector<Command> sent_;  // the last ones, in a ring
  std::size_t next_slot_ = 0;
  std::vector<std::string> members_, redemptions_;
  std::unordered_map<std::string, PartlyPaid> asked_;  // by request
  std::vector<PartlyPaid> partly_paid_;
  std::int64_t requests_ = 0;
};

}  // namespace loyalty::sim
