// The parts of a receipt that are kept as JSON.
#include "domain/json_writer.h"
#include "storage/tables/receipts.h"

namespace loyalty::storage {

std::string PaymentsText(const Receipt& receipt) {
  if (receipt.payments.empty()) return "";
  JsonWriter json;
  json.BeginList(JsonLayout::kDense);
  for (const Payment& payment : receipt.payments) {
    json.BeginObject();
    json.Add("kind", static_cast<int>(payment.kind)).Add("amount", payment.amount);
    if (!payment.redemption.empty()) json.Add("redemption", payment.redemption);
    json.End();
  }
  json.End();
  return json.Take();
}

std::string FiscalText(const Receipt& receipt) {
  if (!receipt.fiscal) return "";
  JsonWriter json;
  json.BeginObject(JsonLayout::kDense);
  json.Add("scheme", receipt.fiscal->scheme).Add("serial", receipt.fiscal->serial);
  json.Add("transaction_no", receipt.fiscal->transaction_no).Add("signature", receipt.fiscal->signature);
  json.End();
  return json.Take();
}

std::string FiscalKey(const Receipt& receipt) {
  if (!receipt.fiscal || receipt.fiscal->transaction_no.empty()) return "";
  // The kind is part of it: sale and return lines of an exchange stand on one slip.
  return "f|" + std::to_string(static_cast<int>(receipt.kind)) + "|" + receipt.fiscal->scheme + "|" +
         receipt.fiscal->serial + "|" + receipt.fiscal->transaction_no;
}

}  // namespace loyalty::storage
