#include "tests/sim/tills.h"

#include <algorithm>

#include "domain/time.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "storage/names.h"
#include "storage/program.h"
#include "tests/sim/world.h"
#include "tests/support/create_store.h"

namespace loyalty::sim {
namespace {

constexpr std::int64_t kCards = 60;        // in the program's range, half of them also unknown at first
constexpr std::int64_t kForeignCards = 5;  // outside of it
constexpr std::int64_t kFirstForeign = 1'000'000;
constexpr std::size_t kRemembered = 400;  // commands that may be repeated
constexpr std::size_t kNamesMax = 200;

Bytes HashOf(const std::string& content) {
  Digest digest(SecretKey{});
  digest.Add(content);
  return digest.Finish();
}

// Cards of up to three digits make a member.
bool IsInRange(const std::optional<Identifier>& identifier) {
  return identifier && identifier->key.size() <= std::string("card:000").size();
}

void Remember(std::vector<std::string>& names, const std::string& name, Chance& chance) {
  if (names.size() < kNamesMax) {
    names.push_back(name);
  } else {
    names[static_cast<std::size_t>(chance.Below(kNamesMax))] = name;
  }
}

}  // namespace

Tills::Tills(std::uint64_t seed) : chance_(seed) {}

void Tills::LearnMember(const std::string& name) { Remember(members_, name, chance_); }
void Tills::LearnRedemption(const std::string& request_id, const std::string& name) {
  Remember(redemptions_, name, chance_);
  const auto asked = asked_.find(request_id);
  if (asked == asked_.end()) return;
  partly_paid_.push_back(std::move(asked->second));
  partly_paid_.back().redemption = name;
  asked_.erase(asked);
}

Command Tills::Next(Instant now) {
  const auto kind = chance_.Below(100);
  if (kind >= 85) return Repeat(now);
  Command command;
  if (kind < 45) {
    command = Scan(now);
  } else if (kind < 63) {
    command = Redeem(now);
  } else if (kind < 71 && !redemptions_.empty()) {
    command = Cancel(now);
  } else if (kind < 75) {
    command = Enroll(now);
  } else if (kind < 79 && !members_.empty()) {
    command = Link(now);
  } else if (kind < 81) {
    return Quote(now);
  } else if (kind < 84) {
    command = Scan(now);
  } else {
    command = Admin(now);
  }
  if (sent_.size() < kRemembered) {
    sent_.push_back(command);
  } else {
    sent_[next_slot_++ % kRemembered] = command;
  }
  return command;
}

Command Tills::New(Instant now, std::string content) {
  Command command;
  command.request_id = "request-" + std::to_string(++requests_);
  command.payload_hash = HashOf(content);
  // Now and then a copy has been on its way for too long.
  command.not_after = chance_.OneIn(50) ? now - 1 : now + kDayLength;
  return command;
}

Place Tills::PlaceOf(std::int64_t terminal_id, Instant now) {
  const Shop& shop = ShopOf(terminal_id);
  Place place;
  place.terminal_id = terminal_id;
  place.epochs = slips_.EpochsOf(terminal_id, now);
  if (!place.epochs.empty()) place.epoch = place.epochs.back().epoch;
  place.store_id = shop.id;
  place.zone = *LoadZone(shop.zone_name);
  place.day_cut_minutes = shop.day_cut_minutes;
  return place;
}

Place Tills::AnyPlace(Instant now) { return PlaceOf(1 + chance_.Below(kTerminals), now); }

Identifier Tills::AnyCard() {
  const auto number = chance_.OneIn(20) ? kFirstForeign + chance_.Below(kForeignCards) : 1 + chance_.Below(kCards);
  const std::string text = std::to_string(number);
  return {IdentifierKind::kCard, "card:" + text, text};
}

void Tills::Pay(Receipt& receipt) {
  Minor open = std::max<Minor>(receipt.total, 0);
  if (chance_.OneIn(8)) {
    const Minor points = chance_.Below(open + 1);
    std::string redemption;  // told by who pays, and no more than that
    if (chance_.OneIn(2) && !redemptions_.empty())
      redemption =
          redemptions_[static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(redemptions_.size())))];
    receipt.payments.push_back({PaymentKind::kPoints, points, redemption});
    open -= points;
  }
  if (chance_.OneIn(10)) receipt.payments.push_back({PaymentKind::kGiftCard, open / 2, ""});
  if (chance_.OneIn(2)) receipt.payments.push_back({PaymentKind::kOther, open, ""});
}

Command Tills::Scan(Instant now) {
  loyalty::Scan scan;
  scan.place = AnyPlace(now);
  if (!chance_.OneIn(10)) scan.identifier = AnyCard();
  if (!scan.identifier || !chance_.OneIn(8)) {
    Receipt receipt;
    if (!partly_paid_.empty() && chance_.OneIn(2)) {
      PartlyPaid paid = partly_paid_.back();
      if (!chance_.OneIn(4)) partly_paid_.pop_back();  // else another slip will name it, too
      if (!chance_.OneIn(5)) scan.identifier = paid.buyer;
      receipt = std::move(paid.basket);
      if (chance_.OneIn(10) && !receipt.lines.empty()) receipt.lines.pop_back();  // left behind after all
      receipt.payments.push_back({PaymentKind::kPoints, paid.with_points, paid.redemption});
    } else {
      receipt = slips_.Basket();
    }
    Pay(receipt);
    slips_.Close(receipt, scan.place.terminal_id, now);
    scan.receipt = std::move(receipt);
  }
  scan.in_card_range = IsInRange(scan.identifier);
  Command command = New(now, "scan" + std::to_string(requests_));
  command.payload = std::move(scan);
  return command;
}

