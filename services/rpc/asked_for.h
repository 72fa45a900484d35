// Calls that tell whether a phone number or an e-mail address is known are counted: who may ask, and what is given
// back.
#pragma once

#include <string>
#include <vector>

#include "services/commands/command.h"
#include "services/queue/deps.h"
#include "services/rpc/request.h"

namespace loyalty {

// What a call asks for, counted before it is looked at. Of cards and printed tokens nothing is counted, nor of callers
// who may list members anyway (the roles of MemberService.ListMembers), nor where the catalogue sets no limit.
class AskedFor {
 public:
  AskedFor() = default;  // nothing

  // Counts what a command would tell. A sale is no look-up: it leaves a receipt. Errors: kLookupLimit.
  static Result<AskedFor> Count(const CallContext& call, const Deps& deps, const Command& command);
  // The same of one identifier.
  static Result<AskedFor> Count(const CallContext& call, const Deps& deps, const Identifier& identifier);

  // It has been answered. `member`: the public name of whom it was about; empty: nobody. What a receipt, an enrolment
  // or a link was made with is given back.
  void Answered(const Answer& answer) const;
  void Found(const std::string& member) const;

 private:
  enum class Means : std::uint8_t {
    kNothing,
    kLookup,
    kSale,    // not counted; gives back what was asked before it
    kEnroll,  // counted unless it is done: a refusal tells that somebody has it
    kLink,
  };

  static Result<AskedFor> Count(const CallContext& call, const Deps& deps, std::vector<std::string> identifiers,
                                Means means);
  // What each command tells.
  struct Tells {
    Means means = Means::kNothing;
    std::vector<const Identifier*> identifiers = {};
  };
  static Tells Of(const Scan& scan, bool only_decide);
  static Tells Of(const Redeem& redeem, bool);
  static Tells Of(const EnrollMember& enroll, bool);
  static Tells Of(const LinkIdentifier& link, bool);
  static Tells Of(const Desk& desk, bool);
  // These name no identifier.
  static Tells Of(const CancelRedemption&, bool) { return {}; }
  static Tells Of(const UpdateMember&, bool) { return {}; }
  static Tells Of(const Admin&, bool) { return {}; }
  static Tells Of(const Step&, bool) { return {}; }
  static Tells Of(const NoteRead&, bool) { return {}; }

  Means means_ = Means::kNothing;
  Lookups* lookups_ = nullptr;
  std::int64_t principal_ = 0;
  std::vector<std::string> identifiers_;  // keys
};

}  // namespace loyalty
