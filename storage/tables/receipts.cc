#include "storage/tables/receipts.h"

#include <sstream>

namespace loyalty::storage {
namespace {

// Ids of categories, separated by line feeds, which an id cannot hold.
std::string CategoriesOf(const ReceiptLineRow& row) {
  std::string text;
  for (const auto& category : row.line.categories) text.append(text.empty() ? "" : "\n").append(category);
  return text;
}
void SetCategories(ReceiptLineRow& row, const std::string& text) {
  row.line.categories.clear();
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    row.line.categories.push_back(text.substr(from, end - from));
    from = end + 1;
  }
}

// One tax a line of text: its rate and its amount.
std::string TaxesOf(const ReceiptLineRow& row) {
  std::string text;
  for (const LineTax& tax : row.line.taxes)
    text.append(text.empty() ? "" : "\n").append(std::to_string(tax.rate) + " " + std::to_string(tax.amount));
  return text;
}
void SetTaxes(ReceiptLineRow& row, const std::string& text) {
  row.line.taxes.clear();
  std::istringstream in(text);
  for (LineTax tax; in >> tax.rate >> tax.amount;) row.line.taxes.push_back(tax);
}

int TaxModeOf(const ReceiptLineRow& row) { return row.line.tax_net ? 2 : 1; }
void SetTaxMode(ReceiptLineRow& row, int mode) { row.line.tax_net = mode == 2; }

template <auto Member>
constexpr auto OfLine(const char* name, unsigned traits = kPlain) {
  return Col<&ReceiptLineRow::line, Member>(name, traits | kFixed | kSealed);
}

}  // namespace

