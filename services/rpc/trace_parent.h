// The trace that a call belongs to, by W3C Trace Context.
#pragma once

#include <string_view>

namespace loyalty {

// The 32 hexadecimal digits of a `traceparent`; empty when it is none: another shape, digits in upper case, version ff,
// or an id of zeroes. What a later version adds behind is left alone, as the standard asks.
std::string_view TraceIdOf(std::string_view trace_parent);

}  // namespace loyalty
