// The whole program as one would write it on a napkin: members with lots in a vector, no batches, tables, entries or
// allocations. The simulation compares the real one with it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/commands/command.h"
#include "tests/sim/sums.h"

namespace loyalty::sim {

// What should come of a command.
struct Expected {
  std::string outcome = "OK";  // or the name of the reason
  bool replayed = false;
  std::optional<Balances> balance = {};  // of the member, afterwards
  Points earned = 0;
};

class Model {
 public:
  explicit Model(const Program& program) : program_(program) {}

  // What time has done by `now` to the members that the commands of a batch name. A clock that goes back later does
  // not undo it.
  void Settle(const std::vector<const Command*>& commands, Instant now);
  Expected Apply(const Command& command, Instant now);
  // A dry run was applied: what its Settle did has not happened.
  void Undo();

  // The server draws names; the model hears them with the first answer to a request.
  void NameMember(const std::string& request_id, const std::string& name);
  void NameRedemption(const std::string& request_id, std::int64_t id, const std::string& name);

  // By card, as `identifiers` stores it.
  const std::unordered_map<std::string, int>& owners() const { return owners_; }
  Balances BalanceOf(int member) const;
  // Points that are left of a member's lots, and from when to when they are good; in order.
  struct Left {
    Instant activate = 0, expire = 0;
    Points points = 0;
    bool operator==(const Left&) const = default;
    auto operator<=>(const Left&) const = default;
  };
  std::vector<Left> LotsOf(int member) const;
  std::size_t receipts() const { return receipts_.size(); }

 private:
  struct Lot {
    Instant activate = 0;
    Instant expire = kNever;
    Points remaining = 0;
    bool active = false;
  };
  struct Redemption {
    int member = 0;
    std::vector<std::pair<std::size_t, Points>> taken;  // lot, points
    std::int64_t store_id = 0;
    bool cancelled = false;
    bool used = false;  // by a receipt
    Shares shares;
  };

  // A slip under the number that it has on a day, or of its fiscal unit.
  struct Recorded {
    std::int64_t terminal_id = 0;
    int epoch = 0;
    std::int64_t day = 0;
    std::string receipt_no, signature, content;
    int member = -1;        // -1: nobody
    Instant till_time = 0;  // as the till said
  };

  Expected Do(const Command& command, const Scan& scan, Instant now);
  Expected Do(const Command& command, const Redeem& redeem, Instant now);
  Expected Do(const Command& command, const CancelRedemption& cancel, Instant now);
  Expected Do(const Command& command, const EnrollMember& enroll, Instant now);
  Expected Do(const Command& command, const LinkIdentifier& link, Instant now);
  Expected Do(const Command& command, const Admin& admin, Instant now);
  Expected Do(const Command& command, const Step& step, Instant now);
  template <typename Other>  // what it does not send
  Expected Do(const Command&, const Other&, Instant) {
    return {};
  }

  // What becomes of a slip that may have been there before.
  enum class Seen : std::uint8_t { kNew, kBefore, kConflict };
  Seen Look(const Scan& scan, const Recorded& slip, bool dated, bool clock_off, Instant business_time) const;
  // The redemption that a payment names, where it is the buyer's, in force and not used yet.
  Redemption* PayerOf(const Payment& payment, std::optional<int> member);
  bool IsSame(const Scan& scan, const Recorded& slip, const Recorded& before) const;
  // How long points live that are earned and recorded at these times.
  Lot LifeOf(const Rule& rule, Instant business_time, Instant recorded) const;

  static bool InTime(Instant business_time, Instant now);
  std::optional<int> OwnerOf(const std::string& key) const;
  std::optional<Balances> SightOf(const Command& command) const;
  int AddMember(const std::string& request_id);
  void SettleMember(int member, Instant now);
  // The server's time for what becomes of a member: a clock that was set back does not take it back.
  Instant RecordTime(int member, Instant now) const;

  const Program program_;
  std::vector<std::vector<Lot>> members_;  // lots by age
  std::vector<Instant> recorded_;          // of each member's last entry
  std::vector<bool> enrolled_;
  std::vector<std::tuple<int, std::vector<Lot>, Instant>> undo_;  // members as they were before a dry run
  std::unordered_map<std::string, int> owners_;
  std::unordered_map<std::string, int> named_;       // members, by their names
  std::unordered_map<std::string, int> made_by_;     // members, by the request that made them
  std::unordered_map<std::string, Bytes> requests_;  // payload hash by id
  std::vector<Recorded> receipts_;
  std::unordered_multimap<std::string, std::size_t> numbers_;      // of receipts, by receipt_no or signature
  std::unordered_map<std::string, Redemption> redeemed_;           // by request
  std::unordered_map<std::int64_t, std::string> redemptions_;      // request, by the id of the redemption
  std::unordered_map<std::string, std::string> redemption_names_;  // the same by its name
};

}  // namespace loyalty::sim
