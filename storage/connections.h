// Who else is connected to the database: for whoever has to wait for them.
#pragma once

#include <string>

#include "storage/session.h"

namespace loyalty::storage {

// The connections that keep a statement from a table, on MariaDB and MySQL, each with number, user, host, what it does
// and for how long. Exactly those that hold a table where the plugin metadata_lock_info is installed; else those with a
// transaction open; else all of this database that we may see. At most five. Never throws.
std::string WhoUsesTheDatabase(Session& session);

}  // namespace loyalty::storage
