#include "tests/sim/model.h"

#include <algorithm>

#include "domain/earning.h"
#include "storage/names.h"
#include "tests/sim/tills.h"

namespace loyalty::sim {
namespace {

constexpr Minor kCentsPerPoint = 100;  // the catalogue of the world

std::string ReceiptNumber(const Scan& scan, Day day) {
  return std::to_string(scan.place.terminal_id) + "|" + FormatDay(day) + "|" + scan.receipt->receipt_no;
}

std::string NameOfMember(const LinkIdentifier& link) { return storage::PublicName(link.member_public_id); }

}  // namespace

bool Model::InTime(Instant business_time, Instant now) {
  return business_time <= now + 5 * kMinute && business_time >= now - 40 * kDayLength;
}

std::vector<Day> Model::DaysOf(const Receipt& receipt, Instant now) const {
  if (InTime(receipt.business_time, now)) return {*receipt.business_date};
  const auto day = [this](Instant at) { return DayOf(at, snapshot_->zone); };
  return {day(now), day(now - 10 * kMinute), day(now + 10 * kMinute), *receipt.business_date};
}

std::optional<int> Model::OwnerOf(const std::string& key) const {
  const auto at = owners_.find(key);
  return at == owners_.end() ? std::nullopt : std::optional(at->second);
}

Balances Model::BalanceOf(int member) const {
  Balances balance;
  for (const Lot& lot : members_[static_cast<std::size_t>(member)])
    (lot.active ? balance.available : balance.pending) += lot.remaining;
  return balance;
}

int Model::AddMember(const std::string& request_id) {
  members_.emplace_back();
  recorded_.push_back(0);
  enrolled_.push_back(false);
  return made_by_[request_id] = static_cast<int>(members_.size()) - 1;
}

void Model::Undo() {
  for (auto& [member, lots, recorded] : undo_) {
    members_[static_cast<std::size_t>(member)] = std::move(lots);
    recorded_[static_cast<std::size_t>(member)] = recorded;
  }
  undo_.clear();
}

void Model::SettleMember(int member, Instant now) {
  bool any = false;
  for (Lot& lot : members_[static_cast<std::size_t>(member)]) {
    const bool activates = !lot.active && lot.activate <= now;
    lot.active = lot.active || activates;
    const bool expires = lot.active && lot.expire <= now && lot.remaining > 0;
    if (expires) lot.remaining = 0;
    any = any || activates || expires;
  }
  if (any) recorded_[static_cast<std::size_t>(member)] = RecordTime(member, now);
}

Instant Model::RecordTime(int member, Instant now) const {
  return std::max(now, recorded_[static_cast<std::size_t>(member)]);
}

void Model::Settle(const std::vector<const Command*>& commands, Instant now) {
  const bool dry_run = commands.size() == 1 && IsQuote(*commands.front());
  const auto settle_owner = [&](const std::string& key) {
    const auto owner = OwnerOf(key);
    if (!owner) return;
    const auto at = static_cast<std::size_t>(*owner);
    if (dry_run) undo_.emplace_back(*owner, members_[at], recorded_[at]);
    SettleMember(*owner, now);
  };
  for (const Command* command : commands) {
    if (const auto* scan = std::get_if<Scan>(&command->payload)) {
      if (scan->identifier) settle_owner(scan->identifier->key);
    } else if (const auto* redeem = std::get_if<Redeem>(&command->payload)) {
      settle_owner(redeem->identifier.key);
    } else if (const auto* enroll = std::get_if<EnrollMember>(&command->payload)) {
      for (const auto& identifier : enroll->identifiers) settle_owner(identifier.key);
    } else if (const auto* link = std::get_if<LinkIdentifier>(&command->payload)) {
      settle_owner(link->identifier.key);
      if (const auto at = named_.find(NameOfMember(*link)); at != named_.end()) SettleMember(at->second, now);
    } else if (const auto* cancel = std::get_if<CancelRedemption>(&command->payload)) {
      if (const auto at = redemptions_.find(cancel->redemption_id); at != redemptions_.end())
        SettleMember(redeemed_.at(at->second).member, now);
    }
  }
}

std::optional<Balances> Model::SightOf(const Command& command) const {
  std::optional<int> member;
  if (const auto* scan = std::get_if<Scan>(&command.payload); scan != nullptr && scan->identifier)
    member = OwnerOf(scan->identifier->key);
  if (const auto* redeem = std::get_if<Redeem>(&command.payload)) member = OwnerOf(redeem->identifier.key);
  return member ? std::optional(BalanceOf(*member)) : std::nullopt;
}

Expected Model::Apply(const Command& command, Instant now) {
  if (!IsQuote(command)) {
    if (const auto at = requests_.find(command.request_id); at != requests_.end()) {
      if (at->second != command.payload_hash) return {"REQUEST_ID_REUSED"};
      return {"OK", true, SightOf(command)};
    }
    if (command.not_after < now) return {"NOT_AFTER_PASSED"};
  }
  Expected expected = std::visit([&](const auto& payload) { return Do(command, payload, now); }, command.payload);
  if (expected.outcome == "OK" && !IsQuote(command)) requests_[command.request_id] = command.payload_hash;
  return expected;
}

Expected Model::Do(const Command& command, const Scan& scan, Instant now) {
  // A receipt whose time cannot be is one of now.
  const Instant business_time =
      scan.receipt && InTime(scan.receipt->business_time, now) ? scan.receipt->business_time : now;
  std::optional<int> member = scan.identifier ? OwnerOf(scan.identifier->key) : std::nullopt;
  const bool joins = scan.identifier && !member && scan.in_card_range;
  const std::vector<Day> days = scan.receipt ? DaysOf(*scan.receipt, now) : std::vector<Day>();
  if (scan.receipt) {
    bool taken = false;
    for (const Day day : days) {
      const auto at = receipts_.find(ReceiptNumber(scan, day));
      if (at == receipts_.end()) continue;
      const Recorded& recorded = at->second;
      const Instant apart = recorded.till_time - scan.receipt->business_time;
      if (recorded.total == scan.receipt->total && apart <= 10 * kMinute && apart >= -10 * kMinute && !joins &&
          recorded.member == member.value_or(-1))
        return {"OK", true, SightOf(command)};
      taken = taken || day == days.front();
    }
    if (taken) return {"RECEIPT_CONFLICT"};
  }
  const Points points = scan.receipt ? scan.receipt->total / kCentsPerPoint : 0;
  Expected expected;
  if (member || joins) {
    Lot lot;
    const Instant recorded = member ? RecordTime(*member, now) : now;
    const LotTerms life =
        LifeOf(*snapshot_->catalogue.InForceAt(business_time).earning, business_time, recorded, snapshot_->zone);
    lot.activate = life.activate_time;
    lot.expire = life.expire_time;
    lot.remaining = points;
    lot.active = lot.activate <= recorded;
    expected.balance = member ? BalanceOf(*member) : Balances{};
    (lot.active ? expected.balance->available : expected.balance->pending) += points;
    expected.earned = points;
    if (!IsQuote(command)) {
      if (joins) owners_[scan.identifier->key] = *(member = AddMember(command.request_id));
      if (points > 0) members_[static_cast<std::size_t>(*member)].push_back(lot);
      if (scan.receipt) recorded_[static_cast<std::size_t>(*member)] = recorded;
    }
  }
  if (scan.receipt && !IsQuote(command))
    receipts_[ReceiptNumber(scan, days.front())] = {scan.receipt->total, member.value_or(-1),
                                                    scan.receipt->business_time};
  return expected;
}

Expected Model::Do(const Command& command, const Redeem& redeem, Instant now) {
  const Instant business_time = redeem.business_time != 0 ? redeem.business_time : now;
  if (!InTime(business_time, now)) return {"BUSINESS_TIME_OUT_OF_RANGE"};
  const auto member = OwnerOf(redeem.identifier.key);
  if (!member) return {"MEMBER_UNKNOWN"};
  auto& lots = members_[static_cast<std::size_t>(*member)];
  if (BalanceOf(*member).available < redeem.spend.points) return {"INSUFFICIENT_POINTS"};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < lots.size(); ++i)
    if (lots[i].active && lots[i].remaining > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&lots](std::size_t a, std::size_t b) {
    return std::pair(lots[a].expire, lots[a].activate) < std::pair(lots[b].expire, lots[b].activate);
  });
  Redemption redemption;
  redemption.member = *member;
  redemption.store_id = redeem.place.store_id;
  Points rest = redeem.spend.points;
  for (const std::size_t i : order) {
    const Points taken = std::min(rest, lots[i].remaining);
    if (taken == 0) break;
    lots[i].remaining -= taken;
    rest -= taken;
    redemption.taken.emplace_back(i, taken);
  }
  recorded_[static_cast<std::size_t>(*member)] = RecordTime(*member, now);
  redeemed_[command.request_id] = std::move(redemption);
  return {"OK", false, BalanceOf(*member)};
}

