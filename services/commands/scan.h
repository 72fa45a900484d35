// A card, a receipt, or both: a sale that earns, or a visit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/earning.h"
#include "domain/identifier.h"
#include "services/commands/context.h"
#include "services/commands/place.h"

namespace loyalty {

// What of a receipt must not change under way, computed once, at admission.
struct ReceiptFacts {
  Day business_date = 0;
  storage::ReceiptNumber number;
  std::string fiscal_key;           // empty: none
  Bytes content_hash;               // stored as Keyed
  std::optional<GoodsMoney> goods;  // what purchase statistics count
  // Of each payment, in their order: the redemption that it names, 0: none. Empty when no payment names one.
  std::vector<std::int64_t> redemptions;
};
ReceiptFacts FactsOf(const Receipt& receipt, const Place& place, const std::string& program_currency,
                     const ProgramKeys& keys);

struct Scan {
  Place place;
  std::optional<Identifier> identifier;
  bool in_card_range = false;  // an unknown card makes an anonymous member
  std::optional<Receipt> receipt;
  ReceiptFacts facts;  // of the receipt
  std::vector<std::string> voucher_codes;
  bool has_referral_code = false;
  std::string operator_id;
  Instant business_time = 0;  // of a scan without a receipt; 0: now
};

// Something of the request that had no effect, and why.
struct Rejected {
  std::string what;
  Reason reason;
};

struct ScanDecision {
  Outcome outcome;
  std::string member;  // public name; empty: none
  bool member_created = false;
  std::int64_t member_seq = 0;
  std::vector<Rejected> rejected;
  // Of a receipt.
  bool has_sale = false;
  std::int64_t receipt_name = 0;
  Day business_date = 0;
  bool has_rule = false;  // the catalogue says what earns
  std::int64_t catalogue_version = 0;
  Earned earned;
  Points pending = 0;
  Points debt_settled = 0;
  std::vector<std::int64_t> entries;  // seqs
};

void NeedsOf(const Scan& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const Scan& command, const WorkingSet& set);
// Errors in the order of TerminalService.Scan.
Result<ScanDecision> Decide(Context& context, const Scan& command);
ResultMessage ResultOf(const ScanDecision& decision);

}  // namespace loyalty
