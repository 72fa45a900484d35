#include "tests/support/check_ledger.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "retention/summary.h"
#include "storage/names.h"
#include "storage/tables/days.h"
#include "storage/tables/members.h"
#include "storage/tables/redemptions.h"
#include "storage/tables/requests.h"
#include "storage/verify.h"

namespace loyalty::test {
namespace {

using retention::MemberDay;

struct FoundLot {
  LotTerms terms;
  Points remaining = 0;
  bool pending = false;
};

// As it is stored.
struct StoredLot {
  LotTerms terms;
  Points remaining = 0, held = 0;
  bool pending = false;
};

struct FoundEntry {
  EntryType type = EntryType::kEarn;
  Points size = 0;  // that allocations must add up to; 0: it has none
  std::int64_t receipt_id = 0, command_id = 0;
  Points allocated = 0;
};

struct StoredMember {
  std::string name;
  Bytes chain_head;
  Balances balance;
  Instant next_due_time = 0, record_time = 0;
  std::int64_t seq = 0;
  std::map<std::int64_t, StoredLot> stored_lots;
  retention::MemberSummary summary;
  std::vector<MemberDay> stored_days;
  std::int64_t transitions = 0;
  retention::Standing stored_standing;
  // Found out on the way.
  Balances sum;
  std::map<std::int64_t, FoundEntry> entries;
  Instant last_record_time = 0;
  Bytes mac;
  std::map<std::int64_t, FoundLot> lots;
  std::map<std::int64_t, Points> burnt, restored;  // by seq of the burn
  std::map<Day, MemberDay> days;
  std::int64_t moves = 0;
  retention::Standing standing;
};

// A receipt or a command: what entries and requests must agree with.
struct Booked {
  std::int64_t member_id = 0, entry_seq = 0, entry_count = 0;
  int kind = 0;  // of a command
  std::int64_t entries = 0;
};

class Checker {
 public:
  Checker(storage::Session& session, const ProgramKeys& keys) : session_(session), keys_(keys) {}

