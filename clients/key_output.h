// Keys that a server issues: into a file that only its owner can read, never into a log.
#pragma once

#include <string>

#include "clients/failure.h"

namespace loyalty::client {

// Whether a key could be written there, asked before one is issued. Failures: kLocalIo.
Outcome CheckKeyFile(const std::string& file);

// The key as the file's only line, mode 0600, in place of what was there; without a file on stdout, once. The request
// that asked for it stays unfinished until then: repeated, it answers the same key. Failures: kLocalIo.
Outcome KeepKey(const std::string& file, const std::string& key);

}  // namespace loyalty::client
