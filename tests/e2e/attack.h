// Somebody who wants to stop a store, in a thread that takes what processor time the others leave.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/raw_connection.h"

namespace loyalty::test {

// What an attacker has and does. One thread.
class Attacker {
 public:
  Attacker(Dial dial, int connections_max, double share, const std::atomic<bool>& stopping)
      : dial_(std::move(dial)), connections_max_(connections_max), share_(share), stopping_(stopping) {}

  const Dial& dial() const { return dial_; }
  // For patterns that want as many as they can get.
  int connections_max() const { return connections_max_; }
  bool stopping() const { return stopping_; }

  // From now on its connections have the smallest buffer there is for what the server says.
  void TakeLittle() { dial_.receive_buffer = 1; }
  // A connection, or nothing when the server would not have it. Waits so that kConnectsPerSecond come of it: whoever
  // connects more often is stopped by the network (deploy/nginx.conf says how), not by a program.
  std::unique_ptr<RawConnection> Connect();
  // The same at once: to build up what is measured later. `from`: an address of its own; empty: that of all others.
  std::unique_ptr<RawConnection> ConnectNow(const std::string& from = {});
  // Sends once, at no more than kBytesPerSecond, and forgets what comes; false when the server has ended it.
  bool Say(RawConnection& connection, const std::string& bytes);
  // Sends `burst` again and again over the connection until the server or the test ends it. At most kBytesPerSecond.
  void Flood(RawConnection& connection, const std::function<std::string()>& burst);
  // Waits, less when the test ends; and as long as this has had more than its share of the processors.
  void Wait(std::chrono::milliseconds time) const;

  // What was done is in place, and from now on only kept up.
  void Ready() { ready_ = true; }
  bool ready() const { return ready_; }
  std::int64_t connects() const { return connects_; }
  std::int64_t refused() const { return refused_; }
  // Connections over which it was flooding when the server ended them.
  std::int64_t sent_away() const { return sent_away_; }
  std::int64_t bytes() const { return bytes_; }

  // Of one, when figures are wanted: an attacker is another machine, and shall not win against us by taking ours.
  static constexpr double kProcessorsMax = 0.5;
  static constexpr int kConnectsPerSecond = 50;
  static constexpr std::int64_t kBytesPerSecond = 1'250'000;  // a line of 10 Mbit/s

 private:
  Dial dial_;
  int connections_max_;
  double share_;
  const std::atomic<bool>& stopping_;
  // Its thread begins with it.
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_connect_{}, next_burst_{};
  std::atomic<bool> ready_{false};
  std::atomic<std::int64_t> connects_{0}, refused_{0}, sent_away_{0}, bytes_{0};
};

// One of the ways to do it.
struct Pattern {
  std::string name;
  std::function<void(Attacker&)> run;  // until stopping()
  bool floods = false;                 // as fast as it can, so that the server has something to end
  bool scans = false;                  // some of the server's scans are its
};

// Runs a pattern from its construction to its end.
class Attack {
 public:
  // `share`: of the line and of what it may take of a processor, when several are one attacker's.
  Attack(const Pattern& pattern, Dial dial, int connections_max, double share = 1);
  ~Attack();
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;

  // Until what it builds up stands, or `most` is over; false then.
  bool WaitUntilReady(std::chrono::milliseconds most) const;
  // The same until the server has ended one of its connections.
  bool WaitUntilSentAway(std::chrono::milliseconds most) const;
  const Attacker& attacker() const { return attacker_; }

 private:
  bool WaitUntil(const std::function<bool()>& come, std::chrono::milliseconds most) const;

  std::atomic<bool> stopping_{false};
  Attacker attacker_;
  std::thread thread_;
};

}  // namespace loyalty::test
