#include "storage/failure.h"

#include <soci/mysql/soci-mysql.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace loyalty::storage {

FailureKind KindOfMysqlError(unsigned error) {
  switch (error) {
    case 1213:  // deadlock; on Galera: certification failed, also at COMMIT
    case 1205:  // lock wait timeout
    case 1020:  // record has changed since last read (innodb_snapshot_isolation)
    case 1317:  // interrupted: KILL QUERY, or on Galera another node's transaction
    case 1969:  // statement time exceeded
    case 3024:  // the same on MySQL
    case 8002:  // TiDB: write conflict of FOR UPDATE
    case 8005:  // TiDB: write conflict
    case 8022:  // TiDB: transaction must be run again
    case 8028:  // TiDB: schema changed
    case 9007:  // TiDB: write conflict
      return FailureKind::kConflict;
    case 1062: return FailureKind::kDuplicate;
    case 1040:  // too many connections: passes like a server that is away
    case 1203:
    case 1053:  // server shutdown in progress
    case 1047:  // Galera: the node has lost the others, or does not have their data yet; another one is the right one
    case 1024:  // Galera: it could not wait for what the others have committed
    case 1180:  // Galera: error during COMMIT, the node has just lost the others
    case 1158:  // network read and write errors of the server
    case 1159:
    case 1160:
    case 1161:
    case 1290:  // read only after a failover: another server is the right one
    case 1836:
    case 1927:  // connection was killed
    case 4031:  // closed by the server: idle too long
    case 2002:
    case 2003:
    case 2006:
    case 2013:
    case 2026:  // TLS
    case 2055: return FailureKind::kLost;
    case 1021:  // disk full
    case 1114:  // table is full
      return FailureKind::kFull;
    default: return FailureKind::kOther;
  }
}

FailureKind KindOfSqliteError(int extended_result) {
  switch (extended_result) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID: return FailureKind::kDuplicate;
    default: break;
  }
  switch (extended_result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return FailureKind::kConflict;
    case SQLITE_FULL: return FailureKind::kFull;
    // What is read from a disk that is failing looks like this too; it is nothing that a till's request could change.
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return FailureKind::kLost;
    default: return FailureKind::kOther;
  }
}

void RethrowAsFailure() {
  // what() of SOCI carries the bound values; get_error_message() does not.
  try {
    throw;
  } catch (const Failure&) {
    throw;
  } catch (const soci::mysql_soci_error& error) {
    throw Failure(KindOfMysqlError(error.err_num_), "MySQL error " + std::to_string(error.err_num_),
                  static_cast<int>(error.err_num_));
  } catch (const soci::sqlite3_soci_error& error) {
    throw Failure(KindOfSqliteError(error.result()),
                  "SQLite error " + std::to_string(error.result()) + ": " + sqlite_api::sqlite3_errstr(error.result()),
                  error.result());
  } catch (const soci::soci_error& error) {
    throw Failure(FailureKind::kOther, "database: " + error.get_error_message());
  } catch (const std::exception&) {
    throw Failure(FailureKind::kOther, "unexpected error in the database layer");
  }
}

}  // namespace loyalty::storage
