// Reads inside the transaction of an admin command, which holds the program's row. They throw Failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/program.h"

namespace loyalty::storage {

std::optional<StoreRow> FindStore(Session& session, const std::string& name);
std::optional<TerminalRow> FindTerminal(Session& session, std::int64_t store_id, const std::string& name);
std::vector<TerminalEpochRow> ReadEpochsOf(Session& session, std::int64_t terminal_id);  // the newest last
std::optional<PrincipalRow> FindTerminalPrincipal(Session& session, std::int64_t terminal_id);

// The last version; nothing before the first.
std::optional<CatalogueRow> LastCatalogue(Session& session);
std::optional<CatalogueRow> FindCatalogue(Session& session, std::int64_t version);
// The newest of those in force by then.
std::optional<CatalogueRow> CatalogueAt(Session& session, Instant time);

// When a version comes into force.
struct CatalogueTime {
  std::int64_t version = 0;
  Instant effective_time = 0;
};
// Versions that will come into force at `from` or later, by version: no newer one is in force by then.
std::vector<CatalogueTime> CataloguesFrom(Session& session, Instant from);

}  // namespace loyalty::storage
