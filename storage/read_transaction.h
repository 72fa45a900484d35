// Several reads that see one state of the database.
#pragma once

#include "storage/session.h"

namespace loyalty::storage {

// A read-only transaction on one snapshot; never waits for writers. Ends with the object. Throws Failure.
class ReadTransaction {
 public:
  explicit ReadTransaction(Session& session);
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Session& session_;
};

}  // namespace loyalty::storage
