#include "tests/support/check_ledger.h"

#include <map>
#include <set>
#include <vector>

#include "retention/summary.h"
#include "storage/verify.h"
#include "storage/working_set.h"

namespace loyalty::test {
namespace {

using storage::ResultRow;

struct StoredLot {
  LotState state = LotState::kActive;
  Points points = 0, remaining = 0, held = 0, taken = 0, expired = 0;
  Instant activate_time = 0, expire_time = 0;
};

struct StoredMember {
  std::string name, chain_head;
  Balances balance;
  Instant next_due_time = 0;
  std::int64_t seq = 0;
  // Found out on the way.
  Balances sum;
  std::int64_t entries = 0;
  std::string mac;
  std::map<std::int64_t, StoredLot> lots;
  std::map<std::int64_t, Points> burnt, restored;  // by seq of the burn
  std::vector<retention::MemberDay> days;
  std::int64_t moves = 0;
  retention::Standing standing;
};

class Checker {
 public:
  Checker(storage::Session& session, const ChainKey& key) : session_(session), key_(key) {}

  std::string Run() {
    ReadRequests();
    ReadMembers();
    ReadLots();
    ReadEntries();
    ReadAllocations();
    ReadDays();
    CheckMembers();
    CheckLots();
    CheckRedemptions();
    CheckReceipts();
    ReadMoves();
    CheckStatistics();
    if (fault_.empty())
      fault_ =
          storage::VerifyLedger(session_, key_, {}, [](const storage::VerifyReport&) { return true; }).first_difference;
    return fault_;
  }

 private:
  void Fault(std::string text) {
    if (fault_.empty()) fault_ = std::move(text);
  }
  void Expect(bool ok, const std::string& what, std::int64_t member, std::int64_t key = 0) {
    if (!ok) Fault(what + " (member " + std::to_string(member) + ", " + std::to_string(key) + ")");
  }
  StoredMember& Member(std::int64_t id) {
    const auto at = members_.find(id);
    if (at != members_.end()) return at->second;
    Fault("a row of member " + std::to_string(id) + ", who does not exist");
    return nobody_;
  }

  void ReadRequests() {
    session_.Read("SELECT request_id FROM requests", "t",
                  [this](const ResultRow& row) { requests_.insert(row.Text(0)); });
  }

  void ReadMembers() {
    session_.Read(
        "SELECT id, public_id, available, pending, held, debt, next_due_time, member_seq, chain_head FROM members",
        "iiiiiiiit", [this](const ResultRow& row) {
          StoredMember& member = members_[row.Number(0)];
          member.name = storage::PublicName(row.Number(1));
          member.balance = {row.Number(2), row.Number(3), row.Number(4), row.Number(5)};
          member.next_due_time = row.Number(6);
          member.seq = row.Number(7);
          member.chain_head = row.Text(8);
        });
  }

  void ReadLots() {
    session_.Read("SELECT member_id, lot_seq, state, points, remaining, held, activate_time, expire_time FROM lots",
                  "iiiiiiii", [this](const ResultRow& row) {
                    StoredLot& lot = Member(row.Number(0)).lots[row.Number(1)];
                    lot.state = static_cast<LotState>(row.Number(2));
                    lot.points = row.Number(3);
                    lot.remaining = row.Number(4);
                    lot.held = row.Number(5);
                    lot.activate_time = row.Number(6);
                    lot.expire_time = row.Number(7);
                  });
  }

