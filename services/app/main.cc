// loyaltyd: the server, and what prepares and checks its database.
#include <chrono>

#include "services/app/loyaltyd.h"

namespace {

loyalty::Instant SystemNow() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

int main(int argc, char** argv) { return loyalty::RunLoyaltyd(argc, argv, SystemNow); }
