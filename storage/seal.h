// The SEAL of a program: a short text that leaves the machine, and against which a later state can be checked. A
// database that was set back as a whole, with its own seals, is seen by it only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "storage/session.h"
#include "storage/tables/seals.h"

namespace loyalty::storage {

struct ProgramSeal {
  struct Open {
    std::int64_t rows = 0;
    Bytes head;

    friend bool operator==(const Open&, const Open&) = default;
  };
  std::int64_t next_id = 0;           // behind the last block
  Bytes closed;                       // stamped hash over the closed blocks, in order: first id, rows, head
  std::map<std::int64_t, Open> open;  // the others, by first id: they may grow

  friend bool operator==(const ProgramSeal&, const ProgramSeal&) = default;
};

// Adds blocks to a seal, in the order of their ids.
class SealBuilder {
 public:
  explicit SealBuilder(const KeySet& keys) : key_id_(keys.id), closed_(keys.seal) {}
  void Add(const SealRow& block);
  // As a block that was open when `since` was made, and has been closed since, was then.
  void AddAsOpen(std::int64_t first_id, std::int64_t rows, const Bytes& head) { seal_.open[first_id] = {rows, head}; }
  ProgramSeal Finish(std::int64_t next_id);

 private:
  KeyId key_id_;
  Digest closed_;
  ProgramSeal seal_;
};

// The seal of what is committed now. Reads a row for each 65,536 ids. Throws Failure.
ProgramSeal ReadSeal(Session& session, const ProgramKeys& keys);

// One line: "1.{next id}.{closed}.{first id}-{rows}-{head}...".
std::string SealText(const ProgramSeal& seal);
// Nothing when it is none.
std::optional<ProgramSeal> ParseSeal(std::string_view text);

}  // namespace loyalty::storage
