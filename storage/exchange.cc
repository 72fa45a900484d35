#include "storage/exchange.h"

#include <utility>

namespace loyalty::storage {

void Exchange::ReadRows(const SetStatement& statement, Rows rows, std::vector<Type> result, OnRow on_row) {
  if (!rows.empty()) steps_.push_back({&statement, std::move(rows), std::move(result), std::move(on_row)});
}

void Exchange::Write(const SetStatement& statement, Rows rows) {
  if (!rows.empty()) steps_.push_back({&statement, std::move(rows)});
}

void Exchange::WriteEach(const SetStatement& statement, Rows rows, const char* otherwise) {
  if (!rows.empty()) steps_.push_back({&statement, std::move(rows), {}, {}, otherwise});
}

void Exchange::Run() {
  if (!steps_.empty()) session_.Send(std::exchange(steps_, {}));
}

}  // namespace loyalty::storage
