// The commands of loyalty-till. Each adds itself to the program.
#pragma once

#include "clients/program.h"

namespace loyalty::client {

void AddScanCommand(Program& program);  // scan and quote
void AddRedeemCommand(Program& program);
void AddCancelCommand(Program& program);
void AddReplayCommand(Program& program);
void AddCurrencyCommand(Program& program);

}  // namespace loyalty::client
