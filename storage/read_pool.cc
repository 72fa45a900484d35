#include "storage/read_pool.h"

namespace loyalty::storage {

ReadPool::ReadPool(DatabaseUrl url, std::size_t size) : url_(std::move(url)), slots_(size) {
  for (Slot& slot : slots_) free_.push_back(&slot);
}

std::optional<ReadPool::Lease> ReadPool::TryLease(std::chrono::milliseconds timeout) {
  Slot* slot = nullptr;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!returned_.wait_for(lock, timeout, [this] { return !free_.empty(); })) return std::nullopt;
    slot = free_.back();
    free_.pop_back();
  }
  Lease lease(*this, slot);
  MakeUsable(*slot);
  return lease;
}

void ReadPool::Return(Slot* slot) {
  slot->used = std::chrono::steady_clock::now();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(slot);
  }
  returned_.notify_one();
}

void ReadPool::MakeUsable(Slot& slot) const {
  const auto now = std::chrono::steady_clock::now();
  if (!slot.session) {
    slot.session = std::make_unique<Session>(url_);
    slot.opened = now;
    return;
  }
  if (slot.session->suspect() || now - slot.opened > kSessionAgeMax) {
    slot.session->Reconnect();
    slot.opened = now;
    return;
  }
  slot.session->RenewIfIdle(kRenewAfter);
}

}  // namespace loyalty::storage
