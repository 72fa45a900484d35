// The program of tests: in EUR and Berlin time, with two stores.
#pragma once

#include <cstdint>
#include <string>

#include "domain/keys.h"
#include "domain/time.h"
#include "storage/session.h"

namespace loyalty::test {

// Store "north" has the terminals 1 ("t1") and 2, "south" has 3.
inline constexpr std::int64_t kNorth = 11, kSouth = 12;

// A database in memory that others of this process can open too; gone with its last connection.
storage::DatabaseUrl NewMemoryDatabase();

// The keys of all tests.
Secrets TestSecrets();
const ProgramKeys& TestKeys();

// The schema and the program's row, with the hash of the first admin key. Throws std::runtime_error when the schema
// cannot be made.
void LayDownProgram(storage::Session& session, Instant now, const std::string& admin_key_hash = std::string(64, '0'),
                    const ProgramKeys& keys = TestKeys());

// In the caller's transaction, like all below.
void InsertStoresAndTerminals(storage::Session& session, Instant now, const ProgramKeys& keys = TestKeys());
// The first version of the catalogue, in force from now on.
void InsertCatalogue(storage::Session& session, Instant now, const std::string& content,
                     const ProgramKeys& keys = TestKeys());
// A measure of the lifecycle under which members move often.
void InsertMeasure(storage::Session& session, Instant now);

}  // namespace loyalty::test
