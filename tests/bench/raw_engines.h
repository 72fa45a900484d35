// What RawDatabase::Open chooses from.
#pragma once

#include "tests/bench/raw_database.h"

namespace loyalty::test {

std::unique_ptr<RawDatabase> OpenRawSqlite(const storage::DatabaseUrl& url);
std::unique_ptr<RawDatabase> OpenRawMysql(const storage::DatabaseUrl& url);

}  // namespace loyalty::test
