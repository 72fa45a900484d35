// The one list of commands, a request on its way through the write path, and what comes back.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "retention/transition.h"
#include "services/commands/admin.h"
#include "services/commands/cancel_redemption.h"
#include "services/commands/desk.h"
#include "services/commands/enroll_member.h"
#include "services/commands/link_identifier.h"
#include "services/commands/note_read.h"
#include "services/commands/pin_try.h"
#include "services/commands/redeem.h"
#include "services/commands/scan.h"
#include "services/commands/sign_on.h"
#include "services/commands/step.h"
#include "services/commands/update_member.h"

namespace loyalty {

using Payload = std::variant<Scan, Redeem, CancelRedemption, EnrollMember, LinkIdentifier, UpdateMember, Admin, Step,
                             NoteRead, Desk, PinTry, SignOn, SignOff>;

// What the compiler must find for each of them.
template <typename C>
concept IsCommand = requires(const C& command, const WorkingSet& set, const Rules& rules, Needs& needs,
                             Context& context) {
  NeedsOf(command, set, rules, needs);
  { SubjectsOf(command, set) } -> std::same_as<Subjects>;
  { Decide(context, command)->outcome } -> std::convertible_to<const Outcome&>;
  { ResultOf(*Decide(context, command)) } -> std::same_as<ResultMessage>;
};
template <typename... Cs>
constexpr bool AreCommands(const std::variant<Cs...>*) {
  return (IsCommand<Cs> && ...);
}
static_assert(AreCommands(static_cast<const Payload*>(nullptr)));

// What stands in a row of `commands` for each of them; 0: it leaves none. Never renumbered.
template <typename C>
inline constexpr int kStoredAs = 0;
template <>
inline constexpr int kStoredAs<Redeem> = 1;
template <>
inline constexpr int kStoredAs<CancelRedemption> = 2;
template <>
inline constexpr int kStoredAs<EnrollMember> = 3;
template <>
inline constexpr int kStoredAs<LinkIdentifier> = 4;
template <>
inline constexpr int kStoredAs<Scan> = 5;  // without a receipt
template <>
inline constexpr int kStoredAs<Admin> = 6;
template <>
inline constexpr int kStoredAs<Desk> = 7;
template <>
inline constexpr int kStoredAs<UpdateMember> = 8;
template <>
inline constexpr int kStoredAs<SignOn> = 9;
template <>
inline constexpr int kStoredAs<SignOff> = 10;
template <typename... Cs>
constexpr bool AreStoredApart(const std::variant<Cs...>*) {
  return AreDistinct(std::array{kStoredAs<Cs>...});
}
static_assert(AreStoredApart(static_cast<const Payload*>(nullptr)));

// How a kind of command runs, where it differs from others.
template <typename C>
inline constexpr bool kRunsAlone = false;  // in a batch of its own
template <>
inline constexpr bool kRunsAlone<Admin> = true;
template <>
inline constexpr bool kRunsAlone<Step> = true;
template <>
inline constexpr bool kRunsAlone<Desk> = true;  // a row that it takes away is not put again by the same batch
template <typename C>
inline constexpr bool kIsRequest = true;  // somebody's: its answer is stored
template <>
inline constexpr bool kIsRequest<Step> = false;
template <>
inline constexpr bool kIsRequest<NoteRead> = false;
template <>
inline constexpr bool kIsRequest<PinTry> = false;
template <typename C>
inline constexpr bool kPrices = true;  // by the catalogue, so that its snapshot must not be old
template <>
inline constexpr bool kPrices<Admin> = false;
template <>
inline constexpr bool kPrices<NoteRead> = false;
template <>
inline constexpr bool kPrices<PinTry> = false;
template <>
inline constexpr bool kPrices<SignOn> = false;
template <>
inline constexpr bool kPrices<SignOff> = false;

template <typename C>
inline constexpr bool kShowsMember = true;  // its answer has a snapshot of its first subject
template <>
inline constexpr bool kShowsMember<LinkIdentifier> = false;
template <>
inline constexpr bool kShowsMember<Admin> = false;
template <>
inline constexpr bool kShowsMember<Step> = false;
template <>
inline constexpr bool kShowsMember<NoteRead> = false;
template <>
inline constexpr bool kShowsMember<Desk> = false;
template <>
inline constexpr bool kShowsMember<PinTry> = false;
template <>
inline constexpr bool kShowsMember<SignOn> = false;
template <>
inline constexpr bool kShowsMember<SignOff> = false;

// One request.
struct Command {
  std::string request_id;  // unique for its principal
  std::int64_t principal_id = 0;
  Bytes payload_hash;          // over method and canonical payload; stored as Keyed
  Instant deadline = kNever;   // server clock; a command that is still waiting then is dropped
  Instant not_after = kNever;  // server clock; a copy that is new after this is refused
  bool only_decide = false;    // a quote, or training: never for the write path (DecideOnly)
  std::size_t bytes = 0;       // of the request as it was sent: what it takes of a queue's room
  Payload payload;

  bool runs_alone() const {
    return std::visit([]<typename C>(const C&) { return kRunsAlone<C>; }, payload);
  }
  bool is_request() const {
    return std::visit([]<typename C>(const C&) { return kIsRequest<C>; }, payload);
  }
  bool prices() const {
    return std::visit([]<typename C>(const C&) { return kPrices<C>; }, payload);
  }
};

// The member as a till shows it, as of the batch that answered.
struct LiveMember {
  std::string name;  // public
  std::string greeting;
  std::string language;
  Balances balance;
  retention::Facts facts = {};
  retention::LifecycleState lifecycle = {};
  std::vector<ExpiringPoints> expiring = {};
};
LiveMember LiveOf(const storage::MemberRow& member, const absl::TimeZone& zone);

// What a command came to. `bytes` are the stored ones of the method's result message; `result` is that message itself,
// where it was made just now.
struct Answer {
  std::string bytes;
  ResultMessage result = {};
  bool replayed = false;
  bool only_decided = false;  // nothing was written
  std::optional<LiveMember> member = {};
};

using Done = std::function<void(Result<Answer>)>;

}  // namespace loyalty
