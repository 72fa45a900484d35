// The reference files: tables with a headline, plain or compressed, and one JSON document.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace loyalty::reference {

// The whole file, unpacked when it is gzip. Throws std::runtime_error when it cannot be read.
std::string ReadFile(const std::filesystem::path& file);

// Comma-separated values without quotes. Throws std::runtime_error for a row with another number of cells than the
// headline, and for a name that it does not have.
class Table {
 public:
  explicit Table(const std::filesystem::path& file);

  std::size_t size() const { return rows_.size(); }
  bool Has(std::string_view column) const;
  std::string_view Text(std::size_t row, std::string_view column) const;
  // NaN for an empty cell.
  double Number(std::size_t row, std::string_view column) const;

 private:
  std::size_t Find(std::string_view column) const;

  std::string text_;
  std::vector<std::string_view> columns_;
  std::vector<std::vector<std::string_view>> rows_;
};

google::protobuf::Struct ReadJson(const std::filesystem::path& file);

// What stands at a path like "bgnbd/r"; steps into a list are numbers. Throws std::runtime_error when there is nothing.
const google::protobuf::Value& At(const google::protobuf::Struct& document, std::string_view path);

// Likewise a number; NaN for null.
double NumberAt(const google::protobuf::Struct& document, std::string_view path);

}  // namespace loyalty::reference
