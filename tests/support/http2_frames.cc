#include "tests/support/http2_frames.h"

namespace loyalty::test::http2 {
namespace {

void AppendBigEndian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}

// A number whose first byte has seven bits for it (RFC 7541, 5.1).
std::string Number(std::uint64_t value) {
  constexpr std::uint64_t kPrefixMax = 127;
  if (value < kPrefixMax) return {static_cast<char>(value)};
  std::string out{static_cast<char>(kPrefixMax)};
  for (value -= kPrefixMax; value >= 128; value /= 128) out += static_cast<char>(value % 128 + 128);
  out += static_cast<char>(value);
  return out;
}

}  // namespace

std::string Frame(Type type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string out;
  AppendBigEndian(out, payload.size(), 3);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  AppendBigEndian(out, stream, 4);
  return out.append(payload);
}

std::string Hello(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& settings) {
  std::string payload;
  for (const auto& [identifier, value] : settings) {
    AppendBigEndian(payload, identifier, 2);
    AppendBigEndian(payload, value, 4);
  }
  return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(Type::kSettings, 0, 0, payload);
}

std::string WindowUpdate(std::uint32_t stream, std::uint32_t bytes) {
  std::string increment;
  AppendBigEndian(increment, bytes, 4);
  return Frame(Type::kWindowUpdate, 0, stream, increment);
}

std::string Reset(std::uint32_t stream) {
  constexpr std::uint64_t kCancel = 8;
  std::string code;
  AppendBigEndian(code, kCancel, 4);
  return Frame(Type::kRstStream, 0, stream, code);
}

std::string FieldBegin(std::string_view name, std::uint64_t size) {
  return std::string(1, '\0').append(Number(name.size())).append(name).append(Number(size));
}

std::string Field(std::string_view name, std::string_view value) {
  return FieldBegin(name, value.size()).append(value);
}

std::string KeptField(std::string_view name, std::string_view value) {
  return std::string(1, '\x40').append(Number(name.size())).append(name).append(Number(value.size())).append(value);
}

std::string KeptFields(int count) {
  constexpr int kStaticFields = 61;  // the last that was kept is the next number
  std::string out;
  for (int i = count; i > 0; --i) out += static_cast<char>(0x80 | (kStaticFields + i));
  return out;
}

std::vector<std::pair<std::string, std::string>> Request(std::string_view path) {
  return {{":method", "POST"},         {":scheme", "https"}, {":path", std::string(path)},
          {":authority", "localhost"}, {"te", "trailers"},   {"content-type", "application/grpc"}};
}

std::string RequestFields(std::string_view path) {
  std::string fields;
  for (const auto& [name, value] : Request(path)) fields += Field(name, value);
  return fields;
}

std::string Message(std::string_view bytes) {
  std::string out(1, '\0');  // not compressed
  AppendBigEndian(out, bytes.size(), 4);
  return out.append(bytes);
}

std::string EmptyMessage() { return Message({}); }

}  // namespace loyalty::test::http2
