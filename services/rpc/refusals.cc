#include "services/rpc/refusals.h"

namespace loyalty {

template <typename Who>
bool Refusals::CountOf(std::unordered_map<Who, Refused>& all, const Who& who, Clock::time_point now) {
  Refused& refused = all[who];
  if (++refused.calls <= kPerSecond && refused.until <= now) return false;
  refused.until = now + kShutOut;
  return true;
}

template <typename Who>
void Refusals::ForgetIn(std::unordered_map<Who, Refused>& all, Clock::time_point now) {
  for (auto refused = all.begin(); refused != all.end();) {
    refused->second.calls = 0;
    refused = refused->second.until > now ? std::next(refused) : all.erase(refused);
  }
}

bool Refusals::Count(const CallSource& source, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  Turn(now);
  const bool of_network = CountOf(networks_, source.network, now);
  const bool of_principal = source.principal != 0 && CountOf(principals_, source.principal, now);
  return of_network || of_principal;
}

bool Refusals::ShutsOut(const std::string& network, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto refused = networks_.find(network);
  return refused != networks_.end() && refused->second.until > now;
}

void Refusals::Turn(Clock::time_point now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second == second_) return;
  second_ = second;
  ForgetIn(networks_, now);
  ForgetIn(principals_, now);
}

}  // namespace loyalty
