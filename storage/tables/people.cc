#include "storage/tables/people.h"

namespace loyalty::storage {

const Table<IdentifierRow>& IdentifierRow::table() {
  static const Table<IdentifierRow> kTable(
      {"identifiers", 7, Rank::kOwned},
      {Col<&IdentifierRow::code>("code", kKey | kSealed), Col<&IdentifierRow::kind>("kind", kFixed | kSealed),
       Col<&IdentifierRow::member_id>("member_id", kSealed | kNoneIsNull),
       Col<&IdentifierRow::first_member_id>("first_member_id", kSealed | kNoneIsNull),
       Col<&IdentifierRow::state>("state", kSealed), Col<&IdentifierRow::normaliser>("normaliser", kSealed),
       Col<&IdentifierRow::sealed_text>("sealed_text", kNoneIsNull),
       Col<&IdentifierRow::replaced_by>("replaced_by", kSealed | kNoneIsNull),
       Col<&IdentifierRow::create_time>("create_time", kFixed | kSealed),
       Col<&IdentifierRow::version>("version", kVersion), Col<&IdentifierRow::seal>("seal", kSeal)});
  return kTable;
}

const Table<MemberProfileRow>& MemberProfileRow::table() {
  using Row = MemberProfileRow;
  static const Table<Row> kTable(
      {"member_profile", 8, Rank::kOwned},
      {Col<&Row::member_id>("member_id", kKey), Col<&Row::acquisition, &AcquisitionRow::channel>("acquisition_channel"),
       Col<&Row::acquisition, &AcquisitionRow::campaign>("acquisition_campaign"),
       Col<&Row::acquisition, &AcquisitionRow::partner>("acquisition_partner"),
       Col<&Row::acquisition, &AcquisitionRow::referral>("acquisition_referral"),
       Col<&Row::acquisition, &AcquisitionRow::touchpoint>("acquisition_touchpoint"),
       Col<&Row::person>("person", kNoneIsNull), Col<&Row::family_hash>("family_hash", kNoneIsNull),
       Col<&Row::family_prefix_hash>("family_prefix_hash", kNoneIsNull), Col<&Row::update_time>("update_time")});
  return kTable;
}

const Table<MemberKeyRow>& MemberKeyRow::table() {
  static const Table<MemberKeyRow> kTable(
      {"member_keys", 9, Rank::kOwned},
      {Col<&MemberKeyRow::member_id>("member_id", kKey), Col<&MemberKeyRow::secret>("secret"),
       Col<&MemberKeyRow::create_time>("create_time", kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
