#include "clients/demo/survey.h"

#include <algorithm>
#include <functional>

#include "clients/input_file.h"
#include "clients/names.h"
#include "clients/timestamps.h"

namespace loyalty::client {
namespace {

// Hands over the receipts of a file until `more` answers false.
Outcome ReadWhile(const std::string& path, const absl::TimeZone& zone,
                  const std::function<bool(const CsvReceipt&)>& more) {
  auto file = InputFile::Open(path);
  if (!file) return LocalFailure(file.error().message);
  auto reader = ReceiptReader::Open([&](char* buffer, std::size_t size) { return file->Read(buffer, size); },
                                    StoreZones(zone), 0);
  if (!reader) return UsageFailure(path + ": " + reader.error().message, "see: loyalty-till replay --help");
  for (;;) {
    const auto receipt = reader->Next();
    if (!receipt) return LocalFailure(receipt.error().message);
    if (!receipt->has_value() || !more(**receipt)) return {};
  }
}

}  // namespace

void AddToSurvey(const CsvReceipt& receipt, const absl::TimeZone& zone, Survey& survey) {
  if (!receipt.reason.empty()) return;
  const auto& content = receipt.request.receipt();
  const auto ids = SplitTerminalName(receipt.request.terminal());
  if (!ids) return;
  survey.stores.insert(ids->store);
  survey.terminals.emplace(ids->store, ids->terminal);
  if (receipt.request.has_identifier()) survey.cards.insert(receipt.request.identifier().card());
  const Day day = DayOf(InstantOf(content.business_time()), zone);
  survey.first_day = std::min(survey.first_day.value_or(day), day);
  survey.last_day = std::max(survey.last_day.value_or(day), day);
}

Outcome ReadCurrency(const std::string& path, std::string& currency) {
  currency.clear();
  if (auto failed = ReadWhile(path, absl::UTCTimeZone(), [&](const CsvReceipt& receipt) {
        currency = receipt.request.receipt().currency_code();
        return currency.empty();  // a row that cannot be read
      }))
    return failed;
  if (currency.empty()) return UsageFailure(path + ": no receipt in it");
  return {};
}

Outcome ReadSurvey(const std::string& path, const absl::TimeZone& zone, Survey& survey) {
  survey = Survey{};
  if (auto failed = ReadWhile(path, zone, [&](const CsvReceipt& receipt) {
        AddToSurvey(receipt, zone, survey);
        return true;
      }))
    return failed;
  if (!survey.last_day) return UsageFailure(path + ": no receipt in it that can be sent");
  return {};
}

int WholeWeeksBefore(Day last_day, Day today) {
  constexpr int kWeek = 7;
  const int room = today - 1 - last_day;
  const int weeks = room >= 0 ? room / kWeek : -((-room + kWeek - 1) / kWeek);
  return weeks * kWeek;
}

}  // namespace loyalty::client
