#include "tests/e2e/attack.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// Attacker, tills and server share the processors of this machine. What is asked is what the attack costs the server,
// not who wins them: the attacker comes last.
void StepBack() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19); }

}  // namespace

void Attacker::Wait(milliseconds time) const {
  constexpr milliseconds kStep{20};
  for (const auto until = Clock::now() + time; !stopping_ && Clock::now() < until;)
    std::this_thread::sleep_for(std::min<Clock::duration>(kStep, until - Clock::now()));
}

std::unique_ptr<RawConnection> Attacker::Connect() {
  next_connect_ = std::max(next_connect_ + microseconds(1'000'000 / kConnectsPerSecond), Clock::now());
  Wait(std::chrono::ceil<milliseconds>(next_connect_ - Clock::now()));
  return ConnectNow();
}

std::unique_ptr<RawConnection> Attacker::ConnectNow() {
  auto connection = std::make_unique<RawConnection>(dial_);
  ++connects_;
  if (connection->open()) return connection;
  ++refused_;
  return nullptr;
}

void Attacker::Flood(RawConnection& connection, const std::function<std::string()>& burst) {
  while (!stopping_) {
    const std::string bytes = burst();
    if (!connection.Send(bytes)) {
      ++sent_away_;
      break;
    }
    bytes_ += static_cast<std::int64_t>(bytes.size());
    next_burst_ = std::max(next_burst_, Clock::now() - milliseconds(100)) +
                  microseconds(static_cast<std::int64_t>(bytes.size()) * 1'000'000 / kBytesPerSecond);
    Wait(std::chrono::floor<milliseconds>(next_burst_ - Clock::now()));
  }
}

Attack::Attack(const Pattern& pattern, Dial dial, int connections_max)
    : attacker_(std::move(dial), connections_max, stopping_), thread_([this, &pattern] {
        StepBack();
        pattern.run(attacker_);
      }) {}

Attack::~Attack() {
  stopping_ = true;
  thread_.join();
}

bool Attack::WaitUntil(const std::function<bool()>& come, milliseconds most) const {
  for (const auto until = Clock::now() + most; !come();) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

bool Attack::WaitUntilReady(milliseconds most) const {
  return WaitUntil([this] { return attacker_.ready(); }, most);
}

bool Attack::WaitUntilSentAway(milliseconds most) const {
  return WaitUntil([this] { return attacker_.sent_away() > 0; }, most);
}

}  // namespace loyalty::test
