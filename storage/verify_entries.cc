// Entries, and all that follows from them: balances, lots, purchase days.
#include <set>

#include "storage/read_table.h"
#include "storage/tables/days.h"
#include "storage/tables/ledger.h"
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

using Id = std::int64_t;
using retention::MemberDay;

// Entries at a time: a member may have any number of them.
constexpr int kEntriesAtOnce = 4'096;

struct LotSoFar {
  LotTerms terms;
  bool pending = false;
  Points remaining = 0;
};

// What the entries of a member have come to so far.
struct Running {
  Id seq = 0;
  Instant record_time = 0;
  Balances sum;
  Bytes mac;
  std::map<Id, LotSoFar> lots;
  std::map<Id, Points> allocated;  // by entry, what its allocations must add up to
  std::map<Day, MemberDay> days;
  std::set<Id> receipts;
};

// An entry that takes from lots, or gives back to them, by allocations.
bool Allocates(const Entry& entry) {
  return entry.type == EntryType::kBurn || entry.type == EntryType::kDebtSettle ||
         entry.type == EntryType::kEarnReversal || (entry.type == EntryType::kBurnRestore && entry.lot_seq == 0);
}

class EntryCheck {
 public:
  EntryCheck(const ProgramKeys& keys, const VerifyChunk& chunk, bool purchases_only)
      : keys_(keys), chunk_(chunk), purchases_only_(purchases_only) {}

  void Take(Id member_id, const Entry& entry) {
    if (!difference.empty()) return;
    const auto member = chunk_.members.find(member_id);
    if (member == chunk_.members.end()) return Differs(member_id, entry, "there is no such member");
    Running& running = running_[member_id];
    if (!purchases_only_) {
      if (entry.seq != running.seq + 1) return Differs(member_id, entry, "follows seq " + std::to_string(running.seq));
      const KeySet* maker = keys_.MakerOf(entry.mac);
      if (maker == nullptr || EntryMac(member->second.name(), entry, running.mac, *maker) != entry.mac)
        return Differs(member_id, entry, "its seal does not fit: it, or one before it, was changed");
      if (entry.cause.record_time < running.record_time)
        return Differs(member_id, entry, "recorded before the one before it");
    }
    running.seq = entry.seq;
    running.record_time = entry.cause.record_time;
    running.sum += entry.delta;
    running.mac = entry.mac;
    if (entry.cause.receipt_id != 0) running.receipts.insert(entry.cause.receipt_id);
    TakeLot(running, entry);
    if (Allocates(entry)) running.allocated[entry.seq] = std::abs(entry.delta.available + entry.delta.pending);
    if (entry.sale) {
      MemberDay& day = running.days[entry.sale->day];
      day = {entry.sale->day, day.amount + entry.sale->amount, day.discount + entry.sale->discount, day.receipts + 1};
    }
  }

  void TakeAllocation(Id member_id, const Allocation& allocation) {
    if (!difference.empty()) return;
    Running& running = running_[member_id];
    const std::string name = "allocations of " + chunk_.Name(member_id, "/entries/", allocation.entry_seq);
    const auto lot = running.lots.find(allocation.lot_seq);
    if (lot == running.lots.end() || !running.allocated.contains(allocation.entry_seq) || allocation.points <= 0) {
      difference = name + ": one names a lot or an entry that is not there, or no points";
      return;
    }
    if (!(lot->second.terms == allocation.terms)) {
      difference = name + ": one says that the lot has other terms than the ledger";
      return;
    }
    running.allocated[allocation.entry_seq] -= allocation.points;
    lot->second.remaining += allocation.kind == AllocationKind::kRestore ? allocation.points : -allocation.points;
  }

  const Running& Of(Id member_id) { return running_[member_id]; }
  Running& RunningOf(Id member_id) { return running_[member_id]; }

  void Finish() {
    for (const auto& [id, member] : chunk_.members) {
      if (!difference.empty()) return;
      const Running& running = running_[id];
      Compare(id, "member_seq", member.seq, running.seq);
      Compare(id, "record_time", member.record_time, running.record_time);
      Compare(id, "available", member.balance.available, running.sum.available);
      Compare(id, "pending", member.balance.pending, running.sum.pending);
      Compare(id, "held", member.balance.held, running.sum.held);
      Compare(id, "debt", member.balance.debt, running.sum.debt);
      if (member.chain_head != running.mac && difference.empty())
        difference = "members " + chunk_.Name(id) + ": chain_head is not the seal of its last entry";
      for (const auto& [seq, left] : running.allocated)
        if (left != 0 && difference.empty())
          difference = "allocations of " + chunk_.Name(id, "/entries/", seq) + ": they do not add up to the entry";
    }
  }

