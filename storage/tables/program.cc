#include "storage/tables/program.h"

namespace loyalty::storage {
namespace {

constexpr unsigned kFact = kFixed | kSealed;

}  // namespace

const Table<ProgramRow>& ProgramRow::table() {
  using Row = ProgramRow;
  static const Table<Row> kTable(
      {"program", 21, Rank::kProgram},
      {Col<&Row::id>("id", kKey), Col<&Row::currency>("currency", kFixed), Col<&Row::time_zone>("time_zone", kFixed),
       Col<&Row::language>("language", kFixed), Col<&Row::country>("country", kFixed),
       Col<&Row::generation>("generation"), Col<&Row::create_time>("create_time", kFixed)});
  return kTable;
}

const Table<SecretRow>& SecretRow::table() {
  using Row = SecretRow;
  static const Table<Row> kTable({"secrets", 32, Rank::kOwned},
                                 {Col<&Row::id>("id", kKey), Col<&Row::key_check>("key_check", kFixed),
                                  Col<&Row::create_time>("create_time", kFixed)});
  return kTable;
}

const Table<CatalogueRow>& CatalogueRow::table() {
  using Row = CatalogueRow;
  static const Table<Row> kTable(
      {"catalogue_versions", 22, Rank::kOwned},
      {Col<&Row::version>("version", kKey | kSealed), Col<&Row::effective_time>("effective_time", kFact),
       Col<&Row::content>("content", kFact), Col<&Row::create_time>("create_time", kFact),
       Col<&Row::created_by>("created_by", kFact), Col<&Row::seal>("seal", kSeal | kFixed)});
  return kTable;
}

const Table<StoreRow>& StoreRow::table() {
  using Row = StoreRow;
  static const Table<Row> kTable(
      {"stores", 23, Rank::kOwned},
      {Col<&Row::id>("id", kKey | kSealed), Col<&Row::name>("name", kFact),
       Col<&Row::display_name>("display_name", kSealed), Col<&Row::time_zone>("time_zone", kSealed),
       Col<&Row::day_cut_minutes>("day_cut_minutes", kSealed), Col<&Row::language>("language", kSealed),
       Col<&Row::country>("country", kSealed), Col<&Row::operators_required>("operators_required", kSealed),
       Col<&Row::state>("state", kSealed), Col<&Row::create_time>("create_time", kFact),
       Col<&Row::version>("version", kVersion), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<TerminalRow>& TerminalRow::table() {
  using Row = TerminalRow;
  static const Table<Row> kTable(
      {"terminals", 24, Rank::kOwned},
      {Col<&Row::id>("id", kKey | kSealed), Col<&Row::store_id>("store_id", kFact), Col<&Row::name>("name", kFact),
       Col<&Row::display_name>("display_name", kSealed), Col<&Row::epoch>("epoch", kSealed),
       Col<&Row::state>("state", kSealed), Col<&Row::create_time>("create_time", kFact),
       Col<&Row::version>("version", kVersion), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<TerminalEpochRow>& TerminalEpochRow::table() {
  using Row = TerminalEpochRow;
  static const Table<Row> kTable(
      {"terminal_epochs", 31, Rank::kOwned},
      {Col<&Row::terminal_id>("terminal_id", kKey | kSealed), Col<&Row::epoch>("epoch", kKey | kSealed),
       Col<&Row::start_time>("start_time", kFact), Col<&Row::create_time>("create_time", kFact),
       Col<&Row::seal>("seal", kSeal | kFixed)});
  return kTable;
}

const Table<PrincipalRow>& PrincipalRow::table() {
  using Row = PrincipalRow;
  static const Table<Row> kTable(
      {"principals", 25, Rank::kPrincipal},
      {Col<&Row::id>("id", kKey | kSealed), Col<&Row::role>("role", kFact), Col<&Row::name>("name", kFact),
       Col<&Row::store_id>("store_id", kFact | kNoneIsNull), Col<&Row::terminal_id>("terminal_id", kFact | kNoneIsNull),
       Col<&Row::audit_seq>("audit_seq"), Col<&Row::audit_head>("audit_head"), Col<&Row::read_seq>("read_seq"),
       Col<&Row::read_head>("read_head"), Col<&Row::create_time>("create_time", kFact),
       Col<&Row::version>("version", kVersion), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<KeyRow>& KeyRow::table() {
  using Row = KeyRow;
  static const Table<Row> kTable({"access_keys", 26, Rank::kOwned},
                                 {Col<&Row::id>("id", kKey | kSealed), Col<&Row::principal_id>("principal_id", kFact),
                                  Col<&Row::hash>("hash", kFact), Col<&Row::expire_time>("expire_time", kSealed),
                                  Col<&Row::revoked_time>("revoked_time", kSealed | kNoneIsNull),
                                  Col<&Row::replaced_by>("replaced_by", kSealed | kNoneIsNull),
                                  Col<&Row::last_use_day>("last_use_day", kNoneIsNull),
                                  Col<&Row::create_time>("create_time", kFact), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<EnrollmentCodeRow>& EnrollmentCodeRow::table() {
  using Row = EnrollmentCodeRow;
  static const Table<Row> kTable(
      {"enrollment_codes", 35, Rank::kOwned},
      {Col<&Row::terminal_id>("terminal_id", kKey | kSealed), Col<&Row::hash>("hash", kSealed),
       Col<&Row::expire_time>("expire_time", kSealed), Col<&Row::used_time>("used_time", kSealed | kNoneIsNull),
       Col<&Row::create_time>("create_time", kSealed), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<CardRangeRow>& CardRangeRow::table() {
  using Row = CardRangeRow;
  static const Table<Row> kTable(
      {"card_ranges", 27, Rank::kOwned},
      {Col<&Row::id>("id", kKey), Col<&Row::range, &CardRange::first>("first_number", kFixed),
       Col<&Row::range, &CardRange::last>("last_number", kFixed),
       Col<&Row::range, &CardRange::check_digit>("check_digit", kFixed),
       Col<&Row::create_time>("create_time", kFixed)});
  return kTable;
}

const Table<AuditRow>& AuditRow::table() {
  using Row = AuditRow;
  static const Table<Row> kTable(
      {"audit", 28, Rank::kOwned},
      {Col<&Row::principal_id>("principal_id", kKey | kSealed), Col<&Row::audit_seq>("audit_seq", kKey | kSealed),
       Col<&Row::command_id>("command_id", kFact), Col<&Row::action>("action", kFact),
       Col<&Row::resource>("resource", kFact), Col<&Row::detail>("detail", kFact),
       Col<&Row::create_time>("create_time", kFact), Col<&Row::seal>("seal", kSeal | kFixed)});
  return kTable;
}

const Table<ReadLogRow>& ReadLogRow::table() {
  using Row = ReadLogRow;
  static const Table<Row> kTable(
      {"read_log", 33, Rank::kOwned},
      {Col<&Row::principal_id>("principal_id", kKey | kSealed), Col<&Row::read_seq>("read_seq", kKey | kSealed),
       Col<&Row::member_id>("member_id", kFact), Col<&Row::method>("method", kFact),
       Col<&Row::create_time>("create_time", kFact), Col<&Row::seal>("seal", kSeal | kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
