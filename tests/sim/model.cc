#include "tests/sim/model.h"

#include <algorithm>

#include "storage/names.h"
#include "tests/sim/tills.h"

namespace loyalty::sim {
namespace {

// Two times of one slip lie as near to each other.
constexpr Instant kSameSlip = 10 * kMinute;
// A date that a till with a wrong clock gives is believed so near to the server's.
constexpr std::int64_t kDaysBelieved = 7;
constexpr int kDaysOfGrace = 30;

std::string SignatureOf(const Receipt& receipt) {
  return receipt.fiscal ? receipt.fiscal->scheme + "/" + receipt.fiscal->serial + "/" + receipt.fiscal->transaction_no
                        : "";
}

// The numbering that a time belongs to, and whether the one before it may have been meant: it begins at some time, and
// the program hears of it later.
struct Numbering {
  int epoch = 0;
  bool or_before = false;
};
Numbering NumberingAt(const Place& place, Instant at) {
  Numbering numbering;
  for (const EpochStart& start : place.epochs)
    if (start.start_time <= at) numbering = {start.epoch, at < start.told_time + kSameSlip};
  return numbering;
}

bool IsNear(Instant a, Instant b) { return a - b <= kSameSlip && b - a <= kSameSlip; }

std::string NameOfMember(const LinkIdentifier& link) { return storage::PublicName(link.member_public_id); }

}  // namespace

bool Model::InTime(Instant business_time, Instant now) {
  return business_time <= now + 5 * kMinute && business_time >= now - 40 * kDayLength;
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

std::vector<Model::Left> Model::LotsOf(int member) const {
  std::vector<Left> left;
  for (const Lot& lot : members_[static_cast<std::size_t>(member)])
    if (lot.remaining > 0) left.push_back({lot.activate, lot.expire, lot.remaining});
  std::sort(left.begin(), left.end());
  return left;
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

bool Model::IsSame(const Scan& scan, const Recorded& slip, const Recorded& before) const {
  if (slip.content != before.content || !IsNear(slip.till_time, before.till_time)) return false;
  const auto owner = scan.identifier ? OwnerOf(scan.identifier->key) : std::nullopt;
  const bool would_join = scan.identifier && !owner && scan.in_card_range;
  return before.member == owner.value_or(-1) && !would_join;
}

Model::Seen Model::Look(const Scan& scan, const Recorded& slip, bool dated, bool clock_off,
                        Instant business_time) const {
  const auto all = [this](const std::string& number) {
    std::vector<const Recorded*> found;
    const auto [first, last] = numbers_.equal_range(number);
    for (auto at = first; at != last; ++at) found.push_back(&receipts_[at->second]);
    return found;
  };
  // The number of its day or that of its fiscal unit is taken, unless it is this slip that has it.
  Seen otherwise = Seen::kNew;
  const auto take = [&](const Recorded& before) {
    otherwise = Seen::kConflict;
    return IsSame(scan, slip, before);
  };
  for (const Recorded* before : all(slip.receipt_no))
    if (before->receipt_no == slip.receipt_no && before->terminal_id == slip.terminal_id &&
        before->epoch == slip.epoch && before->day == slip.day && take(*before))
      return Seen::kBefore;
  if (!slip.signature.empty())
    for (const Recorded* before : all(slip.signature))
      if (before->signature == slip.signature && take(*before)) return Seen::kBefore;
  // A clock that is wrong now was right then; minutes from the end of the day it may have come on the other side of it;
  // and until the program had heard that a numbering began again, it came under the one before.
  const Shop& shop = ShopOf(slip.terminal_id);
  std::vector<std::int64_t> days{slip.day};
  if (!dated) {
    for (const Instant at : {business_time - kSameSlip, business_time + kSameSlip})
      days.push_back(SalesDay(shop.zone, shop.day_cut_minutes, at));
    if (clock_off)
      days.push_back(scan.receipt->business_date ? *scan.receipt->business_date
                                                 : SalesDay(shop.zone, shop.day_cut_minutes, slip.till_time));
  }
  const Numbering numbering = NumberingAt(scan.place, business_time);
  for (const Recorded* before : all(slip.receipt_no)) {
    const bool is_numbered = before->epoch == slip.epoch || (numbering.or_before && before->epoch == slip.epoch - 1);
    const bool two_slips = !before->signature.empty() && !slip.signature.empty();
    if (before->receipt_no == slip.receipt_no && before->terminal_id == slip.terminal_id && is_numbered && !two_slips &&
        std::find(days.begin(), days.end(), before->day) != days.end() && IsSame(scan, slip, *before))
      return Seen::kBefore;
  }
  return otherwise;
}

Model::Redemption* Model::PayerOf(const Payment& payment, std::optional<int> member) {
  const auto request = redemption_names_.find(payment.redemption);
  if (payment.kind != PaymentKind::kPoints || request == redemption_names_.end()) return nullptr;
  Redemption& redemption = redeemed_.at(request->second);
  return redemption.member == member && !redemption.cancelled && !redemption.used ? &redemption : nullptr;
}

Model::Lot Model::LifeOf(const Rule& rule, Instant business_time, Instant recorded) const {
  const Instant from = std::max(business_time, recorded - 40 * kDayLength);
  Lot lot;
  lot.activate = from + rule.delay_days * kDayLength;
  const auto first = LocalDay(kProgramZone, lot.activate);
  if (rule.delay_days == 0) lot.activate = std::min(lot.activate, recorded);
  const auto last = rule.validity_months > 0 ? MonthsLater(first, rule.validity_months) : first + rule.validity_days;
  lot.expire = Midnight(kProgramZone, last + 1);
  lot.expire = std::max({lot.expire, recorded + kDayLength, lot.activate + kDayLength});
  return lot;
}

Expected Model::Do(const Command& command, const Scan& scan, Instant now) {
  const Receipt* receipt = scan.receipt ? &*scan.receipt : nullptr;
  std::optional<int> member = scan.identifier ? OwnerOf(scan.identifier->key) : std::nullopt;
  const bool joins = scan.identifier && !member && scan.in_card_range;
  Points points = 0;
  Recorded slip;
  Instant business_time = now;
  if (receipt != nullptr) {
    // A slip whose time cannot be is one of now.
    const bool clock_off = !InTime(receipt->business_time, now);
    if (!clock_off) business_time = receipt->business_time;
    const Shop& shop = ShopOf(scan.place.terminal_id);
    const auto apart = receipt->business_date ? *receipt->business_date - now / kDayLength : 0;
    const bool dated = receipt->business_date && (!clock_off || (apart <= kDaysBelieved && apart >= -kDaysBelieved));
    slip = {.terminal_id = scan.place.terminal_id,
            .epoch = NumberingAt(scan.place, business_time).epoch,
            .day = dated ? *receipt->business_date : SalesDay(shop.zone, shop.day_cut_minutes, business_time),
            .receipt_no = receipt->receipt_no,
            .signature = SignatureOf(*receipt),
            .content = ContentOf(*receipt),
            .till_time = receipt->business_time};
    const Seen seen = Look(scan, slip, dated, clock_off, business_time);
    if (seen == Seen::kConflict) return {"RECEIPT_CONFLICT"};
    if (seen == Seen::kBefore) return {"OK", true, SightOf(command)};
    std::vector<Shares> shares;
    for (const Payment& payment : receipt->payments) {
      const Redemption* payer = PayerOf(payment, member);
      shares.push_back(payer == nullptr ? Shares() : payer->shares);
    }
    points = EarnedOn(*receipt, shares, program_.RuleAt(business_time));
  }
  Expected expected;
  if (member || joins) {
    const Instant recorded = member ? RecordTime(*member, now) : now;
    Lot lot = LifeOf(program_.RuleAt(business_time), business_time, recorded);
    lot.remaining = points;
    lot.active = lot.activate <= recorded;
    expected.balance = member ? BalanceOf(*member) : Balances{};
    (lot.active ? expected.balance->available : expected.balance->pending) += points;
    expected.earned = points;
    if (!IsQuote(command)) {
      if (joins) owners_[scan.identifier->key] = *(member = AddMember(command.request_id));
      if (points > 0) members_[static_cast<std::size_t>(*member)].push_back(lot);
      if (receipt != nullptr) recorded_[static_cast<std::size_t>(*member)] = recorded;
    }
  }
  if (receipt != nullptr && !IsQuote(command)) {
    for (const Payment& payment : receipt->payments)
      if (Redemption* payer = PayerOf(payment, member)) payer->used = true;
    slip.member = member.value_or(-1);
    numbers_.emplace(slip.receipt_no, receipts_.size());
    if (!slip.signature.empty()) numbers_.emplace(slip.signature, receipts_.size());
    receipts_.push_back(std::move(slip));
  }
  return expected;
}

Expected Model::Do(const Command& command, const Redeem& redeem, Instant now) {
  const Instant business_time = redeem.business_time != 0 ? redeem.business_time : now;
  if (!InTime(business_time, now)) return {"BUSINESS_TIME_OUT_OF_RANGE"};
  const auto member = OwnerOf(redeem.identifier.key);
  if (!member) return {"MEMBER_UNKNOWN"};
  auto& lots = members_[static_cast<std::size_t>(*member)];
  // Worth what they are worth now, whatever the till's clock says.
  if (redeem.spend.points % program_.RuleAt(now).burn_step != 0) return {"POINTS_NOT_REDEEMABLE"};
  if (redeem.basket && redeem.spend.points > PayableOf(*redeem.basket)) return {"REDEMPTION_EXCEEDS_BASKET"};
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
  if (redeem.basket) redemption.shares = SpreadOver(*redeem.basket, redeem.spend.points);
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
  const Instant grace = Midnight(kProgramZone, LocalDay(kProgramZone, recorded) + kDaysOfGrace + 1);
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

void Model::NameRedemption(const std::string& request_id, std::int64_t id, const std::string& name) {
  redemptions_[id] = redemption_names_[name] = request_id;
}

}  // namespace loyalty::sim
