#include "storage/receipt_text.h"

namespace loyalty::storage {

std::string JsonText(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  return json + "\"";
}

std::string PaymentsText(const Receipt& receipt) {
  if (receipt.payments.empty()) return "";
  std::string json;
  for (const Payment& payment : receipt.payments) {
    json += (json.empty() ? "[{\"kind\":" : ",{\"kind\":") + std::to_string(static_cast<int>(payment.kind)) +
            ",\"amount\":" + std::to_string(payment.amount);
    if (!payment.redemption.empty()) json += ",\"redemption\":" + JsonText(payment.redemption);
    json += "}";
  }
  return json + "]";
}

std::string FiscalText(const Receipt& receipt) {
  if (!receipt.fiscal) return "";
  return "{\"scheme\":" + JsonText(receipt.fiscal->scheme) + ",\"serial\":" + JsonText(receipt.fiscal->serial) +
         ",\"transaction_no\":" + JsonText(receipt.fiscal->transaction_no) +
         ",\"signature\":" + JsonText(receipt.fiscal->signature) + "}";
}

std::string CategoriesText(const Line& line) {
  std::string text;
  for (const auto& category : line.categories) text.append(text.empty() ? "" : "\n").append(category);
  return text;
}

}  // namespace loyalty::storage
