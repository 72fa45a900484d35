// Names of rows outside: 16 lower-case hexadecimal digits of a number that cannot be guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/keys.h"

namespace loyalty::storage {

std::string PublicName(std::int64_t public_id);
// Nothing when it is not one.
std::optional<std::int64_t> ParsePublicName(std::string_view name);

// receipts/{receipt}: its row's number is disguised.
std::string ReceiptName(const ProgramKeys& keys, std::int64_t receipt_id);

// operators/{operator}: its id, which was drawn at random.
std::string OperatorName(std::int64_t operator_id);

}  // namespace loyalty::storage
