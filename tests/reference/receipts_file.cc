#include "tests/reference/receipts_file.h"

#include <zlib.h>

#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>

namespace loyalty::reference {
namespace {

struct CloseFile {
  void operator()(gzFile file) const { gzclose(file); }
};
using File = std::unique_ptr<gzFile_s, CloseFile>;

std::optional<std::string> ReadAll(const std::filesystem::path& path) {
  const File file(gzopen(path.c_str(), "rb"));
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 1 << 16> buffer{};
  for (;;) {
    const int length = gzread(file.get(), buffer.data(), buffer.size());
    if (length < 0) return std::nullopt;
    if (length == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(length));
  }
}

std::vector<std::string> Split(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    const auto comma = line.find(',');
    fields.emplace_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> Number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool ReadCsv(const std::filesystem::path& file,
             const std::function<void(const std::map<std::string, std::string>&)>& row) {
  const auto text = ReadAll(file);
  if (!text) return false;
  std::vector<std::string> names;
  std::map<std::string, std::string> fields;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    auto values = Split(line);
    if (names.empty()) {
      names = std::move(values);
      continue;
    }
    if (values.size() != names.size()) return false;
    for (std::size_t i = 0; i < names.size(); ++i) fields[names[i]] = std::move(values[i]);
    row(fields);
  }
  return true;
}

std::optional<std::int64_t> MinorUnits(const std::string& text) {
  const auto point = text.find('.');
  std::string digits = text.substr(0, point);
  std::string decimals = point == std::string::npos ? "" : text.substr(point + 1);
  if (decimals.size() > 2) return std::nullopt;
  decimals.resize(2, '0');
  return Number(digits + decimals);
}

std::optional<retention::Day> DayOf(const std::string& text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::string_view view = text;
  const auto year = Number(view.substr(0, 4));
  const auto month = Number(view.substr(5, 2));
  const auto day = Number(view.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<retention::Day>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::optional<std::map<std::string, CustomerDays>> ReadReceipts(const std::filesystem::path& file, bool skip_free) {
  std::map<std::string, std::map<retention::Day, retention::MemberDay>> customers;
  std::set<std::tuple<std::string, std::string, std::string>> seen;  // receipts of several lines
  bool is_whole = true;
  const bool is_read = ReadCsv(file, [&](const std::map<std::string, std::string>& row) {
    if (row.at("kind") != "sale") return;
    if (row.count("line_id") > 0 &&
        !seen.insert({row.at("card"), row.at("receipt_no"), row.at("business_time")}).second)
      return;
    const auto day = DayOf(row.at("business_time"));
    const auto total = MinorUnits(row.at("total"));
    if (!day || !total) {
      is_whole = false;
      return;
    }
    if (skip_free && *total == 0) return;
    retention::MemberDay& stored = customers[row.at("card")][*day];
    stored.day = *day;
    stored.amount += *total;
    ++stored.receipts;
  });
  if (!is_read || !is_whole) return std::nullopt;
  std::map<std::string, CustomerDays> result;
  for (const auto& [card, days] : customers)
    for (const auto& [day, stored] : days) result[card].push_back(stored);
  return result;
}

}  // namespace loyalty::reference
