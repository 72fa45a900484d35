#include "storage/tables/moves.h"

namespace loyalty::storage {

using retention::Standing;
using retention::Transition;

const Table<VisitRow>& VisitRow::table() {
  static const Table<VisitRow> kTable(
      {"visits", 17, Rank::kOwned},
      {Col<&VisitRow::member_id>("member_id", kKey), Col<&VisitRow::store_id>("store_id", kKey),
       Col<&VisitRow::business_date>("business_date", kKey), Col<&VisitRow::create_time>("create_time", kFixed)});
  return kTable;
}

const Table<TransitionRow>& TransitionRow::table() {
  using Row = TransitionRow;
  constexpr unsigned kFact = kFixed | kSealed;
  static const Table<Row> kTable(
      {"lifecycle_transitions", 18, Rank::kOwned},
      {Col<&Row::member_id>("member_id", kKey | kSealed), Col<&Row::seq>("seq", kKey | kSealed),
       Col<&Row::transition, &Transition::from, &Standing::stage>("from_stage", kFact),
       Col<&Row::transition, &Transition::from, &Standing::segment>("from_segment", kFact),
       Col<&Row::transition, &Transition::from, &Standing::lost>("from_lost_stage", kFact),
       Col<&Row::transition, &Transition::to, &Standing::stage>("to_stage", kFact),
       Col<&Row::transition, &Transition::to, &Standing::segment>("to_segment", kFact),
       Col<&Row::transition, &Transition::to, &Standing::lost>("to_lost_stage", kFact),
       Col<&Row::transition, &Transition::day>("day", kFact), Col<&Row::transition, &Transition::cause>("cause", kFact),
       Col<&Row::transition, &Transition::rule>("rule", kFact),
       Col<&Row::receipt_id>("receipt_id", kFact | kNoneIsNull), Col<&Row::run_id>("run_id", kFact),
       Col<&Row::create_time>("create_time", kFact), Col<&Row::position>("position", kAlone),
       Col<&Row::seal>("seal", kSeal | kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
