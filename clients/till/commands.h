// What commands of loyalty-till have in common.
#pragma once

#include "clients/program.h"

namespace loyalty::client {

// Stands below examples of commands that happen at a till.
inline constexpr char kWhichTerminal[] =
    "With an admin key, which belongs to no till, add: --terminal stores/S1/terminals/T1";

}  // namespace loyalty::client
