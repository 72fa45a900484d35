#include "services/rpc/trace_parent.h"

#include <algorithm>

namespace loyalty {
namespace {

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) { return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos; }

}  // namespace

std::string_view TraceIdOf(std::string_view trace_parent) {
  // VERSION-TRACE-PARENT-FLAGS: 2, 32, 16 and 2 digits.
  constexpr std::size_t kTrace = 3, kParent = 36, kFlags = 53, kSize = 55;
  if (trace_parent.size() < kSize || trace_parent[kTrace - 1] != '-' || trace_parent[kParent - 1] != '-' ||
      trace_parent[kFlags - 1] != '-')
    return {};
  const std::string_view version = trace_parent.substr(0, 2), trace = trace_parent.substr(kTrace, 32);
  if (!IsHex(version) || version == "ff") return {};
  if (trace_parent.size() > kSize && (version == "00" || trace_parent[kSize] != '-')) return {};
  if (!IsId(trace) || !IsId(trace_parent.substr(kParent, 16)) || !IsHex(trace_parent.substr(kFlags, 2))) return {};
  return trace;
}

}  // namespace loyalty
