// What a backup needs of a database. Keys of members are no part of the copy: they lie in a file of their own, of which
// only the newest is kept, so that whoever was erased stays so in every backup.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/people.h"
#include "storage/tables/receipts.h"

namespace loyalty::storage {

// Copies a SQLite database, as it is at one moment, into a new file, while others go on writing; member_keys stays
// empty in it. Not yet on disk (fsync). Meanwhile the log (WAL) of the original cannot be begun anew. Throws Failure.
void CopySqlite(Session& session, const std::string& file);

// All of these throw Failure.

// Rows of a database, by table: of those that say how much there is.
struct BackupCounts {
  std::int64_t members = 0;
  std::int64_t entries = 0;
  std::int64_t receipts = 0;
  std::int64_t commands = 0;
};
BackupCounts CountForBackup(Session& session);

// Keys of the members after this id, at most `limit`, by id.
std::vector<MemberKeyRow> MemberKeysAfter(Session& session, std::int64_t id, int limit);
// How MariaDB would make member_keys; empty on SQLite.
std::string MakeMemberKeysSql(Session& session);
// Makes an empty one in place of one whose file is not there; the text is that of MakeMemberKeysSql.
void RemakeMemberKeys(Session& session, const std::string& sql);
// Puts keys into a restored database, then drops those of members that it does not have.
void InsertMemberKeys(Session& session, const std::vector<MemberKeyRow>& keys);
void DropForeignMemberKeys(Session& session);

// The receipt that was recorded last. Reads all of them.
std::optional<ReceiptRow> LastReceipt(Session& session);

// Where MariaDB keeps its files.
struct ServerPlace {
  std::string host;            // the name of its machine
  std::string data_directory;  // there
};
ServerPlace PlaceOfServer(Session& session);

}  // namespace loyalty::storage
