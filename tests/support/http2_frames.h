// HTTP/2 frames as bytes (RFC 9113), for those who do not keep to the rules: nothing is checked, anything can be said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loyalty::test::http2 {

enum class Type : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kRstStream = 3,
  kSettings = 4,
  kPing = 6,
  kWindowUpdate = 8,
  kContinuation = 9,
};

constexpr std::uint8_t kEndStream = 0x1;
constexpr std::uint8_t kEndHeaders = 0x4;
// Of a frame's payload, unless the peer allows more.
constexpr std::size_t kPayloadMax = 16'384;

// Any frame. The length in its head is that of the payload.
std::string Frame(Type type, std::uint8_t flags, std::uint32_t stream, std::string_view payload = {});

// The first bytes of a client: the preface and its SETTINGS (identifier, value).
std::string Hello(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& settings = {});
constexpr std::uint16_t kInitialWindowSize = 4;

// So many bytes more may be sent on the connection (stream 0) or a stream.
std::string WindowUpdate(std::uint32_t stream, std::uint32_t bytes);

// RST_STREAM with the code CANCEL.
std::string Reset(std::uint32_t stream);

// A header field as HPACK writes what is in no table: literal, not indexed, not compressed (RFC 7541, 6.2.2).
std::string Field(std::string_view name, std::string_view value);
// The same, and the other side remembers it for this connection (6.2.1).
std::string KeptField(std::string_view name, std::string_view value);
// All of a connection's `count` kept fields again, in their order, a byte each (6.1).
std::string KeptFields(int count);
// The beginning of such a field: its value has `size` bytes, which are still to come.
std::string FieldBegin(std::string_view name, std::uint64_t size);

// What the header block of a gRPC request says.
std::vector<std::pair<std::string, std::string>> Request(std::string_view path);
// That, of what is in no table.
std::string RequestFields(std::string_view path);

// The body of a gRPC request.
std::string Message(std::string_view bytes);
// The same, whose message is empty.
std::string EmptyMessage();

}  // namespace loyalty::test::http2
