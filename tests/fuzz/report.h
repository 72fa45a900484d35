// What a fuzzer did, for people and for the script that adds up several of them.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "tests/fuzz/harness.h"

namespace loyalty::fuzz {

// A line for each method and one for all: executions, accepted, unparsed; then the rate.
std::string ReportText(const std::map<std::string, Tally>& tallies, std::chrono::duration<double> time);

}  // namespace loyalty::fuzz
