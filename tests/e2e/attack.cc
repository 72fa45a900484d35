#include "tests/e2e/attack.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// Attacker, tills and server share the processors of this machine. What is asked is what the attack costs the server,
// not who wins them: the attacker comes last.
void StepBack() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19); }

// What this thread has taken of a processor.
std::chrono::nanoseconds Taken() {
  timespec taken{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &taken);
  return std::chrono::seconds(taken.tv_sec) + std::chrono::nanoseconds(taken.tv_nsec);
}

}  // namespace

void Attacker::Wait(milliseconds time) const {
  constexpr milliseconds kStep{20};
  const auto paid = start_ + std::chrono::duration_cast<Clock::duration>(Taken() / (kProcessorsMax * share_));
  for (const auto until = std::max(Clock::now() + time, paid); !stopping_ && Clock::now() < until;)
    std::this_thread::sleep_for(std::min<Clock::duration>(kStep, until - Clock::now()));
}

std::unique_ptr<RawConnection> Attacker::Connect() {
  next_connect_ = std::max(next_connect_ + microseconds(1'000'000 / kConnectsPerSecond), Clock::now());
  Wait(std::chrono::ceil<milliseconds>(next_connect_ - Clock::now()));
  return ConnectNow();
}

std::unique_ptr<RawConnection> Attacker::ConnectNow(const std::string& from) {
  Dial dial = dial_;
  if (!from.empty()) dial.from = from;
  auto connection = std::make_unique<RawConnection>(dial);
  ++connects_;
  if (connection->open()) return connection;
  ++refused_;
  return nullptr;
}

bool Attacker::Say(RawConnection& connection, const std::string& bytes) {
  if (!connection.Send(bytes)) return false;
  bytes_ += static_cast<std::int64_t>(bytes.size());
  next_burst_ =
      std::max(next_burst_, Clock::now() - milliseconds(100)) +
      microseconds(static_cast<std::int64_t>(static_cast<double>(bytes.size()) * 1e6 / (kBytesPerSecond * share_)));
  Wait(std::chrono::floor<milliseconds>(next_burst_ - Clock::now()));
  return true;
}

void Attacker::Flood(RawConnection& connection, const std::function<std::string()>& burst) {
  while (!stopping_) {
    if (Say(connection, burst())) continue;
    ++sent_away_;
    break;
  }
}

Attack::Attack(const Pattern& pattern, Dial dial, int connections_max, double share)
    : attacker_(std::move(dial), connections_max, share, stopping_), thread_([this, &pattern] {
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
