#include "loyalty/v1/terminal_service.pb.h"
#include "services/codec/timestamp.h"
#include "services/commands/scan.h"

namespace loyalty {
namespace {

void FillSale(const ScanDecision& decision, const std::string& member, v1::Sale& sale) {
  sale.set_name("receipts/" + storage::PublicName(decision.receipt_name));
  sale.set_business_date(FormatDay(decision.business_date));
  if (decision.till_time != 0) *sale.mutable_till_time() = ToTimestamp(decision.till_time);
  if (decision.has_rule) {
    v1::Effect& effect = *sale.add_effects();
    effect.set_rule("base");
    effect.set_catalogue_version(decision.catalogue_version);
    effect.set_points_desired(decision.desired);
    effect.set_points_awarded(decision.earned.points);
    effect.set_basis_minor(decision.earned.basis);
  }
  sale.set_points_earned(decision.earned.points);
  sale.set_points_pending(decision.pending);
  sale.set_debt_settled(decision.debt_settled);
  for (const std::int64_t seq : decision.entries) sale.add_entries(member + "/entries/" + std::to_string(seq));
}

void FillRejection(const Rejected& rejected, v1::Rejection& out) {
  switch (rejected.what) {
    case Rejected::What::kIdentifier: out.set_identifier(true); break;
    case Rejected::What::kVoucherCode: out.set_voucher_code(rejected.text); break;
    case Rejected::What::kReferralCode: out.set_referral_code(rejected.text); break;
    case Rejected::What::kLine: out.set_line_id(rejected.text); break;
    case Rejected::What::kScannedCode: out.set_scanned_code(rejected.text); break;
    case Rejected::What::kHold: out.set_hold(rejected.text); break;
    case Rejected::What::kPointsToBurn: out.set_points_to_burn(true); break;
    case Rejected::What::kOperator: out.set_operator_(true); break;
    case Rejected::What::kLimit: out.set_limit(rejected.text); break;
  }
  // Its number on the wire is not ours.
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  v1::ErrorReason_Parse("ERROR_REASON_" + std::string(ReasonName(rejected.reason)), &reason);
  out.set_reason(reason);
}

}  // namespace

ResultMessage ResultOf(const ScanDecision& decision) {
  const auto result = std::make_shared<v1::ScanResult>();
  if (!decision.member.empty()) result->set_member("members/" + decision.member);
  if (decision.has_sale) FillSale(decision, result->member(), *result->mutable_sale());
  for (const Rejected& rejected : decision.rejected) {
    FillRejection(rejected, *result->add_rejected());
  }
  result->set_member_created(decision.member_created);
  result->set_member_seq(decision.member_seq);
  return result;
}

}  // namespace loyalty
