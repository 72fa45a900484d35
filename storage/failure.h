// What can go wrong between us and the database, in the few kinds that the write path treats differently.
#pragma once

#include <exception>
#include <string>

namespace loyalty::storage {

enum class FailureKind {
  kConflict,   // somebody else was there: deadlock, lock wait, snapshot, certification, version guard. Run again.
  kDuplicate,  // a unique key is taken: another server was first. Run again, the look-up will find its row.
  kLost,       // the connection or the server is gone; at COMMIT the outcome is unknown. Reconnect and run again.
  kFull,       // no space left: nothing was written
  kOther,      // a bug or bad data: finds its culprit one by one
};

// Thrown by storage, never past Store or the write queue. The message names the error, never SQL values.
class Failure : public std::exception {
 public:
  Failure(FailureKind kind, std::string message, int code = 0)
      : kind_(kind), code_(code), message_(std::move(message)) {}
  FailureKind kind() const { return kind_; }
  // The database's own number of the error; 0 when there is none.
  int code() const { return code_; }
  // kConflict after kLockWaitSeconds (MariaDB): somebody holds a row, and trying again at once takes as long again.
  bool is_lock_wait() const { return code_ == 1205; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  FailureKind kind_;
  int code_;
  std::string message_;
};

// The kind of a MySQL-protocol error number (server or client) and of an extended SQLite result code.
FailureKind KindOfMysqlError(unsigned error);
FailureKind KindOfSqliteError(int extended_result);

// Turns the exception in flight, which came out of SOCI, into a Failure and throws it. Call inside a catch block.
[[noreturn]] void RethrowAsFailure();

}  // namespace loyalty::storage
