// Whether a SQLite database may lie where it is to lie.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/result.h"
#include "storage/url.h"

namespace loyalty::storage {

// The name of the file system when SQLite's log (WAL) cannot be trusted on it; nothing for all others. `magic`: f_type
// of statfs; `type`: its name in /proc/self/mountinfo, for instance "ext4" or "fuse.sshfs"; empty: not known.
std::optional<std::string> UnfitFileSystem(std::uint32_t magic, std::string_view type);

// Looks at the database's file, or at its directory where there is no file yet. Fine for MariaDB and for databases in
// memory. Errors: kInternal (says which file system, why not, and what to do).
Status CheckPlace(const DatabaseUrl& url);

}  // namespace loyalty::storage
