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
std::optional<PrincipalRow> FindTerminalPrincipal(Session& session, std::int64_t terminal_id);
std::vector<KeyRow> ReadKeysOf(Session& session, std::int64_t principal_id);

// The last version; nothing before the first.
std::optional<CatalogueRow> LastCatalogue(Session& session);
std::optional<CatalogueRow> FindCatalogue(Session& session, std::int64_t version);

}  // namespace loyalty::storage
