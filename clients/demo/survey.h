// What a file of receipts is about, before any of it is sent.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "clients/failure.h"
#include "clients/receipt_reader.h"
#include "domain/time.h"

namespace loyalty::client {

struct Survey {
  std::set<std::pair<std::string, std::string>> terminals;  // (store, terminal), ids
  std::set<std::string> stores;                             // ids
  std::set<std::string> cards;
  std::optional<Day> first_day;  // in the zone local times are read in
  std::optional<Day> last_day;
};

// Adds a receipt; one that is no good adds nothing.
void AddToSurvey(const CsvReceipt& receipt, const absl::TimeZone& zone, Survey& survey);

// The currency of the first receipt of a file that names one; does not read on. Failures as below.
Outcome ReadCurrency(const std::string& path, std::string& currency);

// Reads the whole file; `zone`: of local times, and of the days. Failures: kLocalIo, kUsage (no header, no good
// receipt).
Outcome ReadSurvey(const std::string& path, const absl::TimeZone& zone, Survey& survey);

// Whole weeks, in days, that move `last_day` to the latest day before `today` of the same weekday. May be negative.
int WholeWeeksBefore(Day last_day, Day today);

}  // namespace loyalty::client
