// The whole program in one command: a file of receipts becomes a running loyalty program.
#pragma once

#include <string>

#include "clients/demo/report.h"
#include "clients/failure.h"
#include "clients/session.h"

namespace loyalty::client {

struct DemoOptions {
  std::string receipts;  // a receipts CSV; empty: a year that is generated
  int members = 1'000;   // of that year
  int redemptions = 1'000;
  int streams = 4;
};

// Lays down a catalogue, makes stores, terminals and members, replays the receipts with their dates moved by whole
// weeks to just before today, and spends points. Meant for a fresh server and an admin key. Ids of all requests are
// derived from one that is on disk: a demo that was interrupted can be started again and goes on. Says on stderr what
// it is doing. Leaves two files in the state directory: demo.rejects.csv where receipts were rejected, and demo_example
// with a terminal and a card to go on with, a line each. Failures: those of its parts.
Outcome RunDemo(Session& session, const DemoOptions& options, DemoReport& report);

}  // namespace loyalty::client
