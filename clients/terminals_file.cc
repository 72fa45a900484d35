#include "clients/terminals_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>

#include "clients/csv.h"
#include "clients/input_file.h"
#include "clients/text.h"

namespace loyalty::client {
namespace {

enum Column : std::size_t { kStore, kTerminal, kDisplayName, kStoreName, kTimeZone, kRegion, kLanguage, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{
    "store", "terminal", "display_name", "store_name", "store_time_zone", "store_region", "store_language"};
constexpr std::size_t kIdMax = 40, kDisplayNameMax = 100;

using Places = std::array<std::optional<std::size_t>, kColumns>;

bool IsId(std::string_view id) {
  return !id.empty() && id.size() <= kIdMax &&
         id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") ==
             std::string_view::npos;
}

Result<Places> PlacesIn(const CsvRecord& header) {
  Places places;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const std::string name(Trim(header.fields[i]));
    const auto known = std::find(kNames.begin(), kNames.end(), name);
    if (known == kNames.end())
      return InvalidField("FILE", "no column '" + name +
                                      "' is known: store, terminal, display_name, store_name, "
                                      "store_time_zone, store_region, store_language");
    auto& place = places[static_cast<std::size_t>(known - kNames.begin())];
    if (place) return InvalidField("FILE", "two columns are called '" + name + "'");
    place = i;
  }
  if (!places[kStore] || !places[kTerminal])
    return InvalidField("FILE", "its first line must name the columns store and terminal");
  return places;
}

// What one row says; the problems of the row go to `problems`.
void TakeRow(const CsvRecord& row, const Places& places, TerminalsFile& file) {
  const auto complain = [&](const std::string& why) {
    file.problems.push_back("line " + std::to_string(row.line) + ": " + why);
  };
  if (!row.problem.empty()) return complain(row.problem);
  const auto text = [&](Column column) {
    const auto place = places[column];
    return place && *place < row.fields.size() ? std::string(Trim(row.fields[*place])) : std::string();
  };
  const std::string store = text(kStore), terminal = text(kTerminal);
  const std::size_t before = file.problems.size();
  if (!IsId(store)) complain("store '" + store + "': 1 to 40 characters of [A-Za-z0-9_.-]");
  if (!IsId(terminal)) complain("terminal '" + terminal + "': 1 to 40 characters of [A-Za-z0-9_.-]");
  for (const Column column : {kDisplayName, kStoreName, kTimeZone, kRegion, kLanguage})
    if (text(column).size() > kDisplayNameMax) complain(std::string(kNames[column]) + ": at most 100 bytes");
  if (file.problems.size() != before) return;
  ListedStore& at = file.stores[store];
  if (at.line == 0) at.line = row.line;
  at.store.set_name("stores/" + store);
  const auto take = [&](Column column, std::string* said) {
    const std::string now = text(column);
    if (now.empty() || now == *said) return;
    if (!said->empty())
      return complain(std::string(kNames[column]) + " of store " + store + " is '" + now + "', and was '" + *said +
                      "'");
    *said = now;
  };
  take(kStoreName, at.store.mutable_display_name());
  take(kTimeZone, at.store.mutable_time_zone());
  take(kRegion, at.store.mutable_region_code());
  take(kLanguage, at.store.mutable_language_code());
  const auto twin = std::find_if(at.terminals.begin(), at.terminals.end(),
                                 [&terminal](const ListedTerminal& one) { return one.id == terminal; });
  if (twin != at.terminals.end())
    return complain("terminal " + terminal + " of store " + store + " stands in line " + std::to_string(twin->line) +
                    " already");
  at.terminals.push_back({row.line, terminal, text(kDisplayName)});
}

}  // namespace

Result<TerminalsFile> ReadTerminalsFile(const std::string& path) {
  auto input = InputFile::Open(path);
  if (!input) return input.error();
  CsvReader csv([&input](char* buffer, std::size_t size) { return input->Read(buffer, size); });
  CsvRecord record;
  auto more = csv.Next(record);
  if (!more) return more.error();
  if (!*more) return InvalidField("FILE", "it is empty");
  const auto places = PlacesIn(record);
  if (!places) return places.error();
  TerminalsFile file;
  file.makes_stores = (*places)[kStoreName].has_value();
  file.makes_terminals = (*places)[kDisplayName].has_value();
  while (true) {
    more = csv.Next(record);
    if (!more) return more.error();
    if (!*more) return file;
    TakeRow(record, *places, file);
  }
}

}  // namespace loyalty::client
