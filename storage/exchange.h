// Statements that need nothing of each other's answers: on MariaDB they travel in one message, so that a batch waits
// for the network and the server's thread a few times, not once for each statement.
#pragma once

#include <utility>
#include <vector>

#include "storage/session.h"

namespace loyalty::storage {

// Collects statements; Run sends them in the order in which they were added. Statements without rows are left out. What
// a callback refers to must live until Run has returned.
class Exchange {
 public:
  explicit Exchange(Session& session) : session_(session) {}

  Session& session() { return session_; }
  bool empty() const { return steps_.empty(); }
  // The callback's parameters are the columns.
  template <typename Callback>
  void Read(const SetStatement& statement, Rows rows, Callback callback) {
    ReadRows(statement, std::move(rows), RowReader<Callback>::types(), RowReader<Callback>::Wrap(std::move(callback)));
  }
  void ReadRows(const SetStatement& statement, Rows rows, std::vector<Type> result, OnRow on_row);
  void Write(const SetStatement& statement, Rows rows);
  // As many rows must be found as are given: else Run throws kConflict with `otherwise`.
  void WriteEach(const SetStatement& statement, Rows rows, const char* otherwise);
  // Throws Failure; later statements may have run then too. Afterwards the exchange is empty. Without statements
  // nothing is sent.
  void Run();

 private:
  Session& session_;
  std::vector<Step> steps_;
};

}  // namespace loyalty::storage
