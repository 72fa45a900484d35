#include "tests/support/record.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace loyalty::test {

void Write(const Record& record) {
  const char* directory = std::getenv("LOYALTY_RECORD_DIR");
  if (directory == nullptr) return;
  const char* commit = std::getenv("LOYALTY_RECORD_COMMIT");
  const auto path = std::filesystem::path(directory) / (record.id + ".row");
  std::ofstream file(path);
  file << fmt::format("| {} | {} | {} | {} | {} | {} | {:%Y-%m-%d} | `{}` |\n", record.id, record.promise, record.test,
                      record.figure, record.seed ? fmt::to_string(*record.seed) : "", commit == nullptr ? "" : commit,
                      fmt::gmtime(std::time(nullptr)), record.command);
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace loyalty::test
