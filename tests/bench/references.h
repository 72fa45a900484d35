// naive and bulk: the same rows as the server writes, without its rules and without gRPC.
#pragma once

#include <string>

#include "storage/url.h"
#include "tests/bench/side.h"

namespace loyalty::test {

// Both go on from a database in which a server has scanned every member once, and stop writing when the turn ends.

// One transaction for each scan with the obvious statements, on 32 threads: what is written in an afternoon.
Side NaiveSide(const storage::DatabaseUrl& url);

// Batches of 256 scans by statements of many rows on one thread. The limit of the database layer.
Side BulkSide(const storage::DatabaseUrl& url);

}  // namespace loyalty::test
