// An admin command that simulation and tests of batches both send.
#pragma once

#include <string>

#include "services/commands/admin.h"

namespace loyalty::test {

// Makes a store with a row of audit; refuses with kStoreExists when there is one of that name.
Admin CreateStoreNamed(std::string name);

}  // namespace loyalty::test
