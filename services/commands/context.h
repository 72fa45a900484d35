// What every decision sees, and what it says about itself. A command is a struct and four functions that the compiler
// finds by its type, so that a forgotten one does not compile:
//
//   void NeedsOf(const C&, const WorkingSet&, const Rules&, Needs&);
//       what must be known and held before it is decided; of an empty set: the names, for the router
//   Subjects SubjectsOf(const C&, const WorkingSet&);
//       the members it is about, as far as the set knows
//   Result<D> Decide(Context&, const C&);
//       what it does to the set; what was done before a refusal is undone (Attempt)
//   ResultMessage ResultOf(const D&);
//       its answer, in a file of its own: the codec
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "domain/keys.h"
#include "domain/result.h"
#include "services/catalogue/snapshot.h"
#include "storage/needs.h"
#include "storage/working_set.h"

namespace google::protobuf {
class Message;
}

namespace loyalty {

struct Place;
using storage::Needs;
using storage::WorkingSet;
using Subjects = std::set<std::int64_t>;
using ResultMessage = std::shared_ptr<const google::protobuf::Message>;

// Whether numbers that are stored tell what has them apart; 0 is none.
template <std::size_t Count>
constexpr bool AreDistinct(std::array<int, Count> numbers) {
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 1; i < Count; ++i)
    if (numbers[i] != 0 && numbers[i] == numbers[i - 1]) return false;
  return true;
}

// What commands are judged by: the same for all of a batch.
struct Rules {
  const Snapshot& snapshot;
  const ProgramKeys& keys;
  Instant now = 0;

  Day today() const { return DayOf(now, snapshot.zone); }
};

// Ids and names for what a decision makes, drawn before it: a decision draws nothing itself. Ids ascend in the order of
// the commands of a batch.
struct Draws {
  std::int64_t id = 0;                 // of the receipt or command
  std::array<std::int64_t, 2> more{};  // of what it makes, as many as Needs::NewId asked for
  std::int64_t name = 0;               // 64 random bits, where Needs::NewName asked
  Bytes secret;                        // 32 random bytes, where Needs::NewSecret asked
};
inline constexpr std::int64_t kIdsPerCommand = 3;

struct Context {
  WorkingSet& set;
  const Rules& rules;
  Draws draws;
  storage::Session& session;  // for commands that are SQL themselves: administration, steps of jobs
  std::int64_t principal_id = 0;
};

// What a decision leaves in the books: a receipt, or a row of commands. It is written by whoever runs decisions.
struct Outcome {
  bool is_receipt = false;            // the row is in the set, by its id
  std::int64_t replayed_receipt = 0;  // the receipt was recorded before: its answer is the answer
  storage::CommandRow command;        // else: place, operator, member and entries
  bool nothing = false;               // it came to nothing: not even what it looked at is written
};

// The member of a name that the set has resolved; nullptr: there is none, or it was not locked.
const storage::MemberRow* MemberOf(const WorkingSet& set, const std::string& code);

// A member that a command is about: it is locked, and what time has made due for it is read.
void NeedMember(std::int64_t member_id, const WorkingSet& set, const Rules& rules, Needs& needs);
// The owner of an identifier, by its code.
void NeedOwner(const std::string& code, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects OwnerOf(const std::string& code, const WorkingSet& set);

// The member an identifier belongs to, or why it cannot be used: kMemberUnknown, kIdentifierBlocked, kMemberBlocked.
Result<std::int64_t> FindActiveMember(const WorkingSet& set, const std::string& code);

// A new member in the set; nothing is stored below it.
storage::MemberRow& AddMember(Context& context, bool anonymous, const std::string& language, std::int64_t store_id);

// members/{member}/redemptions/{redemption}.
std::string RedemptionName(const std::string& member, std::int64_t name);

// What was stored was made with a key that this server was not given: kUnavailable, for another one has it.
Error KeyMissing();

// Checks a till's time: 40 days behind to 5 minutes ahead; an admin's may lie in any past since 1900. Errors:
// kBusinessTimeOutOfRange.
Status CheckBusinessTime(Instant business_time, const Place& place, Instant now);

}  // namespace loyalty
