// A card, a receipt, or both: a sale that earns, or a visit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/earning.h"
#include "domain/identifier.h"
#include "domain/limits.h"
#include "services/commands/context.h"
#include "services/commands/operators.h"
#include "services/commands/place.h"
#include "services/commands/receipt_facts.h"

namespace loyalty {

struct Scan {
  Place place;
  std::optional<Identifier> identifier;
  bool in_card_range = false;  // an unknown card makes an anonymous member
  std::optional<Receipt> receipt;
  ReceiptFacts facts;  // of the receipt
  std::vector<std::string> voucher_codes;
  std::string referral_code;
  std::vector<std::string> scanned_codes;
  std::string hold;
  bool has_points_to_burn = false;
  AtTill at_till;
  Instant business_time = 0;  // of a scan without a receipt; 0: now
};

// Something of the request that had no effect, and why.
struct Rejected {
  enum class What : std::uint8_t {
    kIdentifier,
    kVoucherCode,
    kReferralCode,
    kLine,
    kScannedCode,
    kHold,
    kPointsToBurn,
    kOperator,
    kLimit,
  };
  What what;
  std::string text;  // the code as it was sent, the line's id, or the name of the limit
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
  Instant till_time = 0;  // of a clock that was not believed; 0: it was
  bool has_rule = false;  // the catalogue says what earns
  std::int64_t catalogue_version = 0;
  Earned earned;
  Points desired = 0;          // what the rule would have given
  Limit limit = Limit::kNone;  // that it would have passed: then it earned nothing
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
