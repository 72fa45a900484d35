#include "tests/support/check_ledger.h"

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

std::string Checker::Run() {
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

void Checker::Fault(std::string text) {
  if (fault_.empty()) fault_ = std::move(text);
}

void Checker::Expect(bool ok, const std::string& what, std::int64_t member, std::int64_t key) {
  if (!ok) Fault(what + " (member " + std::to_string(member) + ", " + std::to_string(key) + ")");
}

StoredMember& Checker::Member(std::int64_t id) {
  const auto at = members_.find(id);
  if (at != members_.end()) return at->second;
  Fault("a row of member " + std::to_string(id) + ", who does not exist");
  return nobody_;
}

void Checker::ReadMembers() {
  session_.Read(
      "SELECT id, public_id, available, pending, held, debt, next_due_time, member_seq, record_time, chain_head, "
      "recent_days, transitions, stage, segment, lost_stage FROM members",
      [this](std::int64_t id, std::int64_t public_id, Points available, Points pending, Points held, Points debt,
             Instant next_due_time, std::int64_t seq, Instant record_time, const Bytes& head, const Bytes& days,
             std::int64_t transitions, retention::Stage stage, retention::Segment segment, retention::LostStage lost) {
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

void Checker::ReadCauses() {
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
void Checker::ReadRequests() {
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

void Checker::ReadEntries() {
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

void Checker::Add(std::int64_t id, const Entry& entry, const Bytes& mac) {
  StoredMember& member = Member(id);
  Expect(entry.seq == static_cast<std::int64_t>(member.entries.size()) + 1, "entries have a gap", id, entry.seq);
  const KeySet* maker = keys_.MakerOf(mac);
  Expect(maker != nullptr && mac == EntryMac(member.name, entry, member.mac, *maker), "a MAC is wrong", id, entry.seq);
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

void Checker::ReadAllocations() {
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

void Checker::CheckEntries() {
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

std::string LedgerFault(storage::Session& session, const ProgramKeys& keys) { return Checker(session, keys).Run(); }

}  // namespace loyalty::test
