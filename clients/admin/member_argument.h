// A member on the command line: by name or by what identifies it.
#pragma once

#include <string>

#include "clients/arguments.h"

namespace loyalty::client {

struct MemberArgument {
  std::string name;
  IdentifierArguments identifier;

  // [MEMBER] and --card, --phone, --email, --static-token: exactly one of them when Resolve is called.
  void AddTo(const Command& command);
  // `members/{member}`; looks it up when an identifier was given.
  Outcome Resolve(const Session& session, std::string& member) const;
};

}  // namespace loyalty::client