  void ReadEntries() {
    session_.Read(
        "SELECT member_id, seq, type, available_delta, pending_delta, held_delta, debt_delta, lot_seq, request_id, "
        "receipt_id, reversal_of, group_id, terminal_id, business_time, record_time, catalogue_version, mac "
        "FROM entries ORDER BY member_id, seq",
        "iiiiiiiitiiiiiiit", [this](const ResultRow& row) {
          const std::int64_t id = row.Number(0);
          StoredMember& member = Member(id);
          Entry entry;
          entry.seq = row.Number(1);
          entry.type = static_cast<EntryType>(row.Number(2));
          entry.delta = {row.Number(3), row.Number(4), row.Number(5), row.Number(6)};
          entry.lot_seq = row.Number(7);
          entry.cause.request_id = row.Text(8);
          entry.cause.receipt_id = row.Number(9);
          entry.reversal_of = row.Number(10);
          entry.group_id = row.Number(11);
          entry.cause.terminal_id = row.Number(12);
          entry.cause.business_time = row.Number(13);
          entry.cause.record_time = row.Number(14);
          entry.cause.catalogue_version = row.Number(15);
          Expect(entry.seq == ++member.entries, "entries have a gap", id, entry.seq);
          Expect(row.Text(16) == EntryMac(member.name, entry, member.mac, key_), "a MAC is wrong", id, entry.seq);
          member.mac = row.Text(16);
          member.sum += entry.delta;
          const std::string& request = entry.cause.request_id;
          Expect(request.empty() || requests_.contains(request), "an entry of a request without answer", id, entry.seq);
          const bool makes_lot =
              entry.type == EntryType::kEarn || (entry.type == EntryType::kBurnRestore && entry.lot_seq != 0);
          if (makes_lot) Expect(entry.lot_seq == entry.seq && member.lots.contains(entry.seq), "no lot", id, entry.seq);
          if (entry.type == EntryType::kExpire) member.lots[entry.lot_seq].expired -= entry.delta.available;
          if (entry.type == EntryType::kBurn) member.burnt[entry.seq] = -entry.delta.available;
          if (entry.type == EntryType::kBurnRestore) member.restored[entry.reversal_of] += entry.delta.available;
        });
  }

  void ReadAllocations() {
    session_.Read(
        "SELECT member_id, entry_seq, lot_seq, kind, points FROM allocations", "iiiii", [this](const ResultRow& row) {
          StoredMember& member = Member(row.Number(0));
          const auto kind = static_cast<AllocationKind>(row.Number(3));
          Expect(member.lots.contains(row.Number(2)), "an allocation of no lot", row.Number(0), row.Number(2));
          Expect(row.Number(4) > 0, "an empty allocation", row.Number(0), row.Number(1));
          StoredLot& lot = member.lots[row.Number(2)];
          lot.taken += kind == AllocationKind::kRestore ? -row.Number(4) : row.Number(4);
        });
  }

  void ReadDays() {
    session_.Read("SELECT member_id, day, amount, discount, receipts FROM member_day ORDER BY member_id, day", "iiiii",
                  [this](const ResultRow& row) {
                    Member(row.Number(0))
                        .days.push_back({static_cast<Day>(row.Number(1)), row.Number(2), row.Number(3), row.Number(4)});
                  });
  }

  void CheckMembers() {
    for (const auto& [id, member] : members_) {
      Expect(member.balance == member.sum, "balances are not the sums of the entries", id);
      Expect(member.seq == member.entries, "member_seq is not that of the last entry", id);
      Expect(member.chain_head == member.mac, "the head of the chain is not its last MAC", id);
      const Balances& balance = member.balance;
      Expect(balance.available >= 0 && balance.pending >= 0 && balance.held >= 0 && balance.debt >= 0,
             "a balance is negative", id);
      Expect(balance.debt == 0 || balance.available == 0, "debt beside available points", id);
    }
  }

  void CheckLots() {
    for (const auto& [id, member] : members_) {
      Balances of_lots{.debt = member.balance.debt};
      for (const auto& [seq, lot] : member.lots) {
        Expect(lot.points == lot.remaining + lot.taken + lot.expired, "points of a lot are lost or doubled", id, seq);
        Expect(lot.remaining >= 0 && lot.held >= 0 && lot.held <= lot.remaining, "a lot is overdrawn", id, seq);
        const bool open = lot.state == LotState::kActive || lot.state == LotState::kPending;
        Expect(open == (lot.remaining > 0), "the state of a lot does not fit what remains", id, seq);
        (lot.state == LotState::kPending ? of_lots.pending : of_lots.available) += lot.remaining - lot.held;
        of_lots.held += lot.held;
        const Instant due = lot.state == LotState::kPending ? lot.activate_time : open ? lot.expire_time : kNever;
        Expect(member.next_due_time <= due, "something falls due unnoticed", id, seq);
      }
      Expect(of_lots == member.balance, "balances are not the sums of the lots", id);
    }
  }

