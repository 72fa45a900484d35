// How many phone numbers and e-mail addresses each caller has asked for, so that nobody counts through them.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/time.h"

namespace loyalty {

// Look-ups within the last minute, in this server's memory; servers tell each other once a second
// (services/jobs/lookup_sharing.h). A caller asks for no more than its limit here, and for its part of what is left
// where it asks at several servers: so it may be over by what it asked for elsewhere since they have last told. Thread
// safe; knows no database. It holds at most `limit` identifiers of a caller, and of nobody who has not asked within a
// minute.
class Lookups {
 public:
  static constexpr Instant kWindow = kMinute;
  static constexpr Instant kSlot = 5 * kSecond;         // others are told how many in each: they count so much longer
  static constexpr Instant kRemembered = 10 * kMinute;  // it listens to others so long after somebody has asked

  // Counts a look-up of `identifier` (as it is stored: its key) by a principal who may ask for `limit` of them, 1 or
  // more. The same one again within the minute tells nothing new and is not counted. Nothing: it may be answered. Else
  // it is not counted, and there is room in so long, at most kWindow + kSlot.
  std::optional<Instant> Ask(std::int64_t principal, const std::string& identifier, std::int64_t limit, Instant now);
  // It belongs to `member` (a public name).
  void Found(std::int64_t principal, const std::string& identifier, const std::string& member);
  // The principal has sold to whoever has this identifier, and to this member: those look-ups do not count. Each may be
  // empty.
  void GiveBack(std::int64_t principal, const std::string& identifier, const std::string& member);

  // --- what servers tell each other ---

  struct Count {
    Instant slot_time = 0;  // a multiple of kSlot
    std::int64_t principal = 0;
    std::int64_t lookups = 0;
  };
  // Slots of the last minute in which another number is right than was told; 0 among them.
  struct News {
    std::vector<Count> counts;
    std::uint64_t last = 0;
  };
  News TakeNews(Instant now);
  // That they have been told, or have not. By one thread, before it takes others.
  void Told(const News& news);
  void NotTold(const News& news);
  // All that the others have told, in the place of what was heard before.
  struct Heard {
    std::string server;
    Count count;
  };
  void Hear(const std::vector<Heard>& all);
  // Whether anybody has asked lately, so that it matters what others tell.
  bool Listens(Instant now) const;

 private:
  using Order = std::pair<Instant, std::uint64_t>;  // when it was asked for, and a number of its own
  struct Asked {
    Order order;
    std::string member;  // empty: not known
  };
  struct Caller {
    std::unordered_map<std::string, Asked> asked;  // by identifier
    std::map<Order, std::string> by_time;
    std::unordered_multimap<std::string, std::string> by_member;
    std::uint64_t told_last = 0;           // others know of the look-ups up to this number
    std::int64_t untold = 0;               // those behind it
    std::map<Instant, std::int64_t> told;  // by slot: what the others know
  };
  struct Elsewhere {
    std::map<Instant, std::int64_t> counts;  // by slot
    std::set<std::string> servers;
  };

  static Instant SlotOf(Instant time) { return time - time % kSlot; }
  void Remove(Caller& caller, const std::string& identifier);
  void Expire(Caller& caller, Instant now);
  Instant UntilRoom(const Caller& caller, const Elsewhere* elsewhere, std::int64_t too_many, Instant now) const;

  mutable std::mutex mutex_;  // guards what follows
  std::unordered_map<std::int64_t, Caller> callers_;
  std::unordered_map<std::int64_t, Elsewhere> elsewhere_;
  std::set<std::int64_t> changed_;  // principals
  std::uint64_t last_ = 0;
  Instant asked_time_ = 0;
  std::atomic<bool> idle_{true};  // nothing is counted: a sale need not look
};

}  // namespace loyalty
