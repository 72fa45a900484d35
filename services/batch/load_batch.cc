#include "services/batch/load_batch.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "services/batch/decide.h"
#include "storage/guards.h"
#include "storage/load.h"

namespace loyalty {
namespace {

using storage::WorkingSet;

// The keys that the commands of a batch name.
struct Keys {
  std::set<std::string> identifiers;
  std::set<std::int64_t> public_ids;
  std::set<std::int64_t> redemptions;
  std::set<std::string> requests;
  std::set<std::string> receipts, fiscal_receipts;
};

void Collect(const Command& command, Keys& keys) {
  if (std::holds_alternative<StepCommand>(command.payload)) return;
  if (!command.dry_run) keys.requests.insert(command.request_id);
  if (const auto* scan = std::get_if<ScanCommand>(&command.payload)) {
    if (scan->identifier) keys.identifiers.insert(scan->identifier->key);
    if (scan->receipt) {
      const Day day = BusinessDate(*scan->receipt, scan->place);
      keys.receipts.insert(storage::ReceiptKey(scan->place.terminal_id, scan->place.epoch, day, *scan->receipt));
      if (auto fiscal = storage::FiscalKey(*scan->receipt); !fiscal.empty())
        keys.fiscal_receipts.insert(std::move(fiscal));
    }
  } else if (const auto* redeem = std::get_if<RedeemCommand>(&command.payload)) {
    keys.identifiers.insert(redeem->identifier.key);
  } else if (const auto* cancel = std::get_if<CancelRedemptionCommand>(&command.payload)) {
    keys.redemptions.insert(cancel->redemption_id);
  } else if (const auto* enroll = std::get_if<EnrollMemberCommand>(&command.payload)) {
    for (const auto& identifier : enroll->identifiers) keys.identifiers.insert(identifier.key);
  } else if (const auto* link = std::get_if<LinkIdentifierCommand>(&command.payload)) {
    keys.identifiers.insert(link->identifier.key);
    if (const auto id = storage::ParsePublicName(link->member_name)) keys.public_ids.insert(*id);
  }
}

std::int64_t OwnerOf(const WorkingSet& set, const std::string& identifier) {
  const auto at = set.identifiers.find(identifier);
  return at == set.identifiers.end() ? 0 : at->second.member_id;
}

// Members named by any key, as far as the set knows.
std::set<std::int64_t> MembersOf(const Keys& keys, const WorkingSet& set) {
  std::set<std::int64_t> ids;
  for (const auto& identifier : keys.identifiers)
    if (const auto id = OwnerOf(set, identifier); id != 0) ids.insert(id);
  for (const auto public_id : keys.public_ids)
    if (const auto at = set.member_ids.find(storage::PublicName(public_id)); at != set.member_ids.end())
      ids.insert(at->second);
  for (const auto redemption : keys.redemptions)
    if (const auto at = set.redemptions.find(redemption); at != set.redemptions.end()) ids.insert(at->second.member_id);
  return ids;
}

using Owners = std::map<std::string, std::set<std::int64_t>>;

// By identifier: its member, and those to whom a command of this batch may give it before another one names it.
Owners PossibleOwners(const std::vector<const Command*>& commands, const WorkingSet& set,
                      const std::set<std::int64_t>& locked) {
  Owners owners;
  for (const auto& [key, entry] : set.identifiers)
    if (locked.contains(entry.member_id)) owners[key].insert(entry.member_id);
  for (const Command* command : commands) {
    if (const auto* link = std::get_if<LinkIdentifierCommand>(&command->payload)) {
      const auto at = set.member_ids.find(link->member_name);
      if (at != set.member_ids.end() && locked.contains(at->second)) owners[link->identifier.key].insert(at->second);
    } else if (const auto* enroll = std::get_if<EnrollMemberCommand>(&command->payload)) {
      std::set<std::int64_t> all;
      for (const auto& identifier : enroll->identifiers) all.merge(std::set(owners[identifier.key]));
      for (const auto& identifier : enroll->identifiers) owners[identifier.key] = all;
    }
  }
  return owners;
}

// The purchase days that the scans of a batch may change.
std::set<storage::MemberOnDay> DaysOf(const std::vector<const Command*>& commands, const Owners& owners) {
  std::set<storage::MemberOnDay> days;
  for (const Command* command : commands) {
    const auto* scan = std::get_if<ScanCommand>(&command->payload);
    if (scan == nullptr || !scan->identifier || !scan->receipt) continue;
    const auto possible = owners.find(scan->identifier->key);
    if (possible == owners.end()) continue;
    for (const auto id : possible->second) days.insert({id, BusinessDate(*scan->receipt, scan->place)});
  }
  return days;
}

void SettleAllDue(storage::Session& session, WorkingSet& set) {
  for (const bool all : {false, true}) {  // the second round for members with more due lots than are read at first
    std::vector<std::int64_t> due;
    for (const auto& [id, member] : set.members)
      if (member.account.next_due_time <= set.now) due.push_back(id);
    storage::LoadDueLots(session, due, all, set);
    for (const auto id : due) {
      storage::MemberEntry& member = *set.FindMember(id);
      SettleDue(member.account, set.now);
      member.changed = true;
    }
  }
}

// Points that the redemptions of a batch may spend, by member; never more than the member has.
std::map<std::int64_t, Points> PointsToBurn(const BatchContext& context, const std::vector<const Command*>& commands,
                                            const Owners& owners, WorkingSet& set) {
  std::map<std::int64_t, Points> needed;
  for (const Command* command : commands) {
    const auto* redeem = std::get_if<RedeemCommand>(&command->payload);
    if (redeem == nullptr) continue;
    const auto possible = owners.find(redeem->identifier.key);
    if (possible == owners.end()) continue;
    Points points = redeem->spend.points;
    if (!redeem->spend.reward_id.empty()) {
      const Instant at = redeem->business_time != 0 ? redeem->business_time : set.now;
      const Reward* reward = context.snapshot.catalogue.InForceAt(at).FindReward(redeem->spend.reward_id);
      points = reward == nullptr ? 0 : reward->cost;
    }
    for (const auto id : possible->second) {
      const storage::MemberEntry* member = set.FindMember(id);
      if (member == nullptr) continue;
      const Points available = member->account.balance.available;
      needed[id] = std::min(available, needed[id] + std::min(points, available));
    }
  }
  return needed;
}

}  // namespace

void LoadBatch(BatchContext& context, const std::vector<const Command*>& commands, WorkingSet& set) {
  storage::Session& session = context.session;
  storage::Exchange exchange(session);
  Keys keys;
  for (const Command* command : commands) Collect(*command, keys);

  storage::LoadIdentifiers(exchange, keys.identifiers, set);
  storage::LoadMemberIds(exchange, keys.public_ids, set);
  storage::LoadRedemptions(exchange, keys.redemptions, false, set);
  exchange.Run();

  const auto locked = MembersOf(keys, set);
  const Owners owners = PossibleOwners(commands, set, locked);
  const auto days = DaysOf(commands, owners);
  storage::LockMembers(exchange, locked, set);
  storage::LoadGreetings(exchange, locked, set);
  // Cards move between the plain read and the lock. SQLite has one writer: nothing can move.
  const bool cards_move = session.engine() != storage::Engine::kSqlite && !locked.empty();
  if (cards_move) storage::LoadIdentifiers(exchange, keys.identifiers, set);
  storage::LoadRequests(exchange, keys.requests, set);
  storage::LoadReceipts(exchange, keys.receipts, false, set);
  storage::LoadReceipts(exchange, keys.fiscal_receipts, true, set);
  storage::LoadRedemptions(exchange, keys.redemptions, true, set);
  storage::LoadStatistics(exchange, locked, set);
  storage::LoadPurchases(exchange, days, set);
  exchange.Run();
  if (cards_move && MembersOf(keys, set) != locked)
    throw storage::Failure(storage::FailureKind::kConflict, "an identifier moved to another member");

  std::set<std::string> answered;  // first answers of receipts that come again under a new request id
  for (const auto& [key, receipt] : set.receipts)
    if (!set.requests.contains(receipt.request_id)) answered.insert(receipt.request_id);
  storage::LoadRequests(exchange, answered, set);
  storage::LoadNeighbours(exchange, days, set);
  storage::LoadAllocations(exchange, keys.redemptions, set);
  exchange.Run();

  if (storage::TheGuards().settle_due) SettleAllDue(session, set);
  storage::LoadBurnLots(session, PointsToBurn(context, commands, owners, set), set);
  storage::LoadAllocatedLots(session, keys.redemptions, set);
}

}  // namespace loyalty
