// The commands of loyalty-till. Each adds itself to the program.
#pragma once

#include "clients/program.h"

namespace loyalty::client {

// Stands below examples of commands that happen at a till.
inline constexpr char kWhichTerminal[] =
    "With an admin key, which belongs to no till, add: --terminal stores/S1/terminals/T1";

void AddScanCommand(Program& program);  // scan and quote
void AddRedeemCommand(Program& program);
void AddCancelCommand(Program& program);
void AddReplayCommand(Program& program);
void AddCurrencyCommand(Program& program);

}  // namespace loyalty::client
