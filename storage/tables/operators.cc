#include "storage/tables/operators.h"

namespace loyalty::storage {

// What counts wrong PINs is sealed too: whoever could set it back could try them all.
const Table<OperatorRow>& OperatorRow::table() {
  using Row = OperatorRow;
  constexpr unsigned kFact = kFixed | kSealed;
  static const Table<Row> kTable(
      {"operators", 37, Rank::kOperator},
      {Col<&Row::id>("id", kKey | kSealed), Col<&Row::store_id>("store_id", kAlone | kSealed),
       Col<&Row::display_name>("display_name", kSealed), Col<&Row::role>("role", kSealed),
       Col<&Row::state>("state", kSealed), Col<&Row::pin>("pin", kSealed), Col<&Row::tries>("tries", kSealed),
       Col<&Row::locked_until>("locked_until", kSealed), Col<&Row::create_time>("create_time", kFact),
       Col<&Row::version>("version", kVersion), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<OperatorSessionRow>& OperatorSessionRow::table() {
  using Row = OperatorSessionRow;
  static const Table<Row> kTable(
      {"operator_sessions", 38, Rank::kOwned},
      {Col<&Row::operator_id>("operator_id", kKey | kSealed), Col<&Row::terminal_id>("terminal_id", kKey | kSealed),
       Col<&Row::hash>("hash", kSealed), Col<&Row::create_time>("create_time", kSealed),
       Col<&Row::expire_time>("expire_time", kSealed), Col<&Row::end_time>("end_time", kSealed | kNoneIsNull),
       Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

}  // namespace loyalty::storage
