// Rows that every server keeps in memory: the program, its catalogue, stores, terminals, keys and card ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/identifier.h"
#include "domain/time.h"
#include "storage/session.h"

namespace loyalty::storage {

// What never changes after `init`, and the generation that is raised by every change to the rows below.
struct ProgramRow {
  std::string currency, time_zone, language;
  std::int64_t chain_key_id = 1;
  std::string chain_key_check;
  std::int64_t chain_encoding = 1;
  std::int64_t generation = 1;
  Instant create_time = 0;
};

struct CatalogueRow {
  std::int64_t version = 0;
  Instant effective_time = 0;
  std::string content;  // canonical proto JSON
};

struct StoreRow {
  std::int64_t id = 0;
  std::string name, display_name, time_zone;
  int day_cut_minutes = 0;
  std::string language;
};

struct TerminalRow {
  std::int64_t id = 0;
  std::int64_t store_id = 0;
  std::string name, display_name;
  int epoch = 0;
};

struct TokenRow {
  std::int64_t id = 0;
  std::string hash;
  int role = 0;                  // 1 admin, 2 terminal
  std::int64_t store_id = 0;     // 0: none
  std::int64_t terminal_id = 0;  // 0: none
  Instant expire_time = kNever;
  Instant revoked_time = 0;  // 0: not revoked
};

// All of these throw Failure. Lists come in order of version, id or first number.
std::optional<ProgramRow> ReadProgram(Session& session);  // nothing before `init`
std::vector<CatalogueRow> ReadCatalogue(Session& session);
std::vector<StoreRow> ReadStores(Session& session);
std::vector<TerminalRow> ReadTerminals(Session& session);
std::vector<TokenRow> ReadTokens(Session& session);
std::vector<CardRange> ReadCardRanges(Session& session);

// What `init` writes: the program, its id block and the first admin key. Inside a transaction.
void InsertProgram(Session& session, const ProgramRow& program, const std::string& admin_token_hash);

}  // namespace loyalty::storage
