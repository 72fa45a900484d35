#include "domain/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "domain/check.h"

namespace loyalty {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.append(1, '\\').append(1, c);
    } else if (const auto code = static_cast<unsigned char>(c); code < 0x20 || code == 0x7f) {
      quoted.append("\\u00").append(1, kHexDigits[code >> 4]).append(1, kHexDigits[code & 15]);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace

void JsonWriter::Begin(char begin, JsonLayout layout) {
  Separate();
  text_ += begin;
  if (!open_.empty() && open_.back().layout != JsonLayout::kLines) layout = open_.back().layout;
  open_.push_back({begin == '{' ? '}' : ']', layout});
}

void JsonWriter::End() {
  Check(!open_.empty() && !named_, "nothing of JSON is open, or a name waits for its value");
  const Open closed = open_.back();
  open_.pop_back();
  if (!closed.empty && closed.layout == JsonLayout::kLines) BreakLine();
  text_ += closed.end;
}

JsonWriter& JsonWriter::Name(std::string_view name) {
  Check(!open_.empty() && open_.back().end == '}', "only members of an object have names");
  Separate();
  text_.append(Quoted(name)).append(open_.back().layout == JsonLayout::kDense ? ":" : ": ");
  named_ = true;
  return *this;
}

void JsonWriter::Value(double value) {
  if (!std::isfinite(value)) return Null();
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  Append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void JsonWriter::Value(std::string_view text) { Append(Quoted(text)); }

std::string JsonWriter::Take() {
  Check(open_.empty(), "all that was begun is ended");
  return std::exchange(text_, {});
}

void JsonWriter::Append(std::string_view value) {
  Separate();
  text_ += value;
}

// Before a name, or a value that has none.
void JsonWriter::Separate() {
  if (std::exchange(named_, false) || open_.empty()) return;
  Open& in = open_.back();
  if (!in.empty) text_ += in.layout == JsonLayout::kInline ? ", " : ",";
  in.empty = false;
  if (in.layout == JsonLayout::kLines) BreakLine();
}

void JsonWriter::BreakLine() { text_.append("\n").append(open_.size(), ' '); }

}  // namespace loyalty
