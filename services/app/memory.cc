#include "services/app/memory.h"

#ifdef LOYALTY_TCMALLOC
#include <gperftools/malloc_extension.h>
#endif

#include "absl/synchronization/mutex.h"

namespace loyalty {

void SetUpMemory() {
  // Debian builds absl without NDEBUG: each of gRPC's locks would be looked up for cycles.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#ifdef LOYALTY_TCMALLOC
  // What an attack has taken is given back soon.
  MallocExtension::instance()->SetMemoryReleaseRate(10);
#endif
}

}  // namespace loyalty
