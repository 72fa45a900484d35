// Changes to what no member owns. Each runs inside the transaction of an admin command, under the lock that all
// admin commands share; it throws Failure. Who calls has checked what it writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/program.h"

namespace loyalty::storage {

std::optional<StoreRow> FindStore(Session& session, const std::string& name);
void InsertStore(Session& session, const StoreRow& store, Instant now);

std::optional<TerminalRow> FindTerminal(Session& session, std::int64_t store_id, const std::string& name);
void InsertTerminal(Session& session, const TerminalRow& terminal, Instant now);
void SetTerminalEpoch(Session& session, std::int64_t terminal_id, int epoch);

void InsertToken(Session& session, const TokenRow& token, Instant now);
// Revokes the terminal's keys that are still valid; returns how many those were.
int RevokeTerminalTokens(Session& session, std::int64_t terminal_id, Instant now);

void InsertCardRange(Session& session, std::int64_t id, const CardRange& range, Instant now);

// The last version; nothing before the first.
std::optional<CatalogueRow> LastCatalogue(Session& session);
std::optional<CatalogueRow> FindCatalogue(Session& session, std::int64_t version);
void InsertCatalogue(Session& session, const CatalogueRow& catalogue, std::int64_t token_id, Instant now);

// What was done by whom. `detail` names fields, never values of people.
struct AuditRow {
  std::int64_t id = 0;
  std::int64_t token_id = 0;
  std::string action, resource, request_id, detail;
};
void InsertAudit(Session& session, const AuditRow& audit, Instant now);

}  // namespace loyalty::storage
