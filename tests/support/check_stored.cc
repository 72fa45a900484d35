// What is stored beside the entries: lots, redemptions, lines, days, moves, seals.

#include <algorithm>
#include <set>
#include <tuple>

#include "retention/summary.h"
#include "storage/names.h"
#include "storage/tables/days.h"
#include "storage/tables/redemptions.h"
#include "storage/tables/requests.h"
#include "storage/verify.h"
#include "tests/support/ledger_checker.h"

namespace loyalty::test {
using retention::MemberDay;

void Checker::ReadLots() {
  session_.Read(
      "SELECT member_id, lot_seq, expire_time, activate_time, remaining, held FROM open_lots",
      [this](std::int64_t id, std::int64_t seq, Instant expire, Instant activate, Points remaining, Points held) {
        const bool fresh =
            Member(id).stored_lots.try_emplace(seq, StoredLot{{activate, expire}, remaining, held}).second;
        Expect(fresh, "a lot twice", id, seq);
      });
  session_.Read("SELECT member_id, lot_seq, expire_time, activate_time, remaining FROM pending_lots",
                [this](std::int64_t id, std::int64_t seq, Instant expire, Instant activate, Points remaining) {
                  const bool fresh =
                      Member(id).stored_lots.try_emplace(seq, StoredLot{{activate, expire}, remaining, 0, true}).second;
                  Expect(fresh, "a lot twice", id, seq);
                });
}

void Checker::CheckMembers() {
  for (const auto& [id, member] : members_) {
    Expect(member.balance == member.sum, "balances are not the sums of the entries", id);
    Expect(member.seq == static_cast<std::int64_t>(member.entries.size()), "member_seq is not that of the last entry",
           id);
    Expect(member.record_time == member.last_record_time, "record_time is not that of the last entry", id);
    Expect(member.chain_head == member.mac, "the head of the chain is not its last MAC", id);
    const Balances& balance = member.balance;
    Expect(balance.available >= 0 && balance.pending >= 0 && balance.held >= 0 && balance.debt >= 0,
           "a balance is negative", id);
    Expect(balance.debt == 0 || balance.available == 0, "debt beside available points", id);
  }
}

void Checker::CheckLots() {
  for (const auto& [id, member] : members_) {
    Balances of_lots{.debt = member.balance.debt};
    for (const auto& [seq, lot] : member.lots) {
      Expect(lot.remaining >= 0, "a lot is overdrawn", id, seq);
      const auto stored = member.stored_lots.find(seq);
      if (lot.remaining <= 0) {
        Expect(stored == member.stored_lots.end(), "a lot that is used up is stored", id, seq);
        continue;
      }
      if (stored == member.stored_lots.end()) {
        Expect(false, "a lot is not stored", id, seq);
        continue;
      }
      Expect(stored->second.remaining == lot.remaining && stored->second.held == 0,
             "points of a lot are lost or doubled", id, seq);
      Expect(stored->second.pending == lot.pending, "a lot is stored in the wrong state", id, seq);
      Expect(stored->second.terms == lot.terms, "the terms of a lot", id, seq);
      (lot.pending ? of_lots.pending : of_lots.available) += lot.remaining;
      Expect(member.next_due_time <= (lot.pending ? lot.terms.activate_time : lot.terms.expire_time),
             "something falls due unnoticed", id, seq);
    }
    for (const auto& [seq, lot] : member.stored_lots)
      Expect(member.lots.contains(seq), "a lot that no entry made", id, seq);
    Expect(of_lots == member.balance, "balances are not the sums of the lots", id);
  }
}

void Checker::CheckRedemptions() {
  session_.Read(
      "SELECT member_id, id, entry_seq, state, points, command_id, cancel_command_id, receipt_id FROM redemptions",
      [this](std::int64_t id, std::int64_t redemption, std::int64_t entry_seq, storage::RedemptionState state,
             Points points, std::int64_t command, std::int64_t cancel, std::int64_t receipt) {
        StoredMember& member = Member(id);
        const bool cancelled = state == storage::RedemptionState::kCancelled;
        Expect(member.burnt[entry_seq] == points, "a redemption did not burn what it says", id, redemption);
        Expect(member.restored[entry_seq] == (cancelled ? points : 0), "a redemption did not give back what it says",
               id, redemption);
        constexpr int kRedeem = 1, kCancelRedemption = 2;
        const auto is = [this, id](std::int64_t by, int kind) {
          const auto at = commands_.find(by);
          return at != commands_.end() && at->second.member_id == id && at->second.kind == kind;
        };
        Expect(is(command, kRedeem), "a redemption that nobody asked for", id, redemption);
        Expect(cancelled ? is(cancel, kCancelRedemption) : cancel == 0, "a cancellation that nobody asked for", id,
               redemption);
        const auto used_by = receipts_.find(receipt);
        Expect(receipt == 0 || (used_by != receipts_.end() && used_by->second.member_id == id),
               "a redemption that somebody else's receipt used", id, redemption);
        member.burnt.erase(entry_seq);
      });
  for (const auto& [id, member] : members_)
    Expect(member.burnt.empty(), "a burn without redemption", id,
           member.burnt.empty() ? 0 : member.burnt.begin()->first);
}

void Checker::CheckLines() {
  session_.Read("SELECT DISTINCT receipt_id FROM receipt_lines",
                [this](std::int64_t id) { Expect(receipts_.contains(id), "lines without receipt", 0, id); });
  session_.Read("SELECT member_id, code, state FROM identifiers",
                [this](std::int64_t id, const std::string& code, int) {
                  if (!members_.contains(id)) Fault("identifier " + code + " of nobody");
                });
}

void Checker::CheckDays() {
  for (const auto& [id, member] : members_) {
    std::vector<MemberDay> days;
    for (const auto& [day, sums] : member.days) days.push_back(sums);
    Expect(member.stored_days == days, "the purchase days are not those of the sales", id);
    Expect(member.summary == retention::Summarise(days), "the summary is not that of the days", id);
  }
}

// Each move begins where the one before has led.
void Checker::CheckMoves() {
  using retention::LostStage;
  using retention::Segment;
  using retention::Stage;
  using retention::Standing;
  session_.Read(
      "SELECT member_id, seq, from_stage, from_segment, from_lost_stage, to_stage, to_segment, to_lost_stage "
      "FROM lifecycle_transitions ORDER BY member_id, seq",
      [this](std::int64_t id, std::int64_t seq, Stage from_stage, Segment from_segment, LostStage from_lost,
             Stage to_stage, Segment to_segment, LostStage to_lost) {
        const Standing from{from_stage, from_segment, from_lost};
        const Standing to{to_stage, to_segment, to_lost};
        StoredMember& member = Member(id);
        Expect(seq == ++member.moves, "a gap in the moves", id, seq);
        Expect(from == member.standing && !(to == member.standing), "a move that does not begin where the last one led",
               id, seq);
        member.standing = to;
      });
  for (const auto& [id, member] : members_) {
    Expect(member.moves == member.transitions, "not as many moves as are counted", id);
    Expect(member.moves == 0 || member.standing == member.stored_standing,
           "the standing is not where the last move led", id);
  }
}

void Checker::CheckSeals() {
  std::set<std::int64_t> ids;
  for (const auto& [id, cause] : receipts_) ids.insert(id);
  for (const auto& [id, cause] : commands_) ids.insert(id);
  std::int64_t next = -1;
  session_.Read("SELECT first_id, end_id, sealed_rows, last_id FROM seals ORDER BY first_id",
                [&](std::int64_t first, std::int64_t end, std::int64_t rows, std::int64_t last) {
                  Expect(next < 0 || first == next, "a hole between blocks of ids", 0, first);
                  next = end;
                  const auto from = ids.lower_bound(first);
                  const auto to = ids.lower_bound(end);
                  Expect(std::distance(from, to) == rows, "a block does not count what is in it", 0, first);
                  Expect(from == to ? last == 0 : last == *std::prev(to), "the last id of a block", 0, first);
                  ids.erase(from, to);
                });
  Expect(ids.empty(), "an id of no block", 0, ids.empty() ? 0 : *ids.begin());
  if (next >= 0)
    session_.Read("SELECT next_id FROM id_blocks WHERE name = 'main'",
                  [&](std::int64_t stored) { Expect(stored == next, "ids go on elsewhere", 0, stored); });
}

}  // namespace loyalty::test
