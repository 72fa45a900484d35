// A fault that tests/threads asks for, to prove that ThreadSanitizer would report one like it: a counter without a lock
// where the threads of a component meet. Only build/tsan has it (LOYALTY_PLANTED); nothing of it is in what is shipped.
#pragma once

#include <cstdint>

namespace loyalty::storage {

enum class Place : std::uint8_t {
  kNone,
  kAnswers,
  kBatch,
  kInbox,
  kQueue,
  kReadAhead,
  kReadWorkers,
  kSnapshot,
  kStreamWindow,
};

#ifdef LOYALTY_PLANTED

// Where it counts. Set before there are threads.
inline Place planted_place = Place::kNone;
inline volatile int planted_counter = 0;

// Stands where the component holds no lock of its own. Counts for so long that whoever comes at the same time meets it.
inline void CountUnlocked(Place place) {
  if (place != planted_place) return;
  for (int i = 0; i < 100; ++i) planted_counter = planted_counter + 1;
}

#else

inline void CountUnlocked(Place) {}

#endif

}  // namespace loyalty::storage
