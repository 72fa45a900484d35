// What a list of terminals meets: the stores and terminals that are there, and all that stands in its way.
#pragma once

#include <map>
#include <set>
#include <string>

#include "clients/session.h"
#include "clients/terminals_file.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {

// What the program has already.
struct Known {
  std::set<std::string> stores, terminals;
  std::map<std::string, std::string> store_names;  // for people
  std::set<std::string> with_key;                  // terminals that have one that is good
};

// Of the stores of a list. Failures: those of the reads.
Outcome ReadKnown(const Session& session, v1::AdminService::Stub& stub, const TerminalsFile& file, Known& known);

// Says on stderr, of all rows at once, what is wrong with them or missing and cannot be made of the list's columns.
// Failures: kUsage, where there is anything.
Outcome CheckImport(const std::string& path, TerminalsFile& file, const Known& known);

}  // namespace loyalty::client