const Table<ReceiptRow>& ReceiptRow::table() {
  using Row = ReceiptRow;
  constexpr unsigned kFact = kFixed | kSealed;
  static const Table<Row> kTable({"receipts", 10, Rank::kReceipt},
                                 {Col<&Row::id>("id", kKey | kSealed),
                                  Col<&Row::terminal_id>("terminal_id", kFact),
                                  Col<&Row::epoch>("epoch", kFact),
                                  Col<&Row::business_date>("business_date", kFact),
                                  Col<&Row::kind>("kind", kFact),
                                  Col<&Row::receipt_no>("receipt_no", kFact),
                                  Col<&Row::fiscal_key>("fiscal_key", kFact | kNoneIsNull),
                                  Col<&Row::member_id>("member_id", kNoneIsNull),
                                  Col<&Row::entry_seq>("entry_seq", kNoneIsNull),
                                  Col<&Row::entry_count>("entry_count"),
                                  Col<&Row::state>("state"),
                                  Col<&Row::version>("version", kVersion),
                                  Col<&Row::currency>("currency", kFact),
                                  Col<&Row::total>("total", kFact),
                                  Col<&Row::business_time>("business_time", kFact),
                                  Col<&Row::till_time>("till_time", kFact | kNoneIsNull),
                                  Col<&Row::record_time>("record_time", kFact),
                                  Col<&Row::utc_offset>("utc_offset", kFact),
                                  Col<&Row::operator_id>("operator", kFact),
                                  Col<&Row::operator_proven>("operator_proven", kFact),
                                  Col<&Row::approver>("approver", kFact | kNoneIsNull),
                                  Col<&Row::principal_id>("principal_id", kFact),
                                  Col<&Row::request_id>("request_id", kFact),
                                  Col<&Row::content_hash>("content_hash", kFact),
                                  Col<&Row::payload_hash>("payload_hash", kFact),
                                  Col<&Row::payments>("payments", kFact | kNoneIsNull),
                                  Col<&Row::fiscal>("fiscal", kFact | kNoneIsNull),
                                  Col<&Row::evaluation>("evaluation", kFixed | kSealedHash | kNoneIsNull),
                                  Col<&Row::result>("result", kFact),
                                  Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<ReceiptNumberRow>& ReceiptNumberRow::table() {
  using Row = ReceiptNumberRow;
  static const Table<Row> kTable({"receipts", 0, Rank::kNone},
                                 {Col<&Row::terminal_id>("terminal_id", kKey), Col<&Row::epoch>("epoch", kKey),
                                  Col<&Row::business_date>("business_date", kKey), Col<&Row::kind>("kind", kKey),
                                  Col<&Row::receipt_no>("receipt_no", kKey), Col<&Row::id>("id")});
  return kTable;
}

const Table<FiscalNumberRow>& FiscalNumberRow::table() {
  static const Table<FiscalNumberRow> kTable(
      {"receipts", 0, Rank::kNone},
      {Col<&FiscalNumberRow::fiscal_key>("fiscal_key", kKey), Col<&FiscalNumberRow::id>("id")});
  return kTable;
}

const Table<ReceiptLineRow>& ReceiptLineRow::table() {
  using Row = ReceiptLineRow;
  constexpr unsigned kFact = kFixed | kSealed;
  static const Table<Row> kTable({"receipt_lines", 11, Rank::kOwned},
                                 {Col<&Row::receipt_id>("receipt_id", kKey),
                                  Col<&Row::line_no>("line_no", kKey | kSealed),
                                  OfLine<&Line::line_id>("line_id"),
                                  OfLine<&Line::kind>("kind"),
                                  OfLine<&Line::sku>("sku"),
                                  OfLine<&Line::description>("description", kNoneIsNull),
                                  Computed<CategoriesOf, SetCategories, Row>("categories", kFact | kNoneIsNull),
                                  OfLine<&Line::quantity>("quantity"),
                                  OfLine<&Line::unit>("unit", kNoneIsNull),
                                  OfLine<&Line::unit_price>("unit_price"),
                                  OfLine<&Line::amount>("amount"),
                                  OfLine<&Line::discount>("discount"),
                                  OfLine<&Line::tax_rate>("tax_rate"),
                                  Computed<TaxModeOf, SetTaxMode, Row>("tax_mode", kFact),
                                  OfLine<&Line::tax_amount>("tax_amount"),
                                  Computed<TaxesOf, SetTaxes, Row>("taxes", kFact | kNoneIsNull),
                                  OfLine<&Line::flags>("flags"),
                                  Col<&Row::returned_quantity>("returned_quantity"),
                                  Col<&Row::returned_amount>("returned_amount"),
                                  Col<&Row::return_type>("return_type", kFact | kNoneIsNull),
                                  Col<&Row::original_receipt_id>("original_receipt_id", kFact | kNoneIsNull),
                                  Col<&Row::original_line_id>("original_line_id", kFact | kNoneIsNull),
                                  Col<&Row::money_off>("money_off", kFact)});
  return kTable;
}

const Table<EffectRow>& EffectRow::table() {
  using Row = EffectRow;
  static const Table<Row> kTable({"effects", 12, Rank::kOwned},
                                 {Col<&Row::receipt_id>("receipt_id", kKey), Col<&Row::effect_seq>("effect_seq", kKey),
                                  Col<&Row::line_id>("line_id", kFixed | kNoneIsNull), Col<&Row::kind>("kind", kFixed),
                                  Col<&Row::rule>("rule", kFixed), Col<&Row::rule_version>("rule_version", kFixed),
                                  Col<&Row::wanted>("wanted", kFixed), Col<&Row::amount>("amount", kFixed),
                                  Col<&Row::target>("target", kFixed | kNoneIsNull),
                                  Col<&Row::entry_seq>("entry_seq", kFixed | kNoneIsNull), Col<&Row::state>("state")});
  return kTable;
}

void LineDigest::Add(const ReceiptLineRow& row) {
  for (const auto& column : ReceiptLineRow::table().columns()) {
    if (!column.Is(kSealed)) continue;
    const Cell cell = column.get(row);
    digest_.Mark(static_cast<unsigned char>(cell.kind));
    if (cell.kind == Cell::Kind::kNumber) {
      digest_.Add(cell.number);
    } else {
      digest_.Add(cell.text);
    }
  }
}

}  // namespace loyalty::storage
