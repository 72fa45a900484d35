#include "services/queue/lookups.h"

#include <algorithm>

namespace loyalty {

std::optional<Instant> Lookups::Ask(std::int64_t principal, const std::string& identifier, std::int64_t limit,
                                    Instant now) {
  const std::lock_guard lock(mutex_);
  asked_time_ = std::max(asked_time_, now);
  Caller& caller = callers_[principal];
  Expire(caller, now);
  if (caller.asked.contains(identifier)) return std::nullopt;
  const auto at = elsewhere_.find(principal);
  const Elsewhere* elsewhere = at == elsewhere_.end() ? nullptr : &at->second;
  std::int64_t others = 0;
  if (elsewhere != nullptr)
    for (const auto& [slot, lookups] : elsewhere->counts)
      if (slot + kSlot + kWindow > now) others += lookups;
  const auto own = static_cast<std::int64_t>(caller.asked.size());
  const std::int64_t room = limit - own - others;
  if (room <= 0) return UntilRoom(caller, elsewhere, 1 - room, now);
  // Who asks at several servers has of each its part of what was left when they last told: else all would give the same
  // room away.
  const std::int64_t servers = others > 0 ? 1 + static_cast<std::int64_t>(elsewhere->servers.size()) : 1;
  if (caller.untold >= (room + caller.untold + servers - 1) / servers) return kSecond;
  const Order order{now, ++last_};
  caller.asked.emplace(identifier, Asked{order, ""});
  caller.by_time.emplace(order, identifier);
  ++caller.untold;
  changed_.insert(principal);
  idle_ = false;
  return std::nullopt;
}

Instant Lookups::UntilRoom(const Caller& caller, const Elsewhere* elsewhere, std::int64_t too_many, Instant now) const {
  static const std::map<Instant, std::int64_t> kNone;
  const auto& others = elsewhere == nullptr ? kNone : elsewhere->counts;
  auto own = caller.by_time.begin();
  auto other = others.begin();
  Instant until = now + kSecond;
  // What ends first makes room first.
  while (too_many > 0 && (own != caller.by_time.end() || other != others.end())) {
    const Instant own_end = own == caller.by_time.end() ? kNever : own->first.first + kWindow;
    const Instant other_end = other == others.end() ? kNever : other->first + kSlot + kWindow;
    if (own_end <= other_end) {
      --too_many;
      ++own;
      until = own_end;
    } else {
      if (other_end > now) too_many -= other->second;
      ++other;
      until = std::max(now, other_end);
    }
  }
  return std::clamp(until - now, kSecond, kWindow + kSlot);
}

void Lookups::Found(std::int64_t principal, const std::string& identifier, const std::string& member) {
  const std::lock_guard lock(mutex_);
  const auto caller = callers_.find(principal);
  if (caller == callers_.end()) return;
  const auto asked = caller->second.asked.find(identifier);
  if (asked == caller->second.asked.end() || !asked->second.member.empty()) return;
  asked->second.member = member;
  if (!member.empty()) caller->second.by_member.emplace(member, identifier);
}

void Lookups::GiveBack(std::int64_t principal, const std::string& identifier, const std::string& member) {
  if (idle_) return;
  const std::lock_guard lock(mutex_);
  const auto at = callers_.find(principal);
  if (at == callers_.end()) return;
  Caller& caller = at->second;
  std::vector<std::string> found{identifier};
  if (!member.empty())
    for (auto [next, end] = caller.by_member.equal_range(member); next != end; ++next) found.push_back(next->second);
  for (const std::string& each : found) {
    if (!caller.asked.contains(each)) continue;
    Remove(caller, each);
    changed_.insert(principal);
  }
}

void Lookups::Remove(Caller& caller, const std::string& identifier) {
  const auto asked = caller.asked.find(identifier);
  const auto [order, member] = asked->second;
  if (order.second > caller.told_last) --caller.untold;
  for (auto [next, end] = caller.by_member.equal_range(member); next != end; ++next)
    if (next->second == identifier) {
      caller.by_member.erase(next);
      break;
    }
  caller.by_time.erase(order);
  caller.asked.erase(asked);
}

void Lookups::Expire(Caller& caller, Instant now) {
  while (!caller.by_time.empty() && caller.by_time.begin()->first.first + kWindow <= now)
    Remove(caller, std::string(caller.by_time.begin()->second));
}

Lookups::News Lookups::TakeNews(Instant now) {
  const std::lock_guard lock(mutex_);
  News news;
  news.last = last_;
  for (const std::int64_t principal : changed_) {
    const auto at = callers_.find(principal);
    if (at == callers_.end()) continue;
    Expire(at->second, now);
    std::map<Instant, std::int64_t> counts;
    for (const auto& [order, identifier] : at->second.by_time) ++counts[SlotOf(order.first)];
    for (const auto& [slot, lookups] : at->second.told)
      if (slot + kSlot + kWindow > now) counts.try_emplace(slot, 0);  // given back
    for (const auto& [slot, lookups] : counts) {
      const auto told = at->second.told.find(slot);
      if (told == at->second.told.end() ? lookups > 0 : told->second != lookups)
        news.counts.push_back({slot, principal, lookups});
    }
  }
  changed_.clear();
  // Who has not asked for a while is forgotten.
  for (auto at = callers_.begin(); at != callers_.end();) {
    Expire(at->second, now);
    std::erase_if(at->second.told, [now](const auto& one) { return one.first + kSlot + kWindow <= now; });
    at = at->second.asked.empty() && at->second.told.empty() ? callers_.erase(at) : std::next(at);
  }
  idle_ = callers_.empty();
  return news;
}

void Lookups::Told(const News& news) {
  const std::lock_guard lock(mutex_);
  for (const Count& count : news.counts) {
    const auto at = callers_.find(count.principal);
    if (at == callers_.end()) continue;
    Caller& caller = at->second;
    caller.told[count.slot_time] = count.lookups;
    caller.told_last = news.last;
    caller.untold = 0;
    for (auto each = caller.by_time.rbegin(); each != caller.by_time.rend() && each->first.second > news.last; ++each)
      ++caller.untold;
  }
}

void Lookups::NotTold(const News& news) {
  const std::lock_guard lock(mutex_);
  for (const Count& count : news.counts) changed_.insert(count.principal);
}

void Lookups::Hear(const std::vector<Heard>& all) {
  std::unordered_map<std::int64_t, Elsewhere> heard;
  for (const auto& [server, count] : all) {
    if (count.lookups <= 0) continue;
    Elsewhere& elsewhere = heard[count.principal];
    elsewhere.counts[count.slot_time] += count.lookups;
    elsewhere.servers.insert(server);
  }
  const std::lock_guard lock(mutex_);
  elsewhere_ = std::move(heard);
}

bool Lookups::Listens(Instant now) const {
  const std::lock_guard lock(mutex_);
  return asked_time_ != 0 && now < asked_time_ + kRemembered;
}

}  // namespace loyalty
