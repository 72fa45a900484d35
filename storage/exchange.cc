#include "storage/exchange.h"

#include <utility>

namespace loyalty::storage {

void Exchange::Read(const SetStatement& statement, Rows rows, OnRow on_row) {
  steps_.push_back({&statement, std::move(rows), std::move(on_row), nullptr});
}

void Exchange::Write(const SetStatement& statement, Rows rows) {
  steps_.push_back({&statement, std::move(rows), {}, nullptr});
}

void Exchange::WriteEach(const SetStatement& statement, Rows rows, const char* otherwise) {
  steps_.push_back({&statement, std::move(rows), {}, otherwise});
}

void Exchange::Run() { session_.Send(std::exchange(steps_, {})); }

}  // namespace loyalty::storage
