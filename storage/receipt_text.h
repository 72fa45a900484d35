// The parts of a receipt that are kept as one JSON text, because nothing ever searches in them.
#pragma once

#include <string>

#include "domain/receipt.h"

namespace loyalty::storage {

// Empty when there is nothing to keep.
std::string PaymentsText(const Receipt& receipt);  // [{"kind":2,"amount":500,"redemption":"..."}]
std::string FiscalText(const Receipt& receipt);    // {"scheme":"...","serial":"...",...}
std::string CategoriesText(const Line& line);      // ids separated by line feeds, which an id cannot hold

// Text as a JSON string with quotes. Control characters cannot occur: ValidateReceipt refuses them.
std::string JsonText(std::string_view text);

}  // namespace loyalty::storage
