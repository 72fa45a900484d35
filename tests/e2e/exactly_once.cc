#include "tests/e2e/exactly_once.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <unordered_set>

#include "storage/tables/requests.h"
#include "tests/e2e/caller.h"
#include "tests/support/proxy.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Of what the server says through the proxy. Often enough to break every connection many times, seldom enough that a
// try has a chance.
constexpr int kPiecesPerLoss = 40;
constexpr int kCentsPerPoint = 100;  // SetUpProgram

v1::ScanRequest RandomScan(int number, const ExactlyOnceLoad& load, std::mt19937_64& random) {
  const auto upto = [&random](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  v1::ScanRequest scan;
  scan.set_request_id(NewRequestId("scan"));
  scan.set_terminal(TerminalName(1 + number % 2));
  if (upto(7) > 0) scan.mutable_identifier()->set_card(fmt::format("26000{:05}", upto(load.cards - 1)));
  auto& receipt = *scan.mutable_receipt();
  receipt.set_receipt_no(fmt::format("R{}", number));
  receipt.mutable_business_time()->set_seconds(std::time(nullptr) - upto(10 * 86'400));
  receipt.set_currency_code("EUR");
  for (int i = 0; i < 2; ++i) {
    auto& line = *receipt.add_lines();
    line.set_sku(fmt::format("A{}", upto(500)));
    line.set_quantity_micros(1'000'000);
    line.set_amount_minor(1 + upto(5'000));
    line.add_taxes()->set_rate_millionths(i == 0 ? 190'000 : 70'000);
    receipt.set_total_minor(receipt.total_minor() + line.amount_minor());
  }
  return scan;
}

// The whole run; the threads share it.
class Rush {
 public:
  Rush(const std::vector<const Server*>& servers, const Installation& installation, const ExactlyOnceLoad& load)
      : load_(load), random_(load.seed), servers_(servers) {
    for (const Server* server : servers) {
      proxies_.push_back(std::make_unique<Proxy>(server->address()));
      if (load.losses) proxies_.back()->LoseEvery(kPiecesPerLoss);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(load.channels); ++i) {
      const std::size_t at = i % servers.size();
      const bool through_proxy = load.losses && i / servers.size() % 2 == 1;
      callers_.emplace_back(Connect(through_proxy ? proxies_[at]->address() : servers[at]->address()),
                            installation.admin_key(), servers.size() == 1);
    }
    for (int i = 0; i < load.scans; ++i) {
      scans_.push_back(RandomScan(i, load, random_));
      const int copies = std::uniform_int_distribution<int>(1, load.copies_max)(random_);
      order_.insert(order_.end(), static_cast<std::size_t>(copies), i);
    }
    answers_.resize(scans_.size());
    std::shuffle(order_.begin(), order_.end(), random_);
    outcome_.copies = static_cast<std::int64_t>(order_.size());
  }

  void Send() {
    const auto start = Clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < load_.callers; ++i)
      threads.emplace_back([this, start, seed = random_()] { SendCopies(start, seed); });
    for (auto& thread : threads) thread.join();
    outcome_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  }

  // Returns when all copies are answered.
  // Sends all of them while this and that goes wrong.
  void SendDisturbed(const Installation& installation) {
    const auto disturb = [&](const Disturbance& disturbance) {
      without_power_ = disturbance.power_is_cut;
      disturbance.strike();
      const std::vector<int> answered = Answered();
      disturbance.mend();
      without_power_ = false;
      NoteForgotten(installation, answered);
    };
    outcome_.disturbances = RunDisturbed(
        load_.disturbances, random_, [this] { Send(); }, disturb);
  }

  ExactlyOnceOutcome Compare(const Installation& installation) {
    outcome_.receipts_missing =
        static_cast<std::int64_t>(scans_.size()) - installation.Number("SELECT COUNT(*) FROM receipts");
    std::map<std::string, std::int64_t> points;
    for (const auto& scan : scans_)
      if (scan.has_identifier()) points[scan.identifier().card()] += scan.receipt().total_minor() / kCentsPerPoint;
    const Caller admin(Connect(servers_.front()->address()), installation.admin_key());
    for (const auto& [card, expected] : points) {
      v1::LookupMemberRequest request;
      request.mutable_identifier()->set_card(card);
      v1::LookupMemberResponse response;
      const auto found = admin.Call(&v1::MemberService::Stub::LookupMember, request, &response);
      if (!found.ok() || response.member().balance().available() != expected) ++outcome_.wrong_balances;
    }
    for (const auto& proxy : proxies_) outcome_.cuts += proxy->pieces_lost();
    outcome_.changes = changes_;
    outcome_.forgotten = static_cast<std::int64_t>(forgotten_.size());
    const Ended verify = installation.Loyaltyd("verify");
    outcome_.verify_code = verify.code;
    if (verify.code != 0 && outcome_.first_error.empty()) outcome_.first_error = verify.out + verify.err;
    return outcome_;
  }

 private:
  void SendCopies(Clock::time_point start, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (std::size_t at = next_++; at < order_.size(); at = next_++) {
      const double when = load_.seconds * static_cast<double>(at) / static_cast<double>(order_.size());
      std::this_thread::sleep_until(start +
                                    std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(when)));
      SendOne(order_[at], random);
    }
  }

  void SendOne(int number, std::mt19937_64& random) {
    const auto& scan = scans_[static_cast<std::size_t>(number)];
    const auto give_up = Clock::now() + load_.patience;
    std::size_t at = random();
    for (int contended = 0;;) {
      v1::ScanResponse response;
      const auto result = callers_[at % callers_.size()].Call(&v1::TerminalService::Stub::Scan, scan, &response);
      ++sends_;
      // The next connection: where there are several servers, of another one.
      ++at;
      if (result.status.error_code() == grpc::StatusCode::UNAVAILABLE && servers_.size() > 1) ++changes_;
      if (result.status.error_code() == grpc::StatusCode::ABORTED) ++contended;
      const bool again = result.retryable() || without_power_;
      if (again && Clock::now() < give_up && contended <= load_.contended_max) {
        std::this_thread::sleep_for(milliseconds(10 + random() % 40));
        continue;
      }
      return Note(number, result, response);
    }
  }

  std::vector<int> Answered() {
    const std::lock_guard lock(mutex_);
    std::vector<int> numbers;
    for (std::size_t i = 0; i < answers_.size(); ++i)
      if (!answers_[i].empty()) numbers.push_back(static_cast<int>(i));
    return numbers;
  }

  // A copy that comes later may bring a scan back that was forgotten: it counts all the same.
  void NoteForgotten(const Installation& installation, const std::vector<int>& answered) {
    std::unordered_set<std::string> stored;
    storage::Session(installation.url()).Read("SELECT request_id FROM requests", [&stored](const Bytes& id) {
      stored.insert(storage::UnpackRequestId(id));
    });
    for (const int number : answered)
      if (!stored.contains(scans_[static_cast<std::size_t>(number)].request_id())) forgotten_.insert(number);
  }

  void Note(int number, const CallResult& result, const v1::ScanResponse& response) {
    const std::lock_guard lock(mutex_);
    outcome_.sends = sends_;
    if (!result.ok()) {
      ++outcome_.errors;
      if (outcome_.first_error.empty()) outcome_.first_error = result.reason() + ": " + result.status.error_message();
      return;
    }
    if (result.replayed) ++outcome_.replays;
    std::string& first = answers_[static_cast<std::size_t>(number)];
    const std::string bytes = response.result().SerializeAsString();
    if (first.empty()) {
      if (result.replayed) ++outcome_.lost;
      first = bytes;
    } else if (first != bytes) {
      ++outcome_.different_answers;
    }
  }

  const ExactlyOnceLoad load_;
  std::mt19937_64 random_;
  const std::vector<const Server*> servers_;
  std::vector<std::unique_ptr<Proxy>> proxies_;  // one before each server
  std::vector<Caller> callers_;                  // one after the other of another server
  std::vector<v1::ScanRequest> scans_;
  std::vector<int> order_;  // numbers of scans, one for each copy
  std::set<int> forgotten_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::int64_t> sends_{0}, changes_{0};
  std::atomic<bool> without_power_{false};
  std::mutex mutex_;                  // guards what follows
  std::vector<std::string> answers_;  // result of the first answer, by number of the scan
  ExactlyOnceOutcome outcome_;
};

}  // namespace

std::string ExactlyOnceOutcome::Text() const {
  return fmt::format(
      "{} copies in {} sends ({} changes of server), {} disturbances, {} cuts, {} replays, {} first answers lost, "
      "{:.1f} s; wrong: {} errors, "
      "{} forgotten, {} different answers, {} receipts missing, {} balances, verify {}{}{}",
      copies, sends, changes, disturbances, cuts, replays, lost, seconds, errors, forgotten, different_answers,
      receipts_missing, wrong_balances, verify_code, first_error.empty() ? "" : "; first error: ", first_error);
}

ExactlyOnceOutcome RunExactlyOnce(const Installation& installation, const std::vector<const Server*>& servers,
                                  const ExactlyOnceLoad& load) {
  Rush run(servers, installation, load);
  run.SendDisturbed(installation);
  return run.Compare(installation);
}

Disturbance Killing(Server& server) {
  return {[&server] { server.Kill(); }, [&server] { server.Start(); }};
}

Disturbance Killing(MariaDb& database) {
  return {[&database] { database.Kill(); }, [&database] { database.Start(); }};
}

std::uint64_t LoadSeed() {
  const char* given = std::getenv("E2E_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "seed " << seed << " (E2E_SEED=" << seed << " runs it again)" << std::endl;
  return seed;
}

int LoadScans(int otherwise) {
  const char* given = std::getenv("E2E_SCANS");
  return given == nullptr ? otherwise : std::atoi(given);
}

}  // namespace loyalty::test
