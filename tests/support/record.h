// The record of what was shown: a row of docs/RELIABILITY.md, written by the suite that showed it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace loyalty::test {

// Text in Markdown, without line breaks and "|".
struct Record {
  std::string id;       // names the row and orders the report: I3-power-cut-sqlite
  std::string promise;  // in the words of a user: "An acknowledged point survives a power cut"
  std::string test;     // how it was shown, in one sentence
  std::string figure;   // what was counted and what came of it
  std::string command;  // reruns it: ./dev test --label chaos -R chaos_power_cut
  std::optional<std::uint64_t> seed = {};
};

// Writes the row to the file ID.row of the folder LOYALTY_RECORD_DIR, with date, commit (LOYALTY_RECORD_COMMIT) and
// seed, over what an earlier run wrote there; does nothing without that variable (./dev record sets both). Call it only
// when all has been shown. Throws std::runtime_error when the file cannot be written.
void Write(const Record& record);

}  // namespace loyalty::test
