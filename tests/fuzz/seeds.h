// Good requests: what a fuzzer starts from, and what fills a world before it starts.
#pragma once

#include "tests/fuzz/input.h"
#include "tests/fuzz/vocabulary.h"

namespace loyalty::fuzz {

// A request of the method that has a good chance to be accepted, under an id of its own.
Input Seed(std::uint8_t method, const Vocabulary& vocabulary, Instant now, Chance& chance);

}  // namespace loyalty::fuzz
