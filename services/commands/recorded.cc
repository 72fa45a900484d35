#include "services/commands/recorded.h"

#include <cstdlib>

#include "services/codec/names.h"
#include "services/commands/scan.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::FiscalNumberRow;
using storage::IdentifierRow;
using storage::ReceiptNumberRow;
using storage::ReceiptRow;

std::int64_t ByNumber(const WorkingSet& set, const storage::ReceiptNumber& number) {
  const ReceiptNumberRow* row = set.Find<ReceiptNumberRow>(number);
  return row == nullptr ? 0 : row->id;
}
std::int64_t ByFiscalKey(const WorkingSet& set, const std::string& fiscal_key) {
  const FiscalNumberRow* row = fiscal_key.empty() ? nullptr : set.Find<FiscalNumberRow>(fiscal_key);
  return row == nullptr ? 0 : row->id;
}

// By what a receipt is not the recorded one again.
enum class Differs : std::uint8_t { kNot, kInContent, kInTime, kInHavingACard, kInMember };

Instant TillTimeOf(const ReceiptRow& row) { return row.till_time != 0 ? row.till_time : row.business_time; }

// Whose purchase it is counts, not which card was shown. A card that would become a member now is not nobody; one that
// was blocked since is still its member's.
Differs MemberDiffers(const Scan& command, const WorkingSet& set, std::int64_t recorded) {
  std::int64_t owner = 0;
  bool buys = false;
  if (command.identifier) {
    const std::string& code = command.identifier->key;
    const IdentifierRow* identifier = set.Find<IdentifierRow>(code);
    owner = identifier == nullptr ? 0 : identifier->member_id;
    buys = identifier == nullptr ? command.in_card_range : FindActiveMember(set, code).has_value();
  }
  if (recorded != 0) return owner == recorded ? Differs::kNot : Differs::kInMember;
  return buys ? Differs::kInHavingACard : Differs::kNot;
}

// Errors: as KeyMissing.
Result<Differs> DiffersFrom(const Context& context, const Scan& command, const ReceiptRow& recorded) {
  const ReceiptFacts& facts = command.facts;
  const auto content = IsKeyed(context.rules.keys, &KeySet::content, recorded.content_hash, facts.content_hash);
  if (!content) return KeyMissing();
  if (!*content) return Differs::kInContent;
  if (std::abs(TillTimeOf(recorded) - facts.till_time) > kRepeatWithin) return Differs::kInTime;
  return MemberDiffers(command, context.set, recorded.member_id);
}

constexpr char kNumber[] =
    "give this slip a number of its own; where the till's numbering began again, say so: loyalty-admin terminal "
    "restart-numbering --since TIME";

struct Told {
  const char* cause;
  const char* how;
  const char* what_to_do;
};

Told TextOf(Differs differs) {
  switch (differs) {
    case Differs::kInTime: return {"time", "with the same content at another time", kNumber};
    case Differs::kInHavingACard:
      return {"member", "without a card",
              "sending it again adds none; a card will be attached by AttachMember, which is not there yet"};
    case Differs::kInMember:
      return {"other_member", "for another member, or with a card", "it stays that member's; send it as it was"};
    case Differs::kInContent:
    case Differs::kNot: break;
  }
  return {"content", "with other content", kNumber};
}

Error Conflict(const Context& context, const Scan& command, const ReceiptRow& recorded, Differs differs) {
  const Told told = TextOf(differs);
  const std::string then = FormatTime(TillTimeOf(recorded));
  const std::string now = FormatTime(command.facts.till_time);
  return Error{Reason::kReceiptConflict,
               "this receipt number is recorded " + std::string(told.how) + ": the till's time was " + then +
                   ", now it is " + now + "; " + told.what_to_do,
               {{"receipt", storage::ReceiptName(context.rules.keys, recorded.id)},
                {"cause", told.cause},
                {"recorded_time", then},
                {"till_time", now}}};
}

}  // namespace

void NeedRecorded(const Scan& command, const WorkingSet& set, Needs& needs) {
  if (!storage::TheGuards().receipt_lookup) return;
  const ReceiptFacts& facts = command.facts;
  const auto need_receipt = [&needs](std::int64_t id) {
    if (id != 0) needs.Below<ReceiptRow>(id);
  };
  const auto need = [&](const storage::ReceiptNumber& number) {
    needs.Below<ReceiptNumberRow>(number);
    need_receipt(ByNumber(set, number));
  };
  need(facts.number);
  for (const auto& number : facts.other_numbers) need(number);
  if (facts.fiscal_key.empty()) return;
  needs.Below<FiscalNumberRow>(facts.fiscal_key);
  need_receipt(ByFiscalKey(set, facts.fiscal_key));
}

Result<std::int64_t> FindRecorded(const Context& context, const Scan& command) {
  const WorkingSet& set = context.set;
  const ReceiptFacts& facts = command.facts;
  struct {
    const ReceiptRow* by = nullptr;
    Differs differs = Differs::kNot;
  } taken;
  for (const std::int64_t id : {ByNumber(set, facts.number), ByFiscalKey(set, facts.fiscal_key)}) {
    if (id == 0) continue;
    const ReceiptRow& recorded = *set.Find<ReceiptRow>(id);
    const auto differs = DiffersFrom(context, command, recorded);
    if (!differs) return differs.error();
    if (*differs == Differs::kNot || !storage::TheGuards().receipt_content) return id;
    if (taken.by == nullptr) taken = {&recorded, *differs};
  }
  // Where another slip has the number by now, it is still known by the other one.
  for (const auto& number : facts.other_numbers) {
    const std::int64_t id = ByNumber(set, number);
    if (id == 0) continue;
    const ReceiptRow& recorded = *set.Find<ReceiptRow>(id);
    // Two signatures are two slips, however alike they look.
    const bool both_signed = !recorded.fiscal_key.empty() && !facts.fiscal_key.empty();
    if (both_signed) continue;
    const auto differs = DiffersFrom(context, command, recorded);
    if (!differs) return differs.error();
    if (*differs == Differs::kNot) return id;
  }
  if (taken.by != nullptr) return Conflict(context, command, *taken.by, taken.differs);
  return std::int64_t{0};
}

}  // namespace loyalty
