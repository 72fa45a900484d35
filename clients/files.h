// Small local files that must survive a crash, and where they live.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace loyalty::client {

// Where the programs keep what must survive them: $XDG_STATE_HOME/loyalty, else ~/.local/state/loyalty.
// Errors: kInvalidArgument when neither variable is set.
Result<std::filesystem::path> DefaultStateDir();

// Makes the directory and its parents, readable by its owner only. One that exists is left as it is.
// Errors: kUnavailable.
Status MakePrivateDirectory(const std::filesystem::path& directory);

// Errors: kUnavailable (unreadable, or larger than `bytes_max`).
Result<std::string> ReadSmallFile(const std::filesystem::path& path, std::size_t bytes_max);

// Replaces the file as a whole, mode 0600, and is back only when file and directory entry are on disk. Content is at
// all times the old or the new one. Errors: kUnavailable.
Status WriteFileDurably(const std::filesystem::path& path, std::string_view content);

// The same for a file that must be new: false when there is one already, which stays as it is. Of several that create
// it at the same time exactly one gets true. Errors: kUnavailable.
Result<bool> CreateFileDurably(const std::filesystem::path& path, std::string_view content);

}  // namespace loyalty::client
