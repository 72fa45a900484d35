// The parts of a receipt that are kept as JSON.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "storage/tables/receipts.h"

namespace loyalty::storage {

namespace json = boost::json;

std::string PaymentsText(const Receipt& receipt) {
  if (receipt.payments.empty()) return "";
  json::array payments;
  for (const Payment& payment : receipt.payments) {
    json::object one{{"kind", static_cast<int>(payment.kind)}, {"amount", payment.amount}};
    if (!payment.redemption.empty()) one["redemption"] = payment.redemption;
    payments.push_back(std::move(one));
  }
  return json::serialize(payments);
}

std::string FiscalText(const Receipt& receipt) {
  if (!receipt.fiscal) return "";
  return json::serialize(json::object{{"scheme", receipt.fiscal->scheme},
                                      {"serial", receipt.fiscal->serial},
                                      {"transaction_no", receipt.fiscal->transaction_no},
                                      {"signature", receipt.fiscal->signature}});
}

std::string FiscalKey(const Receipt& receipt) {
  if (!receipt.fiscal || receipt.fiscal->transaction_no.empty()) return "";
  // The kind is part of it: sale and return lines of an exchange stand on one slip.
  return "f|" + std::to_string(static_cast<int>(receipt.kind)) + "|" + receipt.fiscal->scheme + "|" +
         receipt.fiscal->serial + "|" + receipt.fiscal->transaction_no;
}

}  // namespace loyalty::storage
