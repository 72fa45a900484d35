#include "storage/tables/redemptions.h"

namespace loyalty::storage {

const Table<RedemptionRow>& RedemptionRow::table() {
  using Row = RedemptionRow;
  constexpr unsigned kFact = kFixed | kSealed;
  static const Table<Row> kTable(
      {"redemptions", 13, Rank::kRedemption},
      {Col<&Row::id>("id", kKey | kSealed), Col<&Row::member_id>("member_id", kAlone | kSealed),
       Col<&Row::entry_seq>("entry_seq", kFact), Col<&Row::state>("state", kSealed), Col<&Row::points>("points", kFact),
       Col<&Row::value>("value", kFact), Col<&Row::reward>("reward", kFact | kNoneIsNull),
       Col<&Row::store_id>("store_id", kFact | kNoneIsNull), Col<&Row::terminal_id>("terminal_id", kFact | kNoneIsNull),
       Col<&Row::operator_id>("operator", kFact), Col<&Row::operator_proven>("operator_proven", kFact),
       Col<&Row::approver>("approver", kFact | kNoneIsNull), Col<&Row::command_id>("command_id", kFact),
       Col<&Row::cancel_command_id>("cancel_command_id", kSealed | kNoneIsNull),
       Col<&Row::cancel_reason>("cancel_reason", kSealed | kNoneIsNull),
       Col<&Row::receipt_id>("receipt_id", kSealed | kNoneIsNull), Col<&Row::create_time>("create_time", kFact),
       Col<&Row::version>("version", kVersion), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<RedemptionShareRow>& RedemptionShareRow::table() {
  using Row = RedemptionShareRow;
  static const Table<Row> kTable({"redemption_shares", 14, Rank::kOwned},
                                 {Col<&Row::redemption_id>("redemption_id", kKey),
                                  Col<&Row::share_no>("share_no", kKey), Col<&Row::line_id>("line_id", kFixed),
                                  Col<&Row::tax_rate>("tax_rate", kFixed), Col<&Row::amount>("amount", kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
