// Sessions for reads, shared by a few threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "storage/session.h"

namespace loyalty::storage {

// A session is opened anew after this, idle or not (kRenewAfter), so that a failover or a new password reaches every
// session.
inline constexpr std::chrono::minutes kSessionAgeMax{30};

// Thread safe. Sessions are opened when they are needed; leases must end before the pool does.
class ReadPool {
  struct Slot {
    std::unique_ptr<Session> session;
    std::chrono::steady_clock::time_point opened, used;
  };

 public:
  // A session of the pool, until the object ends.
  class Lease {
   public:
    Lease(ReadPool& pool, Slot* slot) : pool_(&pool), slot_(slot) {}
    ~Lease() {
      if (slot_ != nullptr) pool_->Return(slot_);
    }
    Lease(Lease&& other) noexcept : pool_(other.pool_), slot_(std::exchange(other.slot_, nullptr)) {}
    Lease& operator=(Lease&&) = delete;
    Session& session() const { return *slot_->session; }

   private:
    ReadPool* pool_;
    Slot* slot_;
  };

  ReadPool(DatabaseUrl url, std::size_t size);

  // A usable session; nothing when all are taken for longer than `timeout`. Throws Failure when none can be opened.
  std::optional<Lease> TryLease(std::chrono::milliseconds timeout);

 private:
  void Return(Slot* slot);
  void MakeUsable(Slot& slot) const;

  DatabaseUrl url_;
  std::mutex mutex_;  // guards free_
  std::condition_variable returned_;
  std::vector<Slot> slots_;
  std::vector<Slot*> free_;  // the one used last stands at the end and goes first: the rest may rest
};

}  // namespace loyalty::storage
