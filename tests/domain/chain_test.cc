// The chain of MACs over a member's entries.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "domain/ledger.h"
#include "tests/support/ledger_scenario.h"
#include "tests/support/property.h"

namespace loyalty {
namespace {

using test::AnyLife;
using test::CauseAt;
using test::Scenario;
using test::Step;

ChainKey TestKey() {
  ChainKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  return key;
}

// What verification does: recompute every MAC, end at the head.
bool Verify(const Account& account, const ChainKey& key) {
  std::string previous;
  for (const Entry& entry : account.entries) {
    if (entry.mac != EntryMac(account.member_name, entry, previous, key)) return false;
    previous = entry.mac;
  }
  return previous == account.chain_head;
}

Account AnySealedAccount() {
  Scenario scenario;
  scenario.Do({.kind = Step::Kind::kEarn, .points = 5});
  scenario.Do({.kind = Step::Kind::kBurn, .points = 2});
  for (const Step& step : *AnyLife()) scenario.Do(step);
  SealChain(scenario.account, TestKey());
  return scenario.account;
}

// Encoding version 1 for good: computed with another implementation of HMAC-SHA-256.
TEST(Chain, EncodingStaysAsItIs) {
  Account account;
  account.member_name = "00000000000000a7";
  ASSERT_TRUE(Earn(account, 25, Scenario::kStart, kNever, CauseAt(Scenario::kStart)));
  ASSERT_TRUE(Burn(account, 25, CauseAt(Scenario::kStart)));
  SealChain(account, TestKey());
  EXPECT_EQ(account.entries[0].mac, "12351bc8fc50a1dfa33306cabfbb8f0f");
  EXPECT_EQ(account.entries[1].mac, "d4b536b312d9d94a88088aee29da6b32");
  EXPECT_EQ(account.chain_head, account.entries[1].mac);
}

TEST(Chain, GoesOnWhereTheStoredHeadIs) {
  Scenario scenario;
  scenario.Do({.kind = Step::Kind::kEarn, .points = 5});
  Account at_once = scenario.account;
  SealChain(scenario.account, TestKey());
  const auto first = scenario.account.entries;
  scenario.account.entries.clear();  // written; the next batch has only new ones
  ASSERT_TRUE(Burn(scenario.account, 5, CauseAt(scenario.now)));
  SealChain(scenario.account, TestKey());
  ASSERT_TRUE(Burn(at_once, 5, CauseAt(scenario.now)));
  SealChain(at_once, TestKey());
  EXPECT_EQ(at_once.chain_head, scenario.account.chain_head);
  EXPECT_EQ(at_once.entries[0].mac, first[0].mac);
}

TEST(Chain, EveryFieldThatChangesIsFound) {
  const std::vector<std::pair<const char*, std::function<void(Entry&, std::int64_t)>>> fields = {
      {"seq", [](Entry& e, std::int64_t by) { e.seq += by; }},
      {"type",
       [](Entry& e, std::int64_t) { e.type = e.type == EntryType::kEarn ? EntryType::kAdjust : EntryType::kEarn; }},
      {"available", [](Entry& e, std::int64_t by) { e.delta.available += by; }},
      {"pending", [](Entry& e, std::int64_t by) { e.delta.pending += by; }},
      {"held", [](Entry& e, std::int64_t by) { e.delta.held += by; }},
      {"debt", [](Entry& e, std::int64_t by) { e.delta.debt += by; }},
      {"sign", [](Entry& e, std::int64_t) { e.delta = {.available = -e.delta.available - 1}; }},
      {"lot_seq", [](Entry& e, std::int64_t by) { e.lot_seq += by; }},
      {"reversal_of", [](Entry& e, std::int64_t by) { e.reversal_of += by; }},
      {"group_id", [](Entry& e, std::int64_t by) { e.group_id += by; }},
      {"request_id", [](Entry& e, std::int64_t) { e.cause.request_id += "0"; }},
      {"receipt_id", [](Entry& e, std::int64_t by) { e.cause.receipt_id += by; }},
      {"terminal_id", [](Entry& e, std::int64_t by) { e.cause.terminal_id += by; }},
      {"business_time", [](Entry& e, std::int64_t by) { e.cause.business_time += by; }},
      {"record_time", [](Entry& e, std::int64_t by) { e.cause.record_time += by; }},
      {"catalogue_version", [](Entry& e, std::int64_t by) { e.cause.catalogue_version += by; }},
      {"mac", [](Entry& e, std::int64_t) { e.mac[0] = e.mac[0] == 'a' ? 'b' : 'a'; }},
      {"neighbouring numbers run together",
       [](Entry& e, std::int64_t) {
         std::tie(e.lot_seq, e.reversal_of) = std::pair{e.lot_seq * 10, e.reversal_of + 1};
       }},
  };
  test::Check(
      [&fields] {
        const Account account = AnySealedAccount();
        RC_ASSERT(Verify(account, TestKey()));
        const auto at = *rc::gen::inRange<std::size_t>(0, account.entries.size());
        const auto by = *rc::gen::element<std::int64_t>(1, -1, 10, 1'000'000'000'000);
        for (const auto& [name, change] : fields) {
          Account forged = account;
          change(forged.entries[at], by);
          RC_LOG() << name;
          RC_ASSERT_FALSE(Verify(forged, TestKey()));
        }
      },
      5);
}

TEST(Chain, EntriesGoneMovedOrTakenFromAnotherMemberAreFound) {
  test::Check(
      [] {
        const Account account = AnySealedAccount();
        const auto at = *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(account.entries.size()));
        Account gone = account;
        gone.entries.erase(gone.entries.begin() + at);
        RC_ASSERT_FALSE(Verify(gone, TestKey()));
        Account twice = account;
        twice.entries.insert(twice.entries.begin() + at, twice.entries[static_cast<std::size_t>(at)]);
        RC_ASSERT_FALSE(Verify(twice, TestKey()));
        Account moved = account;
        std::swap(moved.entries[0], moved.entries[1]);
        RC_ASSERT_FALSE(Verify(moved, TestKey()));
        Account other = account;
        other.member_name = "00000000000000a8";
        RC_ASSERT_FALSE(Verify(other, TestKey()));
        ChainKey key = TestKey();
        key[31] ^= 1;
        RC_ASSERT_FALSE(Verify(account, key));
      },
      5);
}

// Ids and numbers only: what names a person may be erased without breaking the chain.
TEST(Chain, OperatorIsNotPartOfIt) {
  Scenario scenario;
  scenario.Do({.kind = Step::Kind::kEarn, .points = 5});
  SealChain(scenario.account, TestKey());
  scenario.account.entries[0].cause.operator_id.clear();
  EXPECT_TRUE(Verify(scenario.account, TestKey()));
}

}  // namespace
}  // namespace loyalty
