// The secrets in the state directory: who may administer, and what seals the ledger.
#pragma once

#include <string>

#include "domain/ledger.h"

namespace loyalty {

// 256 random bits that nobody can mistake for a terminal's key.
std::string NewAdminToken();

// The token in DIR/admin.key, made when the file is not there. Errors: kInternal (cannot be read or written).
Result<std::string> AdminTokenIn(const std::string& state_dir);

// The key in DIR/chain.key: 64 hexadecimal digits. Errors: kInternal (missing, unreadable, not a key).
Result<ChainKey> ReadChainKey(const std::string& state_dir);
// The same; made when the file is not there.
Result<ChainKey> ChainKeyIn(const std::string& state_dir);

// What the database knows of the key: enough to tell another key, nothing to find it.
std::string ChainKeyCheck(const ChainKey& key);

// Makes DIR with mode 0700 where it is not there. Errors: kInternal.
Status MakeStateDir(const std::string& state_dir);

// Writes a file with mode 0600 that is there as a whole or not at all, also after a power cut. Errors: kInternal.
Status WriteSecret(const std::string& path, std::string_view text);

// Writes DIR/tls.crt and DIR/tls.key: P-256, ten years, for localhost and this machine's name. Errors: kInternal.
Status MakeSelfSigned(const std::string& state_dir);

}  // namespace loyalty
