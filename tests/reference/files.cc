#include "tests/reference/files.h"

#include <google/protobuf/util/json_util.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <stdexcept>

namespace loyalty::reference {
namespace {

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    if (end == text.size()) return parts;
    begin = end + 1;
  }
}

}  // namespace

std::string ReadFile(const std::filesystem::path& file) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), &gzclose);
  if (!in) throw std::runtime_error("cannot open " + file.string());
  std::string text;
  std::array<char, 1 << 16> buffer{};
  int count = 0;
  while ((count = gzread(in.get(), buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(count));
  if (count < 0) throw std::runtime_error("cannot read " + file.string());
  return text;
}

Table::Table(const std::filesystem::path& file) : text_(ReadFile(file)) {
  for (std::string_view line : Split(text_, '\n')) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;
    std::vector<std::string_view> cells = Split(line, ',');
    if (columns_.empty()) {
      columns_ = std::move(cells);
    } else if (cells.size() != columns_.size()) {
      throw std::runtime_error(file.string() + " has a row that does not fit its headline: " + std::string(line));
    } else {
      rows_.push_back(std::move(cells));
    }
  }
}

bool Table::Has(std::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

std::size_t Table::Find(std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) throw std::runtime_error("no column " + std::string(column));
  return static_cast<std::size_t>(found - columns_.begin());
}

std::string_view Table::Text(std::size_t row, std::string_view column) const { return rows_[row][Find(column)]; }

double Table::Number(std::size_t row, std::string_view column) const {
  const std::string_view text = Text(row, column);
  if (text.empty()) return std::nan("");
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) return 0;  // below the smallest double
  if (result.ec != std::errc() || result.ptr != text.data() + text.size())
    throw std::runtime_error("not a number: " + std::string(text));
  return value;
}

google::protobuf::Struct ReadJson(const std::filesystem::path& file) {
  google::protobuf::Struct document;
  if (!google::protobuf::util::JsonStringToMessage(ReadFile(file), &document).ok())
    throw std::runtime_error("no JSON: " + file.string());
  return document;
}

const google::protobuf::Value& At(const google::protobuf::Struct& document, std::string_view path) {
  const google::protobuf::Struct* in = &document;
  const google::protobuf::Value* value = nullptr;
  for (const std::string_view step : Split(path, '/')) {
    if (value != nullptr && value->has_list_value()) {
      value = &value->list_value().values(std::stoi(std::string(step)));
      continue;
    }
    if (value != nullptr) in = &value->struct_value();
    const auto found = in->fields().find(std::string(step));
    if (found == in->fields().end()) throw std::runtime_error("nothing at " + std::string(path));
    value = &found->second;
  }
  return *value;
}

double NumberAt(const google::protobuf::Struct& document, std::string_view path) {
  const google::protobuf::Value& value = At(document, path);
  if (value.has_null_value()) return std::nan("");
  if (!value.has_number_value()) throw std::runtime_error("no number at " + std::string(path));
  return value.number_value();
}

}  // namespace loyalty::reference
