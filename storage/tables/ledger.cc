#include "storage/tables/ledger.h"

namespace loyalty::storage {
namespace {

// Parts of an entry that are there together or not at all.
template <auto Member>
auto TermOf(const EntryRow& row) {
  return row.entry.terms ? std::optional(*row.entry.terms.*Member) : std::nullopt;
}
template <auto Member>
void SetTerm(EntryRow& row, const std::optional<Instant>& value) {
  if (!value) return;
  if (!row.entry.terms) row.entry.terms = LotTerms{};
  *row.entry.terms.*Member = *value;
}
template <auto Member>
constexpr Column<EntryRow> Term(const char* name) {
  return Computed<TermOf<Member>, SetTerm<Member>, EntryRow>(name, kFixed);
}

template <auto Member>
auto FactOf(const EntryRow& row) {
  return row.entry.sale ? std::optional(*row.entry.sale.*Member) : std::nullopt;
}
template <auto Member, typename Value>
void SetFact(EntryRow& row, const std::optional<Value>& value) {
  if (!value) return;
  if (!row.entry.sale) row.entry.sale = SaleFacts{};
  *row.entry.sale.*Member = *value;
}
template <auto Member, typename Value>
constexpr Column<EntryRow> Fact(const char* name) {
  return Computed<FactOf<Member>, SetFact<Member, Value>, EntryRow>(name, kFixed);
}

template <auto... Path>
constexpr auto OfEntry(const char* name, unsigned traits = kPlain) {
  return Col<&EntryRow::entry, Path...>(name, traits | kFixed);
}

}  // namespace

const Table<EntryRow>& EntryRow::table() {
  static const Table<EntryRow> kTable({"entries", 3, Rank::kOwned},
                                      {Col<&EntryRow::member_id>("member_id", kKey),
                                       Col<&EntryRow::entry, &Entry::seq>("seq", kKey),
                                       OfEntry<&Entry::type>("type"),
                                       OfEntry<&Entry::delta, &Balances::available>("available_delta"),
                                       OfEntry<&Entry::delta, &Balances::pending>("pending_delta"),
                                       OfEntry<&Entry::delta, &Balances::held>("held_delta"),
                                       OfEntry<&Entry::delta, &Balances::debt>("debt_delta"),
                                       OfEntry<&Entry::lot_seq>("lot_seq", kNoneIsNull),
                                       Term<&LotTerms::activate_time>("activate_time"),
                                       Term<&LotTerms::expire_time>("expire_time"),
                                       OfEntry<&Entry::restored_from>("restored_from", kNoneIsNull),
                                       OfEntry<&Entry::cause, &Cause::receipt_id>("receipt_id", kNoneIsNull),
                                       OfEntry<&Entry::cause, &Cause::command_id>("command_id", kNoneIsNull),
                                       OfEntry<&Entry::reversal_of>("reversal_of", kNoneIsNull),
                                       OfEntry<&Entry::group_id>("group_id", kNoneIsNull),
                                       OfEntry<&Entry::cause, &Cause::business_time>("business_time"),
                                       OfEntry<&Entry::cause, &Cause::record_time>("record_time"),
                                       OfEntry<&Entry::cause, &Cause::catalogue_version>("catalogue_version"),
                                       Fact<&SaleFacts::day, Day>("sale_day"),
                                       Fact<&SaleFacts::amount, Minor>("sale_amount"),
                                       Fact<&SaleFacts::discount, Minor>("sale_discount"),
                                       OfEntry<&Entry::mac>("mac")});
  return kTable;
}

const Table<OpenLotRow>& OpenLotRow::table() {
  static const Table<OpenLotRow> kTable({"open_lots", 4, Rank::kOwned},
                                        {Col<&OpenLotRow::member_id>("member_id", kKey),
                                         Col<&OpenLotRow::terms, &LotTerms::expire_time>("expire_time", kKey),
                                         Col<&OpenLotRow::terms, &LotTerms::activate_time>("activate_time", kKey),
                                         Col<&OpenLotRow::lot_seq>("lot_seq", kKey),
                                         Col<&OpenLotRow::remaining>("remaining"), Col<&OpenLotRow::held>("held")});
  return kTable;
}

const Table<PendingLotRow>& PendingLotRow::table() {
  static const Table<PendingLotRow> kTable(
      {"pending_lots", 5, Rank::kOwned},
      {Col<&PendingLotRow::member_id>("member_id", kKey),
       Col<&PendingLotRow::terms, &LotTerms::activate_time>("activate_time", kKey),
       Col<&PendingLotRow::lot_seq>("lot_seq", kKey), Col<&PendingLotRow::terms, &LotTerms::expire_time>("expire_time"),
       Col<&PendingLotRow::remaining>("remaining")});
  return kTable;
}

const Table<AllocationRow>& AllocationRow::table() {
  static const Table<AllocationRow> kTable(
      {"allocations", 6, Rank::kOwned},
      {Col<&AllocationRow::member_id>("member_id", kKey),
       Col<&AllocationRow::allocation, &Allocation::entry_seq>("entry_seq", kKey),
       Col<&AllocationRow::allocation, &Allocation::lot_seq>("lot_seq", kKey),
       Col<&AllocationRow::allocation, &Allocation::kind>("kind", kFixed),
       Col<&AllocationRow::allocation, &Allocation::points>("points", kFixed),
       Col<&AllocationRow::allocation, &Allocation::terms, &LotTerms::activate_time>("activate_time", kFixed),
       Col<&AllocationRow::allocation, &Allocation::terms, &LotTerms::expire_time>("expire_time", kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
