#include "storage/load.h"

#include <algorithm>

#include "storage/guards.h"

namespace loyalty::storage {
namespace {

const SetStatement kIdentifiers = SetStatement::SelectIn(
    "SELECT normalised, kind, member_id, state FROM identifiers WHERE normalised", "t", "", "tiii");
const SetStatement kMemberIds =
    SetStatement::SelectIn("SELECT id, public_id FROM members WHERE public_id", "i", "", "ii");
const std::string kMemberColumns =
    "SELECT id, public_id, state, anonymous, language, available, pending, held, debt, next_due_time, member_seq, "
    "version, chain_head, create_time FROM members WHERE id";
const SetStatement kMembersLocked = SetStatement::SelectIn(kMemberColumns, "i", " ORDER BY id", "iiiitiiiiiiiti", true);
const SetStatement kMembersUnlocked = SetStatement::SelectIn(kMemberColumns, "i", " ORDER BY id", "iiiitiiiiiiiti");
const SetStatement kGreetings =
    SetStatement::SelectIn("SELECT member_id, greeting_name FROM member_personal WHERE member_id", "i", "", "it");
const SetStatement kRequests =
    SetStatement::SelectIn("SELECT request_id, payload_hash, result FROM requests WHERE request_id", "t", "", "ttt");
const SetStatement kReceipts = SetStatement::SelectIn(
    "SELECT natural_key, id, request_id, content_hash FROM receipts WHERE natural_key", "t", "", "titt");
const SetStatement kFiscalReceipts = SetStatement::SelectIn(
    "SELECT fiscal_key, id, request_id, content_hash FROM receipts WHERE fiscal_key", "t", "", "titt");
const std::string kRedemptionColumns =
    "SELECT id, member_id, entry_seq, state, points, value, reward, terminal_id, version FROM redemptions WHERE id";
const SetStatement kRedemptions = SetStatement::SelectIn(kRedemptionColumns, "i", " ORDER BY id", "iiiiiitii");
const SetStatement kRedemptionsLocked =
    SetStatement::SelectIn(kRedemptionColumns, "i", " ORDER BY id", "iiiiiitii", true);
const SetStatement kAllocations =
    SetStatement::SelectJoin("SELECT v.c3, a.entry_seq, a.lot_seq, a.kind, a.points",
                             "allocations a ON a.member_id = v.c1 AND a.entry_seq = v.c2", "iii", "iiiii");
const SetStatement kDays = SetStatement::SelectKeys("SELECT member_id, day, amount, discount, receipts", "member_day",
                                                    {"member_id", "day"}, "ii", "iiiii");
const SetStatement kNeighbours = SetStatement::SelectEach(
    "SELECT ? AS member_id, ? AS day, "
    "(SELECT MAX(b.day) FROM member_day b WHERE b.member_id = ? AND b.day < ? AND b.receipts > 0) AS day_before, "
    "(SELECT MIN(a.day) FROM member_day a WHERE a.member_id = ? AND a.day > ? AND a.receipts > 0) AS day_after",
    "iiiiii", "iiii");
const std::string kLotColumns =
    "l.member_id, l.lot_seq, l.state, l.origin, l.points, l.remaining, l.held, l.activate_time, l.expire_time, "
    "l.restored_from, l.receipt_id, l.catalogue_version";
constexpr const char* kLotTypes = "iiiiiiiiiiii";
const SetStatement kDueLotsOf = SetStatement::SelectEach(
    "SELECT " + kLotColumns +
        " FROM lots l WHERE l.member_id = ? AND l.state IN (1, 2)"
        " ORDER BY CASE l.state WHEN 1 THEN l.activate_time ELSE l.expire_time END, l.state, l.lot_seq LIMIT " +
        std::to_string(kDueLots),
    "i", kLotTypes);
const SetStatement kAllDueLotsOf = SetStatement::SelectEach(
    "SELECT " + kLotColumns + " FROM lots l WHERE l.member_id = ? AND l.state IN (1, 2)", "i", kLotTypes);
const std::string kSpendable =
    " FROM lots l WHERE l.member_id = ? AND l.state = 2 AND l.remaining > l.held"
    " ORDER BY l.expire_time, l.activate_time, l.lot_seq";
const SetStatement kFirstBurnLots = SetStatement::SelectEach(
    "SELECT " + kLotColumns + kSpendable + " LIMIT " + std::to_string(kBurnLots), "i", kLotTypes);
const SetStatement kAllBurnLots = SetStatement::SelectEach(
    "SELECT " + kLotColumns + " FROM lots l WHERE l.member_id = ? AND l.state = 2 AND l.remaining > l.held", "i",
    kLotTypes);
const SetStatement kNamedLots =
    SetStatement::SelectKeys("SELECT " + kLotColumns, "lots l", {"l.member_id", "l.lot_seq"}, "ii", kLotTypes);

template <typename Keys>
Rows KeyRows(const Keys& keys) {
  Rows rows(1);
  for (const auto& key : keys) rows.Add(key);
  return rows;
}

// Adds a loaded lot unless the batch has it already: then the batch's state is the newer one.
void AddLot(WorkingSet& set, const ResultRow& row) {
  Account& account = set.FindMember(row.Number(0))->account;
  if (account.FindLot(row.Number(1)) != nullptr) return;
  Lot lot;
  lot.seq = row.Number(1);
  lot.state = static_cast<LotState>(row.Number(2));
  lot.origin = static_cast<EntryType>(row.Number(3));
  lot.points = row.Number(4);
  lot.remaining = row.Number(5);
  lot.held = row.Number(6);
  lot.activate_time = row.Number(7);
  lot.expire_time = row.Number(8);
  lot.restored_from = row.Number(9);
  lot.receipt_id = row.Number(10);
  lot.catalogue_version = row.Number(11);
  account.lots.push_back(lot);
}

}  // namespace

void LoadIdentifiers(Exchange& exchange, const std::set<std::string>& keys, WorkingSet& set) {
  for (const auto& key : keys) set.identifiers[key];
  exchange.Read(kIdentifiers, KeyRows(keys), [&set](const ResultRow& row) {
    IdentifierEntry& entry = set.identifiers[row.Text(0)];
    entry.kind = static_cast<IdentifierKind>(row.Number(1));
    entry.member_id = row.Number(2);
    entry.state = static_cast<IdentifierState>(row.Number(3));
  });
}

void LoadMemberIds(Exchange& exchange, const std::set<std::int64_t>& public_ids, WorkingSet& set) {
  exchange.Read(kMemberIds, KeyRows(public_ids),
                [&set](const ResultRow& row) { set.member_ids[PublicName(row.Number(1))] = row.Number(0); });
}

void LoadRedemptions(Exchange& exchange, const std::set<std::int64_t>& ids, bool lock, WorkingSet& set) {
  exchange.Read(lock ? kRedemptionsLocked : kRedemptions, KeyRows(ids), [&set](const ResultRow& row) {
    RedemptionEntry& entry = set.redemptions[row.Number(0)];
    entry.id = row.Number(0);
    entry.member_id = row.Number(1);
    entry.entry_seq = row.Number(2);
    entry.state = static_cast<RedemptionState>(row.Number(3));
    entry.points = row.Number(4);
    entry.value = row.Number(5);
    entry.reward = row.Text(6);
    entry.terminal_id = row.Number(7);
    entry.version = row.Number(8);
    entry.allocations.clear();
  });
}

void LoadAllocations(Exchange& exchange, const std::set<std::int64_t>& ids, WorkingSet& set) {
  Rows burns(3);
  for (const auto id : ids)
    if (const auto at = set.redemptions.find(id); at != set.redemptions.end())
      burns.Add(at->second.member_id, at->second.entry_seq, id);
  exchange.Read(kAllocations, std::move(burns), [&set](const ResultRow& row) {
    set.redemptions[row.Number(0)].allocations.push_back(
        {row.Number(1), row.Number(2), static_cast<AllocationKind>(row.Number(3)), row.Number(4)});
  });
}

void LockMembers(Exchange& exchange, const std::set<std::int64_t>& ids, WorkingSet& set) {
  exchange.Read(TheGuards().member_lock ? kMembersLocked : kMembersUnlocked, KeyRows(ids),
                [&set](const ResultRow& row) {
                  MemberEntry& member = set.members[row.Number(0)];
                  member.id = row.Number(0);
                  member.public_id = row.Number(1);
                  member.state = static_cast<MemberState>(row.Number(2));
                  member.anonymous = row.Number(3) != 0;
                  member.language = row.Text(4);
                  member.account.member_name = PublicName(member.public_id);
                  member.account.balance = {row.Number(5), row.Number(6), row.Number(7), row.Number(8)};
                  member.account.next_due_time = row.Number(9);
                  member.account.seq = row.Number(10);
                  member.version = row.Number(11);
                  member.account.chain_head = row.Text(12);
                  member.create_time = row.Number(13);
                  set.member_ids[member.account.member_name] = member.id;
                });
}

void LoadGreetings(Exchange& exchange, const std::set<std::int64_t>& ids, WorkingSet& set) {
  exchange.Read(kGreetings, KeyRows(ids), [&set](const ResultRow& row) {
    if (MemberEntry* member = set.FindMember(row.Number(0))) member->greeting_name = row.Text(1);
  });
}

void LoadRequests(Exchange& exchange, const std::set<std::string>& request_ids, WorkingSet& set) {
  if (!TheGuards().request_lookup) return;
  exchange.Read(kRequests, KeyRows(request_ids), [&set](const ResultRow& row) {
    set.requests[row.Text(0)] = {row.Text(1), row.Text(2), false};
  });
}

void LoadReceipts(Exchange& exchange, const std::set<std::string>& keys, bool fiscal, WorkingSet& set) {
  if (!TheGuards().receipt_lookup) return;
  exchange.Read(fiscal ? kFiscalReceipts : kReceipts, KeyRows(keys), [&set](const ResultRow& row) {
    set.receipts[row.Text(0)] = {row.Number(1), row.Text(2), row.Text(3)};
  });
}

void LoadStatistics(Exchange& exchange, const std::set<std::int64_t>& member_ids, WorkingSet& set) {
  // A member that is gone by the time it is locked is none of the batch.
  exchange.Read(SelectStatistics(), KeyRows(member_ids), [&set](const ResultRow& row) {
    if (MemberEntry* member = set.FindMember(row.Number(0))) member->statistics = StatisticsOf(row);
  });
}

void LoadPurchases(Exchange& exchange, const std::set<MemberOnDay>& days, WorkingSet& set) {
  Rows day_rows(2);
  for (const auto& [member_id, day] : days) day_rows.Add(member_id, day);
  exchange.Read(kDays, std::move(day_rows), [&set](const ResultRow& row) {
    const auto day = static_cast<Day>(row.Number(1));
    if (MemberEntry* member = set.FindMember(row.Number(0)))
      member->days[day].row = retention::MemberDay{day, row.Number(2), row.Number(3), row.Number(4)};
  });
}

void LoadNeighbours(Exchange& exchange, const std::set<MemberOnDay>& days, WorkingSet& set) {
  Rows inside(6);
  for (const auto& [member_id, day] : days) {
    MemberEntry* member = set.FindMember(member_id);
    if (member == nullptr) continue;
    DayEntry& entry = member->days[day];
    member->purchases_loaded = true;
    if ((entry.row && entry.row->receipts > 0) || member->statistics.summary.days == 0) continue;
    // Outside the known days the summary itself names the only neighbour.
    if (day > member->statistics.summary.last_day) {
      entry.neighbours.before = member->statistics.summary.last_day;
    } else if (day < member->statistics.summary.first_day) {
      entry.neighbours.after = member->statistics.summary.first_day;
    } else {
      inside.Add(member_id, day, member_id, day, member_id, day);
    }
  }
  exchange.Read(kNeighbours, std::move(inside), [&set](const ResultRow& row) {
    if (row.IsNull(0)) return;
    DayEntry& entry = set.FindMember(row.Number(0))->days[static_cast<Day>(row.Number(1))];
    if (!row.IsNull(2)) entry.neighbours.before = static_cast<Day>(row.Number(2));
    if (!row.IsNull(3)) entry.neighbours.after = static_cast<Day>(row.Number(3));
  });
}

void LoadDueLots(Session& session, const std::vector<std::int64_t>& member_ids, bool all, WorkingSet& set) {
  std::map<std::int64_t, std::pair<int, Instant>> seen;  // lots of a member, due time of the last
  session.Read(all ? kAllDueLotsOf : kDueLotsOf, KeyRows(member_ids), [&](const ResultRow& row) {
    AddLot(set, row);
    auto& [count, last] = seen[row.Number(0)];
    ++count;
    last = row.Number(2) == static_cast<int>(LotState::kPending) ? row.Number(7) : row.Number(8);
  });
  for (const auto id : member_ids) {
    const auto at = seen.find(id);
    set.FindMember(id)->account.lots_horizon =
        !all && at != seen.end() && at->second.first == kDueLots ? at->second.second : kNever;
  }
}

void LoadBurnLots(Session& session, const std::map<std::int64_t, Points>& needed, WorkingSet& set) {
  Rows rows(1);
  for (const auto& [id, points] : needed) rows.Add(id);
  struct Found {
    int lots = 0;
    Points points = 0;
  };
  std::map<std::int64_t, Found> found;
  session.Read(kFirstBurnLots, rows, [&](const ResultRow& row) {
    AddLot(set, row);
    Found& sum = found[row.Number(0)];
    ++sum.lots;
    sum.points += set.FindMember(row.Number(0))->account.FindLot(row.Number(1))->spendable();
  });
  Rows rest(1);
  for (const auto& [id, points] : needed)
    if (found[id].lots == kBurnLots && found[id].points < points) rest.Add(id);
  session.Read(kAllBurnLots, rest, [&set](const ResultRow& row) { AddLot(set, row); });
}

void LoadAllocatedLots(Session& session, const std::set<std::int64_t>& redemption_ids, WorkingSet& set) {
  std::set<std::pair<std::int64_t, std::int64_t>> keys;
  for (const auto id : redemption_ids)
    if (const auto at = set.redemptions.find(id); at != set.redemptions.end())
      for (const Allocation& allocation : at->second.allocations)
        keys.insert({at->second.member_id, allocation.lot_seq});
  Rows rows(2);
  for (const auto& [member_id, lot_seq] : keys) rows.Add(member_id, lot_seq);
  session.Read(kNamedLots, rows, [&set](const ResultRow& row) { AddLot(set, row); });
}

}  // namespace loyalty::storage
