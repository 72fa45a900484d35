#include "tests/support/reference_ledger.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace loyalty::test {

// The state while history is replayed.
class ReferenceLedger::World {
 public:
  explicit World(const Faults& faults) : faults_(faults) {}

  // Lets time pass, one instant at which something happens after the other.
  void PassTo(Instant now) {
    std::set<Instant> instants;
    for (const Coin& coin : coins_)
      for (const Instant at : {coin.activate, coin.expire})
        if (at > time_ && at <= now) instants.insert(at);
    for (const Instant at : instants) {
      for (std::size_t i = 0; i < coins_.size(); ++i)
        if (coins_[i].place == Place::kWaiting && coins_[i].activate <= at) MakeAvailable(i);
      for (Coin& coin : coins_)
        if (coin.place == Place::kHere && coin.expire <= at) coin.place = Place::kGone;
    }
    time_ = now;
  }

  void Do(const Event& event) {
    PassTo(event.at);
    switch (event.kind) {
      case Kind::kEarn: {
        const std::size_t lot = lots_++;
        for (int i = 0; i < event.coins; ++i) AddCoin(lot, event.activate, event.expire);
        break;
      }
      case Kind::kBurn:
        burns_.push_back(Best(event.coins));
        for (const std::size_t coin : burns_.back()) coins_[coin].place = Place::kGone;
        break;
      case Kind::kRestore: Restore(burns_.at(event.burn), event.expire); break;
      case Kind::kOpenDebt: debt_ += event.coins; break;
    }
  }

  State Look() const {
    State state;
    state.remaining.resize(lots_);
    state.balance.debt = debt_;
    for (const Coin& coin : coins_) {
      if (coin.place == Place::kGone) continue;
      ++(coin.place == Place::kHere ? state.balance.available : state.balance.pending);
      ++state.remaining[coin.lot];
    }
    return state;
  }

 private:
  enum class Place { kWaiting, kHere, kGone };
  struct Coin {
    std::size_t lot;
    Instant activate;
    Instant expire;
    Place place;
  };

  void AddCoin(std::size_t lot, Instant activate, Instant expire) {
    coins_.push_back({lot, activate, expire, Place::kWaiting});
    if (activate <= time_) MakeAvailable(coins_.size() - 1);
  }

  void MakeAvailable(std::size_t coin) {
    coins_[coin].place = Place::kHere;
    PayDebt();
  }

  void PayDebt() {
    if (faults_.debt_waits) return;
    for (; debt_ > 0; --debt_) {
      const auto best = Best(1);
      if (best.empty()) return;
      coins_[best.front()].place = Place::kGone;
    }
  }

  // The available coins that go first, at most `count`.
  std::vector<std::size_t> Best(int count) const {
    std::vector<std::size_t> here;
    for (std::size_t i = 0; i < coins_.size(); ++i)
      if (coins_[i].place == Place::kHere) here.push_back(i);
    std::stable_sort(here.begin(), here.end(), [this](std::size_t a, std::size_t b) {
      const auto rank = [this](const Coin& coin) {
        return std::make_tuple(faults_.oldest_first ? 0 : coin.expire, coin.activate, coin.lot);
      };
      return rank(coins_[a]) < rank(coins_[b]);
    });
    here.resize(std::min(here.size(), static_cast<std::size_t>(count)));
    return here;
  }

  void Restore(const std::vector<std::size_t>& burnt, Instant grace_expire) {
    std::map<std::size_t, std::size_t> grace_lots;  // by the lot they stand for
    const std::size_t before = coins_.size();
    for (const std::size_t index : burnt) {
      const Coin coin = coins_[index];
      if (coin.expire > time_) {
        coins_[index].place = Place::kHere;
        if (faults_.restore_renews) coins_[index].expire = grace_expire;
        continue;
      }
      const auto [lot, is_new] = grace_lots.try_emplace(coin.lot, lots_);
      if (is_new) ++lots_;
      coins_.push_back({lot->second, time_, grace_expire, Place::kWaiting});
    }
    for (std::size_t i = before; i < coins_.size(); ++i) coins_[i].place = Place::kHere;
    PayDebt();
  }

  const Faults faults_;
  Instant time_ = 0;
  std::vector<Coin> coins_;
  std::vector<std::vector<std::size_t>> burns_;
  std::size_t lots_ = 0;
  Points debt_ = 0;
};

void ReferenceLedger::Earn(Instant now, int coins, Instant activate, Instant expire) {
  history_.push_back({Kind::kEarn, now, coins, activate, expire, 0});
}

std::size_t ReferenceLedger::Burn(Instant now, int coins) {
  history_.push_back({Kind::kBurn, now, coins, 0, 0, 0});
  return burns_++;
}

void ReferenceLedger::Restore(Instant now, std::size_t burn, Instant grace_expire) {
  history_.push_back({Kind::kRestore, now, 0, 0, grace_expire, burn});
}

void ReferenceLedger::OpenDebt(Instant now, int coins) { history_.push_back({Kind::kOpenDebt, now, coins, 0, 0, 0}); }

ReferenceLedger::State ReferenceLedger::At(Instant now) const {
  World world(faults_);
  for (const Event& event : history_) world.Do(event);
  world.PassTo(now);
  return world.Look();
}

}  // namespace loyalty::test