  void CheckRedemptions() {
    session_.Read("SELECT member_id, id, entry_seq, state, points, request_id, cancel_request_id FROM redemptions",
                  "iiiiitt", [this](const ResultRow& row) {
                    StoredMember& member = Member(row.Number(0));
                    const bool cancelled = row.Number(3) == static_cast<int>(storage::RedemptionState::kCancelled);
                    Expect(member.burnt[row.Number(2)] == row.Number(4), "a redemption did not burn what it says",
                           row.Number(0), row.Number(1));
                    Expect(member.restored[row.Number(2)] == (cancelled ? row.Number(4) : 0),
                           "a redemption did not give back what it says", row.Number(0), row.Number(1));
                    Expect(requests_.contains(row.Text(5)) && (!cancelled || requests_.contains(row.Text(6))),
                           "a redemption without answer", row.Number(0), row.Number(1));
                    member.burnt.erase(row.Number(2));
                  });
    for (const auto& [id, member] : members_)
      Expect(member.burnt.empty(), "a burn without redemption", id,
             member.burnt.empty() ? 0 : member.burnt.begin()->first);
  }

  void CheckReceipts() {
    std::set<std::int64_t> receipts;
    session_.Read("SELECT id, member_id, request_id FROM receipts", "iit", [&](const ResultRow& row) {
      receipts.insert(row.Number(0));
      if (!row.IsNull(1)) Member(row.Number(1));
      Expect(requests_.contains(row.Text(2)), "a receipt without answer", row.Number(1), row.Number(0));
    });
    session_.Read("SELECT DISTINCT receipt_id FROM receipt_lines", "i", [&](const ResultRow& row) {
      Expect(receipts.contains(row.Number(0)), "lines without receipt", 0, row.Number(0));
    });
  }

  // Each move begins where the one before has led.
  void ReadMoves() {
    session_.Read(
        "SELECT member_id, seq, from_stage, from_segment, from_lost_stage, to_stage, to_segment, to_lost_stage "
        "FROM lifecycle_transitions ORDER BY member_id, seq",
        "iiiiiiii", [this](const ResultRow& row) {
          const auto standing = [&row](std::size_t at) {
            return retention::Standing{static_cast<retention::Stage>(row.Number(at)),
                                       static_cast<retention::Segment>(row.Number(at + 1)),
                                       static_cast<retention::LostStage>(row.Number(at + 2))};
          };
          StoredMember& member = Member(row.Number(0));
          Expect(row.Number(1) == ++member.moves, "a gap in the moves", row.Number(0), row.Number(1));
          Expect(standing(2) == member.standing && !(standing(5) == member.standing),
                 "a move that does not begin where the last one led", row.Number(0), row.Number(1));
          member.standing = standing(5);
        });
  }

  void CheckStatistics() {
    session_.Read("SELECT " + storage::kStatisticsColumns + " FROM member_statistics", storage::kStatisticsTypes,
                  [this](const ResultRow& row) {
                    StoredMember& member = Member(row.Number(0));
                    const auto statistics = storage::StatisticsOf(row);
                    const auto& stored = statistics.summary;
                    Expect(member.moves == statistics.transitions, "not as many moves as are counted", row.Number(0));
                    Expect(member.moves == 0 || member.standing == statistics.lifecycle.standing,
                           "the standing is not where the last move led", row.Number(0));
                    member.moves = 0;
                    Expect(stored == retention::Summarise(member.days), "the summary is not that of the days",
                           row.Number(0));
                    member.days.clear();
                  });
    for (const auto& [id, member] : members_) {
      Expect(member.days.empty(), "purchase days without summary", id);
      Expect(member.moves == 0, "moves without a standing", id);
    }
  }

  storage::Session& session_;
  const ChainKey& key_;
  std::string fault_;
  std::set<std::string> requests_;
  std::map<std::int64_t, StoredMember> members_;
  StoredMember nobody_;
};

}  // namespace

std::string LedgerFault(storage::Session& session, const ChainKey& key) { return Checker(session, key).Run(); }

}  // namespace loyalty::test
