// loyalty-admin retention report: everything about the members as one page.
#pragma once

#include <string>

#include "clients/session.h"

namespace loyalty::client {

struct PageOptions {
  std::string file;
  std::string language = "en";  // or "de"
  std::string as_of;            // empty: yesterday
  std::string title = "Customer lifecycle";
};

// Reads stages, flows, RFM, cohorts, the last backtest and candidates from the server and writes the page. Failures:
// those of the reads, kLocalIo.
Outcome WritePage(Session& session, const PageOptions& options);

}  // namespace loyalty::client
