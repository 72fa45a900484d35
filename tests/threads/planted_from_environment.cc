// LOYALTY_PLANT names the place at which a counter without a lock is to be found (storage/planted.h).
#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "storage/planted.h"

namespace loyalty::storage {
namespace {

#ifdef LOYALTY_PLANTED

constexpr std::pair<std::string_view, Place> kPlaces[] = {
    {"answers", Place::kAnswers},      {"batch", Place::kBatch},
    {"inbox", Place::kInbox},          {"queue", Place::kQueue},
    {"read_ahead", Place::kReadAhead}, {"read_workers", Place::kReadWorkers},
    {"snapshot", Place::kSnapshot},    {"stream_window", Place::kStreamWindow},
};

class Plant final : public ::testing::Environment {
 public:
  void SetUp() override {
    const char* given = std::getenv("LOYALTY_PLANT");
    if (given == nullptr) return;
    for (const auto& [name, place] : kPlaces)
      if (name == given) planted_place = place;
    // A test that plants nothing would be content with anything.
    ASSERT_NE(planted_place, Place::kNone) << "LOYALTY_PLANT: there is no place " << given;
  }
};
[[maybe_unused]] const auto* const kPlant = ::testing::AddGlobalTestEnvironment(new Plant);

#endif

}  // namespace
}  // namespace loyalty::storage
