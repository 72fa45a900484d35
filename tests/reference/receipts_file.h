// The reference receipts as customer-days.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "retention/summary.h"

namespace loyalty::reference {

// Purchase days of one customer in ascending order, with gross amounts.
using CustomerDays = std::vector<retention::MemberDay>;

// Reads a CSV file, packed or not, without quoted fields: `row` gets the fields of every line by the name of its
// column. False when the file cannot be read or a line has another number of fields than the first.
bool ReadCsv(const std::filesystem::path& file,
             const std::function<void(const std::map<std::string, std::string>&)>& row);

// Minor units of an amount with at most two decimals; nullopt for other text.
std::optional<std::int64_t> MinorUnits(const std::string& text);

// Days since 1970-01-01 of a text that begins with a date, as in "1997-01-31T12:00:00"; nullopt for other text.
std::optional<retention::Day> DayOf(const std::string& text);

// The sale receipts of a receipts CSV by card: returns do not count, a receipt of several lines counts once, and with
// `skip_free` neither does a sale of 0.00. nullopt when the file cannot be read.
std::optional<std::map<std::string, CustomerDays>> ReadReceipts(const std::filesystem::path& file, bool skip_free);

}  // namespace loyalty::reference
