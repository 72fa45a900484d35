#include "tests/e2e/spending.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "tests/e2e/caller.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::int64_t kPrice = 100;     // points of a redemption, and of a scan
constexpr std::size_t kPerScan = 3;      // a scan and the two redemptions that come with it
constexpr std::size_t kRedeemAgain = 2;  // that may be sent at the end although nothing should be left

// The whole run; the threads share it.
class Spending {
 public:
  Spending(const Installation& installation, const std::vector<const Server*>& servers, const SpendingLoad& load)
      : load_(load), random_(load.seed), installation_(installation) {
    for (const Server* server : servers)
      callers_.emplace_back(Connect(server->address()), installation.admin_key(), false);
    for (int i = 0; i < load.scans; ++i) {
      const auto card = i < load.cards ? i : std::uniform_int_distribution<int>(0, load.cards - 1)(random_);
      cards_.push_back(fmt::format("26000{:05}", card));
      earned_[cards_.back()] += kPrice;
    }
  }

  void Spend() {
    // Every card has a member before anything is spent.
    for (std::size_t i = 0; i < earned_.size(); ++i) Scan(i, i);
    next_ = earned_.size() * kPerScan;
    start_ = Clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < load_.callers; ++i) threads.emplace_back([this] { Work(); });
    for (auto& thread : threads) thread.join();
    outcome_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  }

  // Returns when all is answered.
  // Spends while this and that goes wrong.
  void SpendDisturbed() {
    const auto disturb = [](const Disturbance& disturbance) {
      disturbance.strike();
      disturbance.mend();
    };
    outcome_.disturbances = RunDisturbed(
        load_.disturbances, random_, [this] { Spend(); }, disturb);
  }

  SpendingOutcome Compare(const Server& server) {
    const Caller admin(Connect(server.address()), installation_.admin_key());
    for (const auto& [card, earned] : earned_) {
      const std::int64_t left = earned - spent_[card];
      if (LookUp(admin, card).balance().available() != left) ++outcome_.wrong_cards;
      const std::size_t affordable = left < 0 ? 0 : static_cast<std::size_t>(left / kPrice);
      for (std::size_t i = 0; i < affordable + kRedeemAgain; ++i) Redeem(card, i);
      if (spent_[card] != earned || LookUp(admin, card).balance().available() != 0) ++outcome_.wrong_ends;
    }
    outcome_.receipts_missing =
        static_cast<std::int64_t>(cards_.size()) - installation_.Number("SELECT COUNT(*) FROM receipts");
    outcome_.redemptions_missing = outcome_.made - installation_.Number("SELECT COUNT(*) FROM redemptions");
    const Ended verify = installation_.Loyaltyd("verify");
    outcome_.verify_code = verify.code;
    if (verify.code != 0 && outcome_.first_error.empty()) outcome_.first_error = verify.out + verify.err;
    return outcome_;
  }

 private:
  void Work() {
    for (std::size_t at = next_++; at < cards_.size() * kPerScan; at = next_++) {
      const double when = load_.seconds * static_cast<double>(at) / static_cast<double>(cards_.size() * kPerScan);
      std::this_thread::sleep_until(start_ +
                                    std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(when)));
      const std::size_t number = at / kPerScan;
      if (at % kPerScan == 0) {
        Scan(number, at);
      } else {
        Redeem(cards_[number], at);
      }
    }
  }

  void Scan(std::size_t number, std::size_t at) {
    v1::ScanRequest scan = PlainScan(NewRequestId("scan"), cards_[number]);
    scan.mutable_receipt()->set_total_minor(kPrice * 100);
    Send(&v1::TerminalService::Stub::Scan, scan, v1::ScanResponse(), at);
  }

  void Redeem(const std::string& card, std::size_t at) {
    v1::RedeemRequest redeem;
    redeem.set_request_id(NewRequestId("redeem"));
    redeem.set_terminal(TerminalName(1 + static_cast<int>(at % 2)));
    redeem.mutable_identifier()->set_card(card);
    redeem.set_points(kPrice);
    const std::string reason = Send(&v1::TerminalService::Stub::Redeem, redeem, v1::RedeemResponse(), at);
    const std::lock_guard lock(mutex_);
    outcome_.made += reason == "OK" ? 1 : 0;
    outcome_.refused += reason == "INSUFFICIENT_POINTS" ? 1 : 0;
    spent_[card] += reason == "OK" ? kPrice : 0;
  }

  // To server `at` first, then to the next; the reason of the last answer.
  template <typename Method, typename Request, typename Response>
  std::string Send(Method method, const Request& request, Response response, std::size_t at) {
    for (const auto give_up = Clock::now() + load_.patience;; ++at) {
      const auto result = callers_[at % callers_.size()].Call(method, request, &response);
      const bool again = result.retryable() && Clock::now() < give_up;
      {
        const std::lock_guard lock(mutex_);
        ++outcome_.sends;
        if (result.replayed) ++outcome_.replays;
        if (again && result.status.error_code() == grpc::StatusCode::UNAVAILABLE) ++outcome_.changes;
        if (!again && !result.ok() && result.reason() != "INSUFFICIENT_POINTS" && outcome_.errors++ == 0)
          outcome_.first_error = result.reason() + ": " + result.status.error_message();
      }
      if (!again) return result.reason();
      std::this_thread::sleep_for(milliseconds(10 + at % 7 * 5));
    }
  }

  const SpendingLoad load_;
  std::mt19937_64 random_;
  const Installation& installation_;
  std::vector<Caller> callers_;                 // one for each server
  std::vector<std::string> cards_;              // of the scans
  std::map<std::string, std::int64_t> earned_;  // by card, when all scans are answered
  std::atomic<std::size_t> next_{0};
  Clock::time_point start_;
  std::mutex mutex_;  // guards what follows while threads send
  std::map<std::string, std::int64_t> spent_;
  SpendingOutcome outcome_;
};

}  // namespace

std::string SpendingOutcome::Text() const {
  return fmt::format(
      "{} redemptions made and {} refused in {} sends ({} changes of server), {} replays, {} disturbances, {:.1f} s; "
      "wrong: {} errors, {} receipts missing, {} redemptions missing, {} cards, {} ends, verify {}{}{}",
      made, refused, sends, changes, replays, disturbances, seconds, errors, receipts_missing, redemptions_missing,
      wrong_cards, wrong_ends, verify_code, first_error.empty() ? "" : "; first error: ", first_error);
}

SpendingOutcome RunSpending(const Installation& installation, const std::vector<const Server*>& servers,
                            const SpendingLoad& load) {
  Spending run(installation, servers, load);
  run.SpendDisturbed();
  return run.Compare(*servers.front());
}

}  // namespace loyalty::test
