// The databases by their own C interfaces, without a layer of ours: what the reference programs use.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/rows.h"
#include "storage/url.h"

namespace loyalty::test {

// One statement that writes `rows` rows at once, filled cell by cell. Prepared once where the engine can.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  virtual void Add(const storage::Cell& cell) = 0;
  virtual void EndRow() = 0;
  virtual void Send() = 0;
};

// A durable connection. Everything throws std::runtime_error with the engine's words.
class RawDatabase {
 public:
  static std::unique_ptr<RawDatabase> Open(const storage::DatabaseUrl& url);
  virtual ~RawDatabase() = default;

  virtual void Execute(const std::string& sql) = 0;
  virtual std::vector<std::vector<storage::Cell>> Read(const std::string& sql) = 0;
  virtual std::vector<std::string> ColumnsOf(const std::string& table) = 0;
  // INSERT; with `keys` a row that exists is overwritten.
  virtual std::unique_ptr<RowWriter> Writer(const std::string& table, const std::vector<std::string>& columns,
                                            const std::vector<std::string>& keys, std::size_t rows) = 0;
  virtual const char* begin() const = 0;       // of a transaction that will write
  virtual const char* for_update() const = 0;  // after a SELECT of what will be written
};

}  // namespace loyalty::test
