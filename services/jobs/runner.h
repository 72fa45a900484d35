// The thread that works on jobs, starts those that are due, and numbers moves for those who watch them.
#pragma once

#include <memory>

#include "services/queue/deps.h"
#include "storage/url.h"

namespace loyalty {

// Several servers share one database: the one that holds the lease works, the others look ten times a second whether it
// still does. A server that dies holds it for kLeaseTime at most; one that stops hands it over at once.
// Whoever has asked this server for a job rings (JobBell), and is not left waiting for a look.
class JobRunner {
 public:
  // `deps` outlives it.
  JobRunner(storage::DatabaseUrl url, const Deps& deps);
  // Stops what runs at the next step.
  ~JobRunner();

  void Start();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace loyalty
