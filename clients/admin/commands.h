// The commands of loyalty-admin. Each adds itself to the program.
#pragma once

#include "clients/program.h"

namespace loyalty::client {

void AddStoreCommands(Program& program);
void AddTerminalCommands(Program& program);
void AddMemberCommands(Program& program);
void AddCardRangeCommands(Program& program);
void AddLedgerCommands(Program& program);
void AddCatalogueCommands(Program& program);
void AddDemoCommand(Program& program);
void AddJobCommands(Program& program);
void AddRetentionCommands(Program& program);
// Those of `retention` that need a server and a classification.
void AddLifecycleCommands(const Command& group, Program& program);

}  // namespace loyalty::client
