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

ProgramKeys TestKeys() {
  SecretKey secret{};
  for (std::size_t i = 0; i < secret.size(); ++i) secret[i] = static_cast<unsigned char>(i);
  return DeriveKeys(secret);
}

// A member's entries and the seal of the last one, as they are stored.
struct Chain {
  std::string member_name;
  std::vector<Entry> entries;
  Bytes head;
};

// Seals the entries, each behind the one before.
Chain Sealed(const Account& account, const Bytes& head = {}) {
  Chain chain{account.member_name, account.entries, head};
  for (Entry& entry : chain.entries)
    chain.head = entry.mac = EntryMac(chain.member_name, entry, chain.head, TestKeys().current);
  return chain;
}

// What verification does: recompute every MAC, end at the head.
bool Verify(const Chain& chain, const ProgramKeys& keys) {
  Bytes previous;
  for (const Entry& entry : chain.entries) {
    const KeySet* maker = keys.MakerOf(entry.mac);
    if (maker == nullptr || entry.mac != EntryMac(chain.member_name, entry, previous, *maker)) return false;
    previous = entry.mac;
  }
  return previous == chain.head;
}

Chain ChainOfTwo() {
  Scenario scenario;
  scenario.Do({.kind = Step::Kind::kEarn, .points = 5});
  scenario.Do({.kind = Step::Kind::kBurn, .points = 2});
  return Sealed(scenario.account);
}

Chain AnyChain() {
  Scenario scenario;
  scenario.Do({.kind = Step::Kind::kEarn, .points = 5});
  scenario.Do({.kind = Step::Kind::kBurn, .points = 2});
  for (const Step& step : *AnyLife()) scenario.Do(step);
  return Sealed(scenario.account);
}

// Encoding 2 for good: computed with another implementation of BLAKE2b.
TEST(Chain, EncodingStaysAsItIs) {
  Account account;
  account.member_name = "00000000000000a7";
  const LotTerms terms{Scenario::kStart, kNever};
  ASSERT_TRUE(Earn(account, 25, terms, CauseAt(Scenario::kStart), SaleFacts{20'454, 2'550, 50}));
  ASSERT_TRUE(Burn(account, 25, CauseAt(Scenario::kStart)));
  const Chain chain = Sealed(account);
  EXPECT_EQ(Hex(chain.entries[0].mac), "020132db4448109c9d87d32865bf55c2f1f2");
  EXPECT_EQ(Hex(chain.entries[1].mac), "020192661dad0e9a466163a2109e7b6b9108");
  EXPECT_EQ(chain.head, chain.entries[1].mac);
}

TEST(Chain, SealsSayByWhatTheyWereMade) {
  const Chain chain = ChainOfTwo();
  for (const Entry& entry : chain.entries) {
    ASSERT_EQ(entry.mac.value.size(), 18U);
    EXPECT_EQ(entry.mac.value[0], 2) << "the encoding";
    EXPECT_EQ(entry.mac.value[1], 1) << "the key";
  }
  ProgramKeys next = TestKeys();
  next.current.id = 2;
  EXPECT_FALSE(Verify(chain, next));
}

TEST(Chain, GoesOnWhereTheStoredHeadIs) {
  Scenario scenario;
  scenario.Do({.kind = Step::Kind::kEarn, .points = 5});
  Account at_once = scenario.account;
  const Chain first = Sealed(scenario.account);
  scenario.account.entries.clear();  // written; the next batch has only new ones
  ASSERT_TRUE(Burn(scenario.account, 5, CauseAt(scenario.now)));
  ASSERT_TRUE(Burn(at_once, 5, CauseAt(scenario.now)));
  EXPECT_EQ(Sealed(at_once).head, Sealed(scenario.account, first.head).head);
}

LotTerms& Terms(Entry& entry) {
  if (!entry.terms) entry.terms = LotTerms{0, 0};
  return *entry.terms;
}
SaleFacts& Sale(Entry& entry) {
  if (!entry.sale) entry.sale = SaleFacts{};
  return *entry.sale;
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
      {"activate_time", [](Entry& e, std::int64_t by) { Terms(e).activate_time += by; }},
      {"expire_time", [](Entry& e, std::int64_t by) { Terms(e).expire_time ^= by; }},
      {"terms",
       [](Entry& e, std::int64_t) {
         e.terms = e.terms ? std::nullopt : std::optional(LotTerms{0, 0});
       }},
      {"restored_from", [](Entry& e, std::int64_t by) { e.restored_from += by; }},
      {"receipt_id", [](Entry& e, std::int64_t by) { e.cause.receipt_id += by; }},
      {"command_id", [](Entry& e, std::int64_t by) { e.cause.command_id += by; }},
      {"sale", [](Entry& e, std::int64_t) { e.sale = e.sale ? std::nullopt : std::optional(SaleFacts{}); }},
      {"sale_day", [](Entry& e, std::int64_t) { Sale(e).day += 1; }},
      {"sale_amount", [](Entry& e, std::int64_t by) { Sale(e).amount += by; }},
      {"sale_discount", [](Entry& e, std::int64_t by) { Sale(e).discount += by; }},
      {"business_time", [](Entry& e, std::int64_t by) { e.cause.business_time += by; }},
      {"record_time", [](Entry& e, std::int64_t by) { e.cause.record_time += by; }},
      {"catalogue_version", [](Entry& e, std::int64_t by) { e.cause.catalogue_version += by; }},
      {"mac", [](Entry& e, std::int64_t) { e.mac.value[17] ^= 1; }},
      {"neighbouring numbers run together",
       [](Entry& e, std::int64_t) {
         std::tie(e.lot_seq, e.reversal_of) = std::pair{e.lot_seq * 10, e.reversal_of + 1};
       }},
  };
  test::Check(
      [&fields] {
        const Chain chain = AnyChain();
        RC_ASSERT(Verify(chain, TestKeys()));
        const auto at = *rc::gen::inRange<std::size_t>(0, chain.entries.size());
        const auto by = *rc::gen::element<std::int64_t>(1, -1, 10, 1'000'000'000'000);
        for (const auto& [name, change] : fields) {
          Chain forged = chain;
          change(forged.entries[at], by);
          RC_LOG() << name;
          RC_ASSERT_FALSE(Verify(forged, TestKeys()));
        }
      },
      5);
}

TEST(Chain, EntriesGoneMovedOrTakenFromAnotherMemberAreFound) {
  test::Check(
      [] {
        const Chain chain = AnyChain();
        const auto at = *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(chain.entries.size()));
        Chain gone = chain;
        gone.entries.erase(gone.entries.begin() + at);
        RC_ASSERT_FALSE(Verify(gone, TestKeys()));
        Chain twice = chain;
        twice.entries.insert(twice.entries.begin() + at, twice.entries[static_cast<std::size_t>(at)]);
        RC_ASSERT_FALSE(Verify(twice, TestKeys()));
        Chain moved = chain;
        std::swap(moved.entries[0], moved.entries[1]);
        RC_ASSERT_FALSE(Verify(moved, TestKeys()));
        Chain other = chain;
        other.member_name = "00000000000000a8";
        RC_ASSERT_FALSE(Verify(other, TestKeys()));
        ProgramKeys keys = TestKeys();
        keys.current.chain[31] ^= 1;
        RC_ASSERT_FALSE(Verify(chain, keys));
      },
      5);
}

}  // namespace
}  // namespace loyalty
