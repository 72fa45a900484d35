// Goal: thousands of random commands over a few members come to the same answers and balances as a model that knows
// nothing of batches, lots or tables. Method: one seeded stream, cut into batches of random size; the seed is printed.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "storage/names.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::Outcome;

// What should come of a command.
struct Expected {
  std::string outcome = "OK";
  std::optional<Points> available;  // of the member afterwards
  bool replayed = false;
};

struct Redeemed {
  int member = 0;
  Points points = 0;
  bool cancelled = false;
};

class Model {
 public:
  Expected Apply(const Command& command) {
    if (const auto at = requests_.find(command.request_id); at != requests_.end()) {
      if (at->second != command.payload_hash) return {"REQUEST_ID_REUSED"};
      return {"OK", SightOf(command), true};
    }
    Expected expected = std::visit([&](const auto& payload) { return Do(command, payload); }, command.payload);
    if (expected.outcome == "OK") requests_[command.request_id] = command.payload_hash;
    return expected;
  }

  // Redemptions are named by the server; the model hears the name with the answer.
  void Named(const std::string& request_id, std::int64_t redemption) { names_[redemption] = request_id; }
  const std::map<int, int>& cards() const { return cards_; }
  Points PointsOf(int card) const { return points_.at(cards_.at(card)); }

 private:
  static int CardOf(const Identifier& identifier) { return std::stoi(identifier.text); }
  std::optional<Points> Available(int card) const {
    const auto at = cards_.find(card);
    return at == cards_.end() ? std::nullopt : std::optional(points_.at(at->second));
  }
  std::optional<Points> SightOf(const Command& command) const {
    if (const auto* scan = std::get_if<Scan>(&command.payload)) return Available(CardOf(*scan->identifier));
    if (const auto* redeem = std::get_if<Redeem>(&command.payload)) return Available(CardOf(redeem->identifier));
    return std::nullopt;
  }

  Expected Do(const Command&, const Scan& scan) {
    const int card = CardOf(*scan.identifier);
    if (scan.receipt) {
      const std::pair content(card, scan.receipt->total);  // nobody has two cards
      const auto [at, fresh] = receipts_.try_emplace(scan.receipt->receipt_no, content);
      if (!fresh && at->second != content) return {"RECEIPT_CONFLICT"};
      if (!fresh) return {"OK", Available(card), true};
    }
    if (!cards_.contains(card)) cards_[card] = ++members_;
    points_[cards_[card]] += scan.receipt ? scan.receipt->total / 100 : 0;
    return {"OK", Available(card)};
  }
  Expected Do(const Command& command, const Redeem& redeem) {
    const int card = CardOf(redeem.identifier);
    if (!cards_.contains(card)) return {"MEMBER_UNKNOWN"};
    Points& points = points_[cards_[card]];
    if (points < redeem.spend.points) return {"INSUFFICIENT_POINTS"};
    points -= redeem.spend.points;
    redeemed_[command.request_id] = {cards_[card], redeem.spend.points};
    return {"OK", points};
  }
  Expected Do(const Command&, const CancelRedemption& cancel) {
    Redeemed& redeemed = redeemed_.at(names_.at(cancel.redemption_id));
    if (redeemed.cancelled) return {"REDEMPTION_ALREADY_CANCELLED"};
    redeemed.cancelled = true;
    return {"OK", points_[redeemed.member] += redeemed.points};
  }
  template <typename Other>
  Expected Do(const Command&, const Other&) {
    return {"INTERNAL"};
  }

  int members_ = 0;
  std::map<int, int> cards_;
  std::map<int, Points> points_;
  std::map<std::string, Bytes> requests_;                  // payload hash by id
  std::map<std::string, std::pair<int, Minor>> receipts_;  // card and total by number
  std::map<std::string, Redeemed> redeemed_;               // by request id
  std::map<std::int64_t, std::string> names_;
};

class Stream {
 public:
  Stream(BatchWorld& world, std::uint64_t seed) : world_(world), random_(seed) {}

  std::size_t Below(std::size_t end) { return random_() % end; }

  Command Next() {
    const int card = 1 + static_cast<int>(Below(6));
    const auto kind = Below(100);
    Command command;
    if (kind < 40 || sent_.empty()) {
      command = world_.Scan(card, static_cast<Minor>(Below(9'000)));
    } else if (kind < 65) {
      command = world_.Redeem(card, 1 + static_cast<Points>(Below(120)));
    } else if (kind < 73 && !redemptions.empty()) {
      command = world_.Cancel(redemptions[Below(redemptions.size())]);
    } else if (kind < 80) {
      command = world_.Visit(card);
    } else if (kind < 88) {
      return sent_[Below(sent_.size())];  // the same once more
    } else if (kind < 94) {
      return world_.Again(sent_[Below(sent_.size())]);
    } else if (kind < 97) {
      command = world_.Scan(card, static_cast<Minor>(Below(9'000)), "R" + std::to_string(1 + Below(40)));
    } else {
      command = world_.Scan(card, 100);
      command.request_id = sent_[Below(sent_.size())].request_id;
      return command;
    }
    sent_.push_back(command);
    return command;
  }

  std::vector<std::string> redemptions;  // names of those that are known

 private:
  BatchWorld& world_;
  std::mt19937_64 random_;
  std::vector<Command> sent_;
};

TEST(RandomBatchTest, AnswersAndBalancesAreThoseOfTheModel) {
  const char* given = std::getenv("LOYALTY_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "LOYALTY_SEED=" << seed << "\n";
  SCOPED_TRACE("LOYALTY_SEED=" + std::to_string(seed));
  BatchWorld world(storage::Engine::kSqlite);
  Model model;
  Stream stream(world, seed);
  std::map<std::string, std::string> results;  // by request id
  int replays = 0, refusals = 0;
  for (int done = 0; done < 4'000;) {
    std::vector<Command> commands;
    for (auto count = 1 + stream.Below(stream.Below(2) == 0 ? 4 : 64); count > 0; --count)
      commands.push_back(stream.Next());
    const auto answers = world.Run(commands);
    for (std::size_t i = 0; i < commands.size(); ++i, ++done) {
      const Command& command = commands[i];
      const auto& answer = answers[i];
      SCOPED_TRACE("command " + std::to_string(done) + " " + command.request_id);
      const Expected expected = model.Apply(command);
      ASSERT_EQ(Outcome(answer), expected.outcome);
      if (!answer) {
        ++refusals;
        continue;
      }
      ASSERT_EQ(answer->replayed, expected.replayed);
      if (expected.available) {
        ASSERT_EQ(answer->member->balance, (Balances{.available = *expected.available}));
      }
      if (answer->replayed) {
        ++replays;
        if (results.contains(command.request_id)) {
          ASSERT_EQ(answer->bytes, results[command.request_id]);
        }
        continue;
      }
      results[command.request_id] = answer->bytes;
      if (std::holds_alternative<Redeem>(command.payload)) {
        stream.redemptions.push_back(test::RedeemOf(answer).redemption());
        const std::string& name = stream.redemptions.back();
        model.Named(command.request_id, Reveal(test::TestKeys().names, NameOf::kRedemption,
                                               *storage::ParsePublicName(name.substr(name.size() - 16))));
      }
    }
  }
  for (const auto& [card, member] : model.cards())
    EXPECT_EQ(world.BalanceOf(card), (Balances{.available = model.PointsOf(card)})) << card;
  EXPECT_GT(replays, 200);
  EXPECT_GT(refusals, 200);
}

}  // namespace
}  // namespace loyalty