  std::string Run() {
    ReadMembers();
    ReadCauses();
    ReadRequests();
    ReadEntries();
    ReadAllocations();
    CheckEntries();
    ReadLots();
    CheckMembers();
    CheckLots();
    CheckRedemptions();
    CheckLines();
    CheckDays();
    CheckMoves();
    CheckSeals();
    if (fault_.empty())
      fault_ = storage::VerifyLedger(session_, keys_, std::nullopt, std::nullopt, [](const storage::VerifyReport&) {
                 return true;
               }).first_difference;
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

  void ReadMembers() {
    session_.Read(
        "SELECT id, public_id, available, pending, held, debt, next_due_time, member_seq, record_time, chain_head, "
        "recent_days, transitions, stage, segment, lost_stage FROM members",
        [this](std::int64_t id, std::int64_t public_id, Points available, Points pending, Points held, Points debt,
               Instant next_due_time, std::int64_t seq, Instant record_time, const Bytes& head, const Bytes& days,
               std::int64_t transitions, retention::Stage stage, retention::Segment segment,
               retention::LostStage lost) {
          StoredMember& member = members_[id];
          member.name = storage::PublicName(public_id);
          member.balance = {available, pending, held, debt};
          member.next_due_time = next_due_time;
          member.seq = seq;
          member.record_time = record_time;
          member.chain_head = head;
          member.stored_days = storage::UnpackDays(days.value);
          member.transitions = transitions;
          member.stored_standing = {stage, segment, lost};
        });
    session_.Read(
        "SELECT id, first_day, last_day, days, receipts, amount, discount, first_day_amount, last_day_amount, "
        "sum_gap_squared, sum_ln_gap FROM members",
        [this](std::int64_t id, Day first_day, Day last_day, std::int64_t days, std::int64_t receipts, Minor amount,
               Minor discount, Minor first_day_amount, Minor last_day_amount, std::int64_t sum_gap_squared,
               std::int64_t sum_ln_gap) {
          retention::MemberSummary& summary = members_[id].summary;
          summary.first_day = first_day;
          summary.last_day = last_day;
          summary.days = days;
          summary.receipts = receipts;
          summary.amount = amount;
          summary.discount = discount;
          summary.first_day_amount = first_day_amount;
          summary.last_day_amount = last_day_amount;
          summary.sum_gap_squared = sum_gap_squared;
          summary.sum_ln_gap = sum_ln_gap;
        });
    session_.Read("SELECT id, q1_amount, q2_amount, q3_amount, q4_amount, quarter_years FROM members",
                  [this](std::int64_t id, Minor q1, Minor q2, Minor q3, Minor q4, std::int64_t years) {
                    retention::MemberSummary& summary = members_[id].summary;
                    summary.quarter_amount = {q1, q2, q3, q4};
                    storage::UnpackYears(years, summary);
                  });
    std::map<std::int64_t, std::vector<MemberDay>> old_days;
    session_.Read("SELECT member_id, day, amount, discount, receipts FROM member_day ORDER BY member_id, day",
                  [&old_days](std::int64_t id, Day day, Minor amount, Minor discount, std::int64_t receipts) {
                    old_days[id].push_back({day, amount, discount, receipts});
                  });
    for (const auto& [id, days] : old_days) {
      auto& stored = Member(id).stored_days;
      stored.insert(stored.begin(), days.begin(), days.end());
    }
  }

  void ReadCauses() {
    session_.Read("SELECT id, member_id, entry_seq, entry_count FROM receipts",
                  [this](std::int64_t id, std::int64_t member, std::int64_t seq, std::int64_t count) {
                    receipts_[id] = {member, seq, count};
                    if (member != 0) Member(member);
                    Expect(member != 0 || count == 0, "a receipt of nobody has entries", 0, id);
                  });
    session_.Read("SELECT id, member_id, entry_seq, entry_count, kind FROM commands",
                  [this](std::int64_t id, std::int64_t member, std::int64_t seq, std::int64_t count, int kind) {
                    commands_[id] = {member, seq, count, kind};
                    if (member != 0) Member(member);
                    Expect(!receipts_.contains(id), "one id for a receipt and a command", member, id);
                  });
  }

  // Each names a receipt or a command; each of these was somebody's request, which names it.
  void ReadRequests() {
    std::map<std::tuple<Bytes, std::int64_t>, std::int64_t> named;
    session_.Read("SELECT request_id, principal_id, receipt_id, command_id FROM requests",
                  [&](const Bytes& request, std::int64_t principal, std::int64_t receipt, std::int64_t command) {
                    Expect((receipt == 0) != (command == 0), "a request that names not one thing", 0, receipt);
                    Expect(receipt == 0 ? commands_.contains(command) : receipts_.contains(receipt),
                           "a request without answer", 0, receipt + command);
                    named[{request, principal}] = receipt + command;
                  });
    for (const char* table : {"receipts", "commands"})
      session_.Read(std::string("SELECT id, request_id, principal_id FROM ") + table,
                    [&](std::int64_t id, const Bytes& request, std::int64_t principal) {
                      const auto at = named.find({request, principal});
                      Expect(at != named.end() && at->second == id, "no request names it", 0, id);
                    });
  }

  void ReadEntries() {
    session_.Read(
        "SELECT member_id, seq, type, available_delta, pending_delta, held_delta, debt_delta, lot_seq, activate_time, "
        "expire_time, restored_from, receipt_id, command_id, reversal_of, group_id, business_time, record_time, "
        "catalogue_version, sale_day, sale_amount, sale_discount, mac FROM entries ORDER BY member_id, seq",
        [this](std::int64_t id, std::int64_t seq, EntryType type, Points available, Points pending, Points held,
               Points debt, std::int64_t lot_seq, std::optional<Instant> activate, std::optional<Instant> expire,
               std::int64_t restored_from, std::int64_t receipt, std::int64_t command, std::int64_t reversal_of,
               std::int64_t group_id, Instant business_time, Instant record_time, std::int64_t catalogue_version,
               std::optional<Day> sale_day, Minor sale_amount, Minor sale_discount, const Bytes& mac) {
          Entry entry;
          entry.seq = seq;
          entry.type = type;
          entry.delta = {available, pending, held, debt};
          entry.lot_seq = lot_seq;
          if (activate || expire) entry.terms = LotTerms{activate.value_or(0), expire.value_or(0)};
          entry.restored_from = restored_from;
          entry.reversal_of = reversal_of;
          entry.group_id = group_id;
          entry.cause = {receipt, command, business_time, record_time, catalogue_version};
          if (sale_day) entry.sale = SaleFacts{*sale_day, sale_amount, sale_discount};
          Add(id, entry, mac);
        });
  }

  void Add(std::int64_t id, const Entry& entry, const Bytes& mac) {
    StoredMember& member = Member(id);
    Expect(entry.seq == static_cast<std::int64_t>(member.entries.size()) + 1, "entries have a gap", id, entry.seq);
    Expect(mac == EntryMac(member.name, entry, member.mac, keys_), "a MAC is wrong", id, entry.seq);
    Expect(entry.cause.record_time >= member.last_record_time, "a record time fell", id, entry.seq);
    member.last_record_time = entry.cause.record_time;
    member.mac = mac;
    member.sum += entry.delta;
    FoundEntry& found = member.entries[entry.seq];
    found.type = entry.type;
    found.receipt_id = entry.cause.receipt_id;
    found.command_id = entry.cause.command_id;
    const Points available = entry.delta.available;
    const bool makes_lot =
        entry.type == EntryType::kEarn || (entry.type == EntryType::kBurnRestore && entry.restored_from != 0);
    Expect(makes_lot == (entry.lot_seq == entry.seq), "an entry and its lot", id, entry.seq);
    Expect(entry.terms.has_value() == (makes_lot || entry.type == EntryType::kActivate), "terms", id, entry.seq);
    if (makes_lot) member.lots[entry.seq] = {*entry.terms, available + entry.delta.pending, entry.delta.pending > 0};
    if (entry.type == EntryType::kActivate || entry.type == EntryType::kExpire) {
      Expect(member.lots.contains(entry.lot_seq), "an entry of no lot", id, entry.seq);
      FoundLot& lot = member.lots[entry.lot_seq];
      if (entry.type == EntryType::kExpire) lot.remaining += available;
      if (entry.type == EntryType::kActivate) {
        Expect(lot.pending && lot.remaining == available && lot.terms == *entry.terms, "an activation", id, entry.seq);
        lot.pending = false;
      }
    }
    if (entry.type == EntryType::kBurn) member.burnt[entry.seq] = -available;
    if (entry.type == EntryType::kBurnRestore) member.restored[entry.reversal_of] += available;
    const bool allocates = entry.type == EntryType::kBurn || entry.type == EntryType::kDebtSettle ||
                           (entry.type == EntryType::kBurnRestore && !makes_lot);
    found.size = allocates ? std::abs(available) : 0;
    if (!entry.sale) return;
    const auto receipt = receipts_.find(entry.cause.receipt_id);
    Expect(receipt != receipts_.end() && receipt->second.entry_seq == entry.seq, "a sale of no receipt", id, entry.seq);
    MemberDay& day = member.days[entry.sale->day];
    day.day = entry.sale->day;
    day.amount += entry.sale->amount;
    day.discount += entry.sale->discount;
    ++day.receipts;
  }

  void ReadAllocations() {
    session_.Read(
        "SELECT member_id, entry_seq, lot_seq, kind, points, activate_time, expire_time FROM allocations",
        [this](std::int64_t id, std::int64_t entry_seq, std::int64_t lot_seq, AllocationKind kind, Points points,
               Instant activate, Instant expire) {
          StoredMember& member = Member(id);
          Expect(points > 0, "an empty allocation", id, entry_seq);
          Expect(member.lots.contains(lot_seq), "an allocation of no lot", id, lot_seq);
          Expect(member.entries.contains(entry_seq), "an allocation of no entry", id, entry_seq);
          FoundLot& lot = member.lots[lot_seq];
          FoundEntry& entry = member.entries[entry_seq];
          const AllocationKind expected = entry.type == EntryType::kBurn         ? AllocationKind::kBurn
                                          : entry.type == EntryType::kDebtSettle ? AllocationKind::kSettle
                                                                                 : AllocationKind::kRestore;
          Expect(kind == expected, "the kind of an allocation", id, entry_seq);
          Expect(lot.terms == LotTerms{activate, expire}, "an allocation has other terms than its lot", id, lot_seq);
          lot.remaining += kind == AllocationKind::kRestore ? points : -points;
          entry.allocated += points;
        });
  }

  void CheckEntries() {
    for (const auto& [id, member] : members_) {
      for (const auto& [seq, entry] : member.entries) {
        Expect(entry.allocated == entry.size, "allocations do not add up to their entry", id, seq);
        Expect(entry.receipt_id == 0 || entry.command_id == 0, "an entry with two causes", id, seq);
        const auto count = [&, member_id = id, entry_seq = seq](std::map<std::int64_t, Booked>& causes,
                                                                std::int64_t cause) {
          if (cause == 0) return;
          const auto at = causes.find(cause);
          const bool named = at != causes.end() && at->second.member_id == member_id &&
                             entry_seq >= at->second.entry_seq &&
                             entry_seq < at->second.entry_seq + at->second.entry_count;
          Expect(named, "an entry that its cause does not name", member_id, entry_seq);
          if (named) ++at->second.entries;
        };
        count(receipts_, entry.receipt_id);
        count(commands_, entry.command_id);
      }
    }
    for (const auto* causes : {&receipts_, &commands_})
      for (const auto& [id, cause] : *causes)
        Expect(cause.entries == cause.entry_count, "entries that are not there", cause.member_id, id);
    for (const auto& [id, receipt] : receipts_)
      Expect(receipt.member_id == 0 || receipt.entry_count > 0, "a member's receipt without entry", receipt.member_id,
             id);
  }

  void ReadLots() {
    session_.Read(
        "SELECT member_id, lot_seq, expire_time, activate_time, remaining, held FROM open_lots",
        [this](std::int64_t id, std::int64_t seq, Instant expire, Instant activate, Points remaining, Points held) {
          const bool fresh =
              Member(id).stored_lots.try_emplace(seq, StoredLot{{activate, expire}, remaining, held}).second;
          Expect(fresh, "a lot twice", id, seq);
        });
    session_.Read(
        "SELECT member_id, lot_seq, expire_time, activate_time, remaining FROM pending_lots",
        [this](std::int64_t id, std::int64_t seq, Instant expire, Instant activate, Points remaining) {
          const bool fresh =
              Member(id).stored_lots.try_emplace(seq, StoredLot{{activate, expire}, remaining, 0, true}).second;
          Expect(fresh, "a lot twice", id, seq);
        });
  }

  void CheckMembers() {
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

  void CheckLots() {
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

  void CheckRedemptions() {
    session_.Read("SELECT member_id, id, entry_seq, state, points, command_id, cancel_command_id FROM redemptions",
                  [this](std::int64_t id, std::int64_t redemption, std::int64_t entry_seq,
                         storage::RedemptionState state, Points points, std::int64_t command, std::int64_t cancel) {
                    StoredMember& member = Member(id);
                    const bool cancelled = state == storage::RedemptionState::kCancelled;
                    Expect(member.burnt[entry_seq] == points, "a redemption did not burn what it says", id, redemption);
                    Expect(member.restored[entry_seq] == (cancelled ? points : 0),
                           "a redemption did not give back what it says", id, redemption);
                    constexpr int kRedeem = 1, kCancelRedemption = 2;
                    const auto is = [this, id](std::int64_t by, int kind) {
                      const auto at = commands_.find(by);
                      return at != commands_.end() && at->second.member_id == id && at->second.kind == kind;
                    };
                    Expect(is(command, kRedeem), "a redemption that nobody asked for", id, redemption);
                    Expect(cancelled ? is(cancel, kCancelRedemption) : cancel == 0,
                           "a cancellation that nobody asked for", id, redemption);
                    member.burnt.erase(entry_seq);
                  });
    for (const auto& [id, member] : members_)
      Expect(member.burnt.empty(), "a burn without redemption", id,
             member.burnt.empty() ? 0 : member.burnt.begin()->first);
  }

  void CheckLines() {
    session_.Read("SELECT DISTINCT receipt_id FROM receipt_lines",
                  [this](std::int64_t id) { Expect(receipts_.contains(id), "lines without receipt", 0, id); });
    session_.Read("SELECT member_id, code, state FROM identifiers",
                  [this](std::int64_t id, const std::string& code, int) {
                    if (!members_.contains(id)) Fault("identifier " + code + " of nobody");
                  });
  }

  void CheckDays() {
    for (const auto& [id, member] : members_) {
      std::vector<MemberDay> days;
      for (const auto& [day, sums] : member.days) days.push_back(sums);
      Expect(member.stored_days == days, "the purchase days are not those of the sales", id);
      Expect(member.summary == retention::Summarise(days), "the summary is not that of the days", id);
    }
  }

  // Each move begins where the one before has led.
  void CheckMoves() {
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
          Expect(from == member.standing && !(to == member.standing),
                 "a move that does not begin where the last one led", id, seq);
          member.standing = to;
        });
    for (const auto& [id, member] : members_) {
      Expect(member.moves == member.transitions, "not as many moves as are counted", id);
      Expect(member.moves == 0 || member.standing == member.stored_standing,
             "the standing is not where the last move led", id);
    }
  }

  void CheckSeals() {
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

  storage::Session& session_;
  const ProgramKeys& keys_;
  std::string fault_;
  std::map<std::int64_t, Booked> receipts_, commands_;
  std::map<std::int64_t, StoredMember> members_;
  StoredMember nobody_;
};

}  // namespace

std::string LedgerFault(storage::Session& session, const ProgramKeys& keys) { return Checker(session, keys).Run(); }

}  // namespace loyalty::test
