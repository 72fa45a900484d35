// What a sale causes beside the base rule: rows of `effects`. A kind of effect (campaign points, a discount, a stamp, a
// voucher that is issued, ...) is a type, and its number stands in its rows:
//
//   struct Stamp {
//     static constexpr int kNumber = 3;   stored: never renumbered
//     static Status Apply(Context&, const EffectRow& effect);                       the sale gives it
//     static Status Return(Context&, const EffectRow& given, const Returned& back);   goods of the sale come back
//     static Status Reverse(Context&, const EffectRow& given);   the rule is undone; left out where nothing can be:
//     money
//   };                                                         off that was handed out, a message that was sent
//
// All three see what they change in the set, locked (NeedsOf of the command), and refuse before they change anything.
// Who gives without a way to take back does not compile.
#pragma once

#include <array>
#include <concepts>

#include "services/commands/context.h"

namespace loyalty {

// How much of what an effect was given for is back by now, this return included: all returns together take
// floor(amount * back / of), whatever their order.
struct Returned {
  std::int64_t back = 0;  // 0 to `of`
  std::int64_t of = 1;    // from 1
};

template <typename K>
concept IsEffectKind = requires(Context& context, const storage::EffectRow& effect, const Returned& returned) {
  {std::integral_constant<int, K::kNumber>()};
  { K::Apply(context, effect) } -> std::same_as<Status>;
  { K::Return(context, effect, returned) } -> std::same_as<Status>;
};
template <typename K>
concept IsReversible = requires(Context& context, const storage::EffectRow& effect) {
  { K::Reverse(context, effect) } -> std::same_as<Status>;
};

// Kinds by number. Errors of all three: kUnavailable for a kind that this server does not know, since a newer one has
// given it; then those of the kind.
template <IsEffectKind... Kinds>
struct EffectKinds {
  static_assert(((Kinds::kNumber > 0) && ...) && AreDistinct(std::array<int, sizeof...(Kinds)>{Kinds::kNumber...}));

  static Status Apply(Context& context, const storage::EffectRow& effect) {
    return Of(effect, [&]<typename K>() { return K::Apply(context, effect); });
  }
  static Status Return(Context& context, const storage::EffectRow& given, const Returned& returned) {
    return Of(given, [&]<typename K>() { return K::Return(context, given, returned); });
  }
  // False: it cannot be undone, and nothing has changed; whoever undoes a rule lists it.
  static Result<bool> Reverse(Context& context, const storage::EffectRow& given) {
    bool reversed = false;
    const Status status = Of(given, [&]<typename K>() -> Status {
      if constexpr (IsReversible<K>) {
        reversed = true;
        return K::Reverse(context, given);
      }
      return Ok{};
    });
    if (!status) return status.error();
    return reversed;
  }

 private:
  template <typename Action>
  static Status Of(const storage::EffectRow& effect, [[maybe_unused]] Action action) {
    Status status = Error{Reason::kUnavailable,
                          "this server does not know effects of kind " + std::to_string(effect.kind) +
                              ": a newer one has given it; update this one, or ask that one",
                          {}};
    static_cast<void>(((effect.kind == Kinds::kNumber && (status = action.template operator()<Kinds>(), true)) || ...));
    return status;
  }
};

// The one list.
using Effects = EffectKinds<>;

}  // namespace loyalty
