// Commands of loyalty-admin that stand below a group of another source.
#pragma once

#include "clients/program.h"

namespace loyalty::client {

// Those of `retention` that need a server and a classification.
void AddLifecycleCommands(const Command& group, Program& program);

// Those of `member` that list members and correct what is known of them.
void AddMemberRecordCommands(const Command& group, Program& program);

}  // namespace loyalty::client