Expected Model::Do(const Command&, const CancelRedemption& cancel, Instant now) {
  const auto request = redemptions_.find(cancel.redemption_id);
  if (request == redemptions_.end()) return {"REDEMPTION_UNKNOWN"};
  Redemption& redemption = redeemed_.at(request->second);
  const auto named = named_.find(cancel.member_name);
  if (named == named_.end() || named->second != redemption.member) return {"REDEMPTION_UNKNOWN"};
  if (redemption.store_id != cancel.place.store_id) return {"PERMISSION_DENIED"};
  if (redemption.cancelled) return {"REDEMPTION_ALREADY_CANCELLED"};
  redemption.cancelled = true;
  auto& lots = members_[static_cast<std::size_t>(redemption.member)];
  const Instant recorded = recorded_[static_cast<std::size_t>(redemption.member)] = RecordTime(redemption.member, now);
  const Instant grace = StartOfDay(DayOf(recorded, snapshot_->zone) + kGraceDays + 1, snapshot_->zone);
  for (const auto& [i, points] : redemption.taken) {
    if (lots[i].expire > recorded) {
      lots[i].remaining += points;
    } else {
      lots.push_back({recorded, grace, points, true});
    }
  }
  return {"OK", false, BalanceOf(redemption.member)};
}

Expected Model::Do(const Command& command, const EnrollMember& enroll, Instant) {
  std::optional<int> owner;
  for (const auto& identifier : enroll.identifiers) {
    const auto found = OwnerOf(identifier.key);
    if (!found) continue;
    if (owner && *owner != *found) return {"IDENTIFIER_TAKEN"};
    owner = found;
  }
  if (owner && enrolled_[static_cast<std::size_t>(*owner)]) return {"IDENTIFIER_TAKEN"};
  if (!owner) owner = AddMember(command.request_id);
  enrolled_[static_cast<std::size_t>(*owner)] = true;
  for (const auto& identifier : enroll.identifiers) owners_[identifier.key] = *owner;
  return {"OK", false, BalanceOf(*owner)};
}

Expected Model::Do(const Command&, const LinkIdentifier& link, Instant) {
  const auto named = named_.find(NameOfMember(link));
  if (named == named_.end()) return {"MEMBER_UNKNOWN"};
  const auto owner = OwnerOf(link.identifier.key);
  if (owner && *owner != named->second) return {"IDENTIFIER_TAKEN"};
  owners_[link.identifier.key] = named->second;
  return {"OK", false, BalanceOf(named->second)};
}

Expected Model::Do(const Command&, const Admin&, Instant) { return {}; }
Expected Model::Do(const Command&, const Step&, Instant) { return {}; }

void Model::NameMember(const std::string& request_id, const std::string& name) {
  if (const auto at = made_by_.find(request_id); at != made_by_.end()) named_[name] = at->second;
}

void Model::NameRedemption(const std::string& request_id, std::int64_t id) { redemptions_[id] = request_id; }

}  // namespace loyalty::sim
