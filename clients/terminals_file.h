// A list of the terminals of many stores, as CSV: what a chain has in a table already.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "domain/result.h"
#include "loyalty/v1/admin_service.pb.h"

namespace loyalty::client {

struct ListedTerminal {
  std::int64_t line = 0;  // where it stands first
  std::string id;         // the last part of its name
  std::string display_name;
};
struct ListedStore {
  std::int64_t line = 0;
  v1::Store store;  // its name, and what the file says of it
  std::vector<ListedTerminal> terminals;
};

// Columns `store` and `terminal`, and as they are there `display_name` (of the terminal), `store_name`,
// `store_time_zone`, `store_region`, `store_language`; an empty field says nothing.
struct TerminalsFile {
  std::map<std::string, ListedStore> stores;  // by the last part of their names
  bool makes_stores = false;                  // there is a column store_name
  bool makes_terminals = false;               // there is a column display_name
  std::vector<std::string> problems;          // of all rows: "line 7: ..."
};

// Reads all of it, and goes on behind a row that cannot be used. Errors: kUnavailable (the file cannot be read),
// kInvalidArgument (its header).
Result<TerminalsFile> ReadTerminalsFile(const std::string& path);

}  // namespace loyalty::client
