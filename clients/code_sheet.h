// A sheet of paper for a store: which code makes which till a terminal.
#pragma once

#include <string>
#include <vector>

#include "domain/texts.h"

namespace loyalty::client {

struct SheetLine {
  std::string terminal;      // stores/S/terminals/T
  std::string display_name;  // may be empty
  std::string code;
  std::string until;  // as people read it
};

// One page of HTML, with all it needs in it, to be printed. `server`: where tills connect to.
std::string CodeSheet(Language language, const std::string& store, const std::string& store_name,
                      const std::string& server, const std::vector<SheetLine>& lines);

// Whether a sheet that was made before has this terminal.
bool SheetHas(const std::string& sheet, const std::string& terminal);

}  // namespace loyalty::client
