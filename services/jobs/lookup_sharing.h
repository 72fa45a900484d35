// Servers tell each other, once a second, how many look-ups callers have made.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "domain/time.h"
#include "services/catalogue/periodic.h"
#include "services/queue/lookups.h"
#include "storage/session.h"

namespace loyalty {

class WriteQueue;

// What is new goes through the write path, all of it in one transaction; nothing is written while nobody looks anything
// up, and nothing is read when nobody has for ten minutes. A server that cannot reach the database counts on alone.
// What was asked within the last second of a server is lost with it. Outlived by what it is made of.
class LookupSharing {
 public:
  LookupSharing(const storage::DatabaseUrl& url, Lookups& lookups, WriteQueue& queue, std::function<Instant()> clock);

  // Shares once a second until destroyed.
  void Start();
  // Shares now. One thread at a time.
  void Share();

 private:
  void Tell(Instant now);
  void Listen(Instant now);

  const storage::DatabaseUrl url_;
  Lookups& lookups_;
  WriteQueue& queue_;
  const std::function<Instant()> clock_;
  const std::string server_;                 // drawn anew at each start
  std::optional<storage::Session> session_;  // for reads, from the first one on
  std::optional<Periodic> rounds_;           // the last member: it uses the others
};

}  // namespace loyalty
