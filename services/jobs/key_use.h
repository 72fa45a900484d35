// When keys were last used, and which of them end soon.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>

#include "domain/time.h"
#include "services/catalogue/periodic.h"

namespace loyalty {

class SnapshotHolder;
class WriteQueue;

// Calls note in memory on which day a key was used (KeyInfo::seen_day); this writes it down once a minute: one row a
// day for each key that is used at this server. What was noted in the last minute of a server is lost with it, and
// noted again by the next call. Outlived by what it is made of.
class KeyUse {
 public:
  KeyUse(SnapshotHolder& snapshots, WriteQueue& queue, std::function<Instant()> clock)
      : snapshots_(snapshots), queue_(queue), clock_(std::move(clock)) {}

  // Writes, and tells the log once a day of keys that end soon, until destroyed.
  void Start();
  // Writes what is new now. When the database does not take it, the next round does. One thread at a time.
  void Write();
  // Those that end within 30 days, and that nothing has replaced.
  int CountEnding() const;

 private:
  void Look();

  SnapshotHolder& snapshots_;
  WriteQueue& queue_;
  const std::function<Instant()> clock_;
  std::unordered_map<std::int64_t, Day> written_;  // by key: what the snapshot may not know of yet
  Instant told_ = 0;
  std::optional<Periodic> rounds_;  // the last member: it uses the others
};

}  // namespace loyalty