  std::string difference;

 private:
  void Differs(Id member_id, const Entry& entry, const std::string& how) {
    difference = "entries " + chunk_.Name(member_id, "/entries/", entry.seq) + ": " + how;
  }

  void Compare(Id member_id, const char* column, Id stored, Id computed) {
    if (stored != computed && difference.empty())
      difference = "members " + chunk_.Name(member_id) + ": " + column + " is " + std::to_string(stored) +
                   ", its entries say " + std::to_string(computed);
  }

  static void TakeLot(Running& running, const Entry& entry) {
    if (entry.lot_seq == 0) return;
    LotSoFar& lot = running.lots[entry.lot_seq];
    if (entry.terms) lot.terms = *entry.terms;
    if (entry.lot_seq == entry.seq) {
      lot.pending = entry.delta.pending > 0;
      lot.remaining = entry.delta.available + entry.delta.pending;
    } else if (entry.type == EntryType::kActivate) {
      lot.pending = false;
    } else if (entry.type == EntryType::kExpire || entry.type == EntryType::kCancelPending) {
      lot.remaining += entry.delta.available + entry.delta.pending;
    }
  }

  const ProgramKeys& keys_;
  const VerifyChunk& chunk_;
  bool purchases_only_;
  std::map<Id, Running> running_;
};

void ReadEntriesOf(Session& session, const VerifyChunk& chunk, EntryCheck& check, VerifyReport& report) {
  static const auto kRestOfMember = SetStatement::SelectEach<Id, Id, int>(
      EntryRow::table().select() + " WHERE member_id = ? AND seq > ? ORDER BY seq LIMIT ?");
  static const auto kNextMembers = SetStatement::SelectEach<Id, Id, int>(
      EntryRow::table().select() + " WHERE member_id > ? AND member_id <= ? ORDER BY member_id, seq LIMIT ?");
  Id member_id = chunk.from;
  Id seq = kNever;  // of member_id; kNever: that member is done
  while (check.difference.empty()) {
    const bool rest = seq != kNever;
    const Rows rows = rest ? Rows::Of(member_id, seq, kEntriesAtOnce) : Rows::Of(member_id, chunk.to, kEntriesAtOnce);
    int count = 0;
    session.ReadRows(rest ? kRestOfMember : kNextMembers, rows, EntryRow::table().types(), [&](const ResultRow& from) {
      const EntryRow row = EntryRow::table().Of(from);
      check.Take(row.member_id, row.entry);
      member_id = row.member_id;
      seq = row.entry.seq;
      ++count;
    });
    report.entries += count;
    if (count == kEntriesAtOnce) continue;
    // Fewer than asked for: the member, or all of them, is done.
    if (!rest) break;
    seq = kNever;
  }
}

// The stored lots against what the entries leave. Each that agrees is taken out of what the ledger says.
class LotCheck {
 public:
  LotCheck(const VerifyChunk& chunk, EntryCheck& check, VerifyReport& report)
      : chunk_(chunk), check_(check), report_(report) {}

  void Take(const char* table, Id member_id, Id seq, const LotTerms& terms, bool pending, Points remaining,
            Points held) {
    if (!difference.empty()) return;
    ++report_.lots;
    auto& lots = check_.RunningOf(member_id).lots;
    const auto lot = lots.find(seq);
    const std::string name = std::string(table) + " " + chunk_.Name(member_id, "/lots/", seq) + ": ";
    if (lot == lots.end() || lot->second.pending != pending) {
      difference = name + "the ledger has no such lot";
    } else if (!(lot->second.terms == terms)) {
      difference = name + "its activation or expiry is not that of the entry that made it";
    } else if (lot->second.remaining != remaining || held < 0 || held > remaining) {
      difference = name + "remaining is " + std::to_string(remaining) + ", the ledger says " +
                   std::to_string(lot->second.remaining);
    } else {
      const Instant at = pending ? terms.activate_time : remaining > held ? terms.expire_time : kNever;
      Instant& first = due_.try_emplace(member_id, kNever).first->second;
      first = std::min(first, at);
      lots.erase(lot);
    }
  }

  void Finish() {
    for (const auto& [id, member] : chunk_.members) {
      if (!difference.empty()) return;
      for (const auto& [seq, lot] : check_.Of(id).lots)
        if (lot.remaining != 0 && difference.empty())
          difference = std::string(lot.pending ? "pending_lots " : "open_lots ") + chunk_.Name(id, "/lots/", seq) +
                       ": the ledger leaves " + std::to_string(lot.remaining) + " points in it, and it is not there";
      const auto due = due_.find(id);
      if (due != due_.end() && member.next_due_time > due->second && difference.empty())
        difference = "members " + chunk_.Name(id) + ": next_due_time is later than what falls due first";
    }
  }

