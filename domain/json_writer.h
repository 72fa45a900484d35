// JSON for programs, written front to back: members keep the order they were written in, and a number reads back as the
// same double. Whatever is no message of an API is written by this (ADR 0024).
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loyalty {

// How a list or an object is laid out.
enum class JsonLayout : std::uint8_t {
  kLines,   // each member on a line of its own
  kInline,  // all on one line, with what is inside
  kDense,   // the same without a blank
};

class JsonWriter {
 public:
  void BeginObject(JsonLayout layout = JsonLayout::kLines) { Begin('{', layout); }
  void BeginList(JsonLayout layout = JsonLayout::kLines) { Begin('[', layout); }
  // Closes what was begun last.
  void End();

  // The name of the member that comes next; inside an object only.
  JsonWriter& Name(std::string_view name);

  // Not finite: null, for JSON has no such number.
  void Value(double value);
  void Value(std::integral auto value) { Append(std::to_string(value)); }
  void Value(bool value) { Append(value ? "true" : "false"); }
  void Value(std::string_view text);
  void Value(const char* text) { Value(std::string_view(text)); }
  void Value(const std::string& text) { Value(std::string_view(text)); }
  void Null() { Append("null"); }
  template <typename T>
  void Value(const std::optional<T>& value) {
    value ? Value(*value) : Null();
  }

  template <typename T>
  JsonWriter& Add(std::string_view name, const T& value) {
    Name(name).Value(value);
    return *this;
  }

  // What was written. Everything begun has to be ended.
  std::string Take();
  std::string TakeLine() { return Take() + "\n"; }

 private:
  struct Open {
    char end;
    JsonLayout layout;
    bool empty = true;
  };

  void Begin(char begin, JsonLayout layout);
  void Append(std::string_view value);
  void Separate();
  void BreakLine();

  std::string text_;
  std::vector<Open> open_;
  bool named_ = false;  // a name waits for its value
};

}  // namespace loyalty
