#include "clients/csv.h"

#include <algorithm>
#include <string_view>

#include "clients/text.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// One try to read a record off the front of `text`.
struct Scan {
  bool complete = false;     // false: the text ends before the record does
  std::size_t length = 0;    // of the record with its line end
  std::size_t raw_size = 0;  // without it
  std::string problem;
};

// A state machine over the bytes: before a field, in a plain field, in quotes, after the closing quote.
Scan ScanRecord(std::string_view text, bool at_end, std::vector<std::string>& fields) {
  enum class State { kFieldStart, kPlain, kQuoted, kAfterQuote } state = State::kFieldStart;
  Scan scan;
  fields.clear();
  std::string field;
  const auto end_field = [&] {
    fields.push_back(std::move(field));
    field.clear();
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (state == State::kQuoted) {
      if (c != '"') {
        field += c;
      } else {
        state = State::kAfterQuote;
      }
      continue;
    }
    if (c == '\n') {
      scan.complete = true;
      scan.length = at + 1;
      scan.raw_size = at > 0 && text[at - 1] == '\r' ? at - 1 : at;
      if (state == State::kPlain && !field.empty() && field.back() == '\r') field.pop_back();
      end_field();
      return scan;
    }
    if (c == ',') {
      end_field();
      state = State::kFieldStart;
    } else if (state == State::kAfterQuote) {
      if (c == '"') {
        field += '"';
        state = State::kQuoted;
      } else if (c != '\r') {
        if (scan.problem.empty()) scan.problem = "text after a closing quote";
      }
    } else if (c == '"' && state == State::kFieldStart) {
      state = State::kQuoted;
    } else {
      if (c == '"' && scan.problem.empty()) scan.problem = "a quote inside a field that is not quoted";
      field += c;
      state = State::kPlain;
    }
  }
  if (!at_end) return scan;
  scan.complete = state != State::kQuoted;
  scan.length = text.size();
  scan.raw_size = !text.empty() && text.back() == '\r' ? text.size() - 1 : text.size();
  if (!field.empty() && state == State::kPlain && field.back() == '\r') field.pop_back();
  end_field();
  return scan;
}

}  // namespace

Status CsvReader::Fill() {
  buffer_.erase(0, position_);
  position_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadBytes);
  const auto got = source_(buffer_.data() + before, kReadBytes);
  if (!got) return got.error();
  buffer_.resize(before + *got);
  at_end_ = *got == 0;
  return Ok{};
}

// False: more input is needed to tell.
bool CsvReader::TakeRecord(CsvRecord& record) {
  const std::string_view text = std::string_view(buffer_).substr(position_);
  Scan scan = ScanRecord(text.substr(0, kRecordBytesMax), at_end_ && text.size() <= kRecordBytesMax, record.fields);
  if (!scan.complete) {
    if (!at_end_ && text.size() <= kRecordBytesMax) return false;
    // Too long, or the file ends inside quotes: only the first line is given up.
    const std::size_t line_end = text.find('\n');
    if (line_end == text.npos && !at_end_ && text.size() <= 2 * kRecordBytesMax) return false;
    scan.problem =
        "a quoted field is not closed, or the row is longer than " + std::to_string(kRecordBytesMax) + " bytes";
    scan.length = line_end == text.npos ? text.size() : line_end + 1;
    scan.raw_size = line_end == text.npos ? text.size() : line_end;
    if (scan.raw_size > 0 && text[scan.raw_size - 1] == '\r') --scan.raw_size;
  }
  record.line = line_;
  record.raw = text.substr(0, scan.raw_size);
  record.problem = std::move(scan.problem);
  if (record.problem.empty() && !IsValidUtf8(record.raw)) record.problem = "not UTF-8";
  const std::string_view taken = text.substr(0, scan.length);
  line_ += std::count(taken.begin(), taken.end(), '\n');
  position_ += scan.length;
  return true;
}

Result<bool> CsvReader::Next(CsvRecord& record) {
  for (;;) {
    if (!started_ && (buffer_.size() >= kByteOrderMark.size() || at_end_)) {
      started_ = true;
      if (std::string_view(buffer_).substr(0, kByteOrderMark.size()) == kByteOrderMark)
        position_ = kByteOrderMark.size();
    }
    if (started_ && at_end_ && position_ == buffer_.size()) return false;
    if (started_ && position_ < buffer_.size() && TakeRecord(record)) {
      if (record.raw.empty()) continue;
      return true;
    }
    if (auto filled = Fill(); !filled) return filled.error();
  }
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace loyalty::client