  std::string difference;

 private:
  const VerifyChunk& chunk_;
  EntryCheck& check_;
  VerifyReport& report_;
  std::map<Id, Instant> due_;
};

std::string VerifyLots(Session& session, const VerifyChunk& chunk, EntryCheck& check, VerifyReport& report) {
  static const auto kPending =
      SetStatement::SelectEach<Id, Id>(PendingLotRow::table().select() + " WHERE member_id > ? AND member_id <= ?");
  static const auto kOpen =
      SetStatement::SelectEach<Id, Id>(OpenLotRow::table().select() + " WHERE member_id > ? AND member_id <= ?");
  LotCheck lots(chunk, check, report);
  for (const auto& row : ReadRows<PendingLotRow>(session, kPending, Rows::Of(chunk.from, chunk.to)))
    lots.Take("pending_lots", row.member_id, row.lot_seq, row.terms, true, row.remaining, 0);
  for (const auto& row : ReadRows<OpenLotRow>(session, kOpen, Rows::Of(chunk.from, chunk.to)))
    lots.Take("open_lots", row.member_id, row.lot_seq, row.terms, false, row.remaining, row.held);
  lots.Finish();
  return lots.difference;
}

// The first day on which two lists of days differ.
std::string DayDifference(const std::vector<MemberDay>& stored, const std::vector<MemberDay>& expected) {
  for (std::size_t i = 0; i < std::max(stored.size(), expected.size()); ++i) {
    if (i < stored.size() && i < expected.size() && stored[i] == expected[i]) continue;
    const bool extra = i >= expected.size() || (i < stored.size() && stored[i].day < expected[i].day);
    const bool missing = i >= stored.size() || (i < expected.size() && expected[i].day < stored[i].day);
    return FormatDay(extra ? stored[i].day : expected[i].day) + (extra     ? ": no sale of this day"
                                                                 : missing ? ": missing, there are sales"
                                                                           : ": not what its sales add up to");
  }
  return "";
}

std::string VerifyPurchases(Session& session, const VerifyChunk& chunk, EntryCheck& check, VerifyReport& report) {
  static const auto kOlder = SetStatement::SelectEach<Id, Id>(
      MemberDayRow::table().select() + " WHERE member_id > ? AND member_id <= ? ORDER BY member_id, day");
  std::map<Id, std::vector<MemberDay>> stored;
  for (const auto& row : ReadRows<MemberDayRow>(session, kOlder, Rows::Of(chunk.from, chunk.to)))
    stored[row.member_id].push_back(row.day);
  for (const auto& [id, member] : chunk.members) {
    auto& days = stored[id];
    days.insert(days.end(), member.recent_days.begin(), member.recent_days.end());
    std::vector<MemberDay> expected;
    for (const auto& [day, sums] : check.Of(id).days) expected.push_back(sums);
    report.receipts += static_cast<Id>(check.Of(id).receipts.size());
    const std::string difference = DayDifference(days, expected);
    if (!difference.empty()) return "member_day " + chunk.Name(id) + " " + difference;
    const retention::MemberSummary summary = retention::Summarise(expected);
    if (!(member.summary == summary)) return "members " + chunk.Name(id) + ": not what its purchase days add up to";
    stored.erase(id);
  }
  if (!stored.empty()) return "member_day " + chunk.Name(stored.begin()->first) + ": there is no such member";
  return "";
}

}  // namespace

std::string VerifyEntries(Session& session, const ProgramKeys& keys, const VerifyChunk& chunk, bool purchases_only,
                          VerifyReport& report) {
  static const auto kAllocations =
      SetStatement::SelectEach<Id, Id>(AllocationRow::table().select() + " WHERE member_id > ? AND member_id <= ?");
  EntryCheck check(keys, chunk, purchases_only);
  ReadEntriesOf(session, chunk, check, report);
  if (!check.difference.empty()) return check.difference;
  if (!purchases_only) {
    for (const auto& row : ReadRows<AllocationRow>(session, kAllocations, Rows::Of(chunk.from, chunk.to)))
      check.TakeAllocation(row.member_id, row.allocation);
    check.Finish();
    if (!check.difference.empty()) return check.difference;
    if (std::string difference = VerifyLots(session, chunk, check, report); !difference.empty()) return difference;
  }
  VerifyReport nothing;
  return VerifyPurchases(session, chunk, check, purchases_only ? report : nothing);
}

}  // namespace loyalty::storage