Command Tills::Redeem(Instant now) {
  loyalty::Redeem redeem;
  redeem.place = AnyPlace(now);
  redeem.identifier = AnyCard();
  redeem.spend.points = 5 + 5 * chance_.Below(chance_.OneIn(3) ? 80 : 12) + (chance_.OneIn(20) ? 1 : 0);
  redeem.business_time = chance_.OneIn(5) ? slips_.TillTime(ShopOf(redeem.place.terminal_id), now) : 0;
  Command command = New(now, "redeem" + std::to_string(requests_));
  if (chance_.OneIn(2)) {
    redeem.basket = slips_.Basket();
    asked_[command.request_id] = {redeem.identifier, *redeem.basket, redeem.spend.points, ""};
  }
  command.payload = std::move(redeem);
  return command;
}

Command Tills::Cancel(Instant now) {
  const std::string& name =
      redemptions_[static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(redemptions_.size())))];
  loyalty::CancelRedemption cancel;
  cancel.place = AnyPlace(now);
  constexpr std::size_t kName = 16;  // members/{16}/redemptions/{16}
  cancel.member_name = name.substr(8, kName);
  if (chance_.OneIn(15) && !members_.empty())
    cancel.member_name = members_[static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(members_.size())))];
  cancel.redemption_id = chance_.OneIn(20) ? chance_.Bits()
                                           : Reveal(World::Keys().names, NameOf::kRedemption,
                                                    storage::ParsePublicName(name.substr(name.size() - kName)).value());
  cancel.reason = "CUSTOMER";
  Command command = New(now, "cancel" + std::to_string(requests_));
  command.payload = std::move(cancel);
  return command;
}

Command Tills::Enroll(Instant now) {
  loyalty::EnrollMember enroll;
  enroll.place = AnyPlace(now);
  enroll.place.at_desk = true;
  enroll.identifiers.push_back(AnyCard());
  if (const Identifier second = AnyCard(); chance_.OneIn(3) && second != enroll.identifiers.front())
    enroll.identifiers.push_back(second);
  enroll.person = Person{"Ada", "Lovelace", "1815-12-10"};
  enroll.language = "de";
  Command command = New(now, "enroll" + std::to_string(requests_));
  command.payload = std::move(enroll);
  return command;
}

Command Tills::Link(Instant now) {
  const auto& member = members_[static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(members_.size())))];
  Command command = New(now, "link" + std::to_string(requests_));
  Place desk;
  desk.at_desk = true;
  command.payload = loyalty::LinkIdentifier{storage::ParsePublicName(member).value(), AnyCard(), desk};
  return command;
}

Command Tills::Quote(Instant now) {
  Command command = Scan(now);
  command.request_id.clear();
  return command;
}

// A store is made; the world's members do not notice.
Command Tills::Admin(Instant now) {
  Command command = New(now, "store" + std::to_string(requests_));
  command.principal_id = storage::kFirstPrincipal;  // it leaves a row of audit
  command.payload = test::CreateStoreNamed("store" + std::to_string(requests_));
  return command;
}

Command Tills::Repeat(Instant now) {
  if (sent_.empty()) return Scan(now);
  Command command = sent_[static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(sent_.size())))];
  // What a server knows of the terminal is what it knows now.
  if (auto* scan = std::get_if<loyalty::Scan>(&command.payload)) scan->place = PlaceOf(scan->place.terminal_id, now);
  switch (chance_.Below(8)) {
    case 2:
    case 3:
      if (const auto* scan = std::get_if<loyalty::Scan>(&command.payload); scan != nullptr && scan->receipt)
        return SendAgain(command, now);
      break;
    case 0:  // the same under an id of its own
      if (std::holds_alternative<loyalty::Admin>(command.payload)) break;
      command.request_id = "request-" + std::to_string(++requests_);
      break;
    case 1: {  // the id of another request of the same caller
      if (std::holds_alternative<loyalty::Admin>(command.payload)) break;
      const std::string id = command.request_id;
      command = Scan(now);
      command.request_id = id;
      break;
    }
    default: break;
  }
  return command;
}

Command Tills::SendAgain(const Command& sent, Instant now) {
  loyalty::Scan scan = std::get<loyalty::Scan>(sent.payload);
  slips_.SendAgain(*scan.receipt, scan.place.terminal_id, now);
  if (chance_.OneIn(8)) {  // another card, or none
    scan.identifier.reset();
    if (chance_.OneIn(2)) scan.identifier = AnyCard();
    scan.in_card_range = IsInRange(scan.identifier);
  }
  Command command = New(now, "again" + std::to_string(requests_));
  command.payload = std::move(scan);
  return command;
}

}  // namespace loyalty::sim
