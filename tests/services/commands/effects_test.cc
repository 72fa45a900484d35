// What a kind of effect must have, and that each is given, returned and undone by its own: by a kind that only this
// test knows, since none ships yet.
#include "services/commands/effects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using storage::EffectRow;
using test::BatchWorld;
using ::testing::ElementsAre;

constexpr int kGiven = 1, kUndone = 3;

// The next row of the same receipt.
EffectRow Next(const WorkingSet& set, const EffectRow& after) {
  EffectRow next = after;
  set.of<EffectRow>().Each(after.receipt_id, [&next](const EffectRow& row) { next.effect_seq = row.effect_seq + 1; });
  return next;
}

// A number of stamps. What comes back is a row of its own.
struct Stamps {
  static constexpr int kNumber = 7;

  static Status Apply(Context& context, const EffectRow& effect) {
    if (effect.amount < 0) return Error{Reason::kInvalidArgument, "no stamps", {}};
    context.set.Put(effect);
    return Ok{};
  }
  static Status Return(Context& context, const EffectRow& given, const Returned& returned) {
    std::int64_t left = 0;
    context.set.of<EffectRow>().Each(given.receipt_id, [&left](const EffectRow& row) { left += row.amount; });
    EffectRow back = Next(context.set, given);
    back.amount = given.amount - given.amount * returned.back / returned.of - left;
    context.set.Put(back);
    return Ok{};
  }
  static Status Reverse(Context& context, const EffectRow& given) {
    context.set.Find<EffectRow>(given.key())->state = kUndone;
    return Ok{};
  }
};

// What was said to a customer cannot be unsaid.
struct Message {
  static constexpr int kNumber = 8;

  static Status Apply(Context& context, const EffectRow& effect) {
    context.set.Put(effect);
    return Ok{};
  }
  static Status Return(Context&, const EffectRow&, const Returned&) { return Ok{}; }
};

struct WithoutReturn {
  static constexpr int kNumber = 9;
  static Status Apply(Context&, const EffectRow&) { return Ok{}; }
};

using Known = EffectKinds<Stamps, Message>;

static_assert(IsEffectKind<Stamps> && IsEffectKind<Message>);
static_assert(!IsEffectKind<WithoutReturn>, "what gives without a way to take back must not compile");
static_assert(IsReversible<Stamps> && !IsReversible<Message>);

static_assert(AreDistinct(std::array{7, 8, 0, 0}) && !AreDistinct(std::array{7, 8, 7}));

class EffectsTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  EffectsTest() {
    world_.Must(world_.Scan(1, 1'000));
    receipt_ = world_.database().Number("SELECT id FROM receipts");
  }

  EffectRow Effect(int kind, std::int64_t seq, std::int64_t amount) const {
    EffectRow row;
    row.receipt_id = receipt_;
    row.effect_seq = seq;
    row.kind = kind;
    row.rule = "spring";
    row.rule_version = 2;
    row.wanted = row.amount = amount;
    return row;
  }

  // In a transaction of the write path, with the effects of the receipt at hand. Answers "OK" or the reason.
  std::string InBatch(const std::function<Status(::loyalty::Context& context)>& change) {
    Command command;
    command.payload = Step{.hold = Step::Hold::kTake,
                           .lease = "test",
                           .holder = "test",
                           .until = world_.now + kSecond,
                           .run = [this, &change](StepView& view) -> Status {
                             for (const EffectRow& row : storage::ReadRows<EffectRow>(view.session, " ORDER BY 1, 2"))
                               view.set.of<EffectRow>().Take(row);
                             ::loyalty::Context context{view.set, view.rules, {}, view.session};
                             return change(context);
                           }};
    return test::Outcome(world_.Run(command));
  }
  std::vector<std::int64_t> Amounts() { return Column(&EffectRow::amount); }
  std::vector<int> States() { return Column(&EffectRow::state); }

  BatchWorld world_{GetParam()};
  std::int64_t receipt_ = 0;

 private:
  template <typename T>
  std::vector<T> Column(T EffectRow::*column) {
    std::vector<T> values;
    for (const EffectRow& row : storage::ReadRows<EffectRow>(world_.session(), " ORDER BY receipt_id, effect_seq"))
      values.push_back(row.*column);
    return values;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, EffectsTest, test::kBothEngines, test::EngineName);

TEST_P(EffectsTest, AreGivenReturnedAndUndoneByTheirKind) {
  const EffectRow stamps = Effect(Stamps::kNumber, 1, 10), message = Effect(Message::kNumber, 2, 1);
  EXPECT_EQ(InBatch([&](auto& context) -> Status {
              if (const Status ok = Known::Apply(context, stamps); !ok) return ok;
              return Known::Apply(context, message);
            }),
            "OK");
  EXPECT_THAT(Amounts(), ElementsAre(10, 1));
  EXPECT_EQ(InBatch([&](auto& context) { return Known::Return(context, message, {1, 1}); }), "OK");
  EXPECT_EQ(InBatch([&](auto& context) -> Status {
              const auto stamped = Known::Reverse(context, stamps), said = Known::Reverse(context, message);
              EXPECT_TRUE(stamped && *stamped);
              EXPECT_TRUE(said && !*said);
              return Ok{};
            }),
            "OK");
  EXPECT_THAT(States(), ElementsAre(kUndone, kGiven));
}

// Ten stamps for three pieces: 3, then 3 more, then the rest.
TEST_P(EffectsTest, ReturnsTogetherTakeWhatWasGiven) {
  const EffectRow stamps = Effect(Stamps::kNumber, 1, 10);
  InBatch([&](auto& context) { return Known::Apply(context, stamps); });
  for (std::int64_t piece = 1; piece <= 3; ++piece)
    EXPECT_EQ(InBatch([&](auto& context) { return Known::Return(context, stamps, {piece, 3}); }), "OK");
  EXPECT_THAT(Amounts(), ElementsAre(10, -3, -3, -4));
}

TEST_P(EffectsTest, OfANewerServerAreLeftToIt) {
  const EffectRow unknown = Effect(99, 1, 10);
  EXPECT_EQ(InBatch([&](auto& context) { return Known::Apply(context, unknown); }), "UNAVAILABLE");
  EXPECT_EQ(InBatch([&](auto& context) { return Known::Return(context, unknown, {1, 1}); }), "UNAVAILABLE");
  EXPECT_EQ(InBatch([&](auto& context) -> Status {
              const auto reversed = Known::Reverse(context, unknown);
              return reversed ? Status(Ok{}) : Status(reversed.error());
            }),
            "UNAVAILABLE");
  EXPECT_EQ(InBatch([&](auto& context) { return Effects::Return(context, unknown, {1, 1}); }), "UNAVAILABLE");
  EXPECT_THAT(Amounts(), ElementsAre());
}

TEST_P(EffectsTest, ThatAreRefusedChangeNothing) {
  const EffectRow none = Effect(Stamps::kNumber, 1, -1);
  EXPECT_EQ(InBatch([&](auto& context) { return Known::Apply(context, none); }), "INVALID_ARGUMENT");
  EXPECT_THAT(Amounts(), ElementsAre());
}

}  // namespace
}  // namespace loyalty
