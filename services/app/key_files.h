// The secrets in the state directory: who may administer, and what seals the ledger.
#pragma once

#include <string>
#include <vector>

#include "domain/result.h"
#include "domain/secrets.h"

namespace loyalty {

// 256 random bits that nobody can mistake for a terminal's key.
std::string NewAdminToken();

// The token in DIR/admin.key, made when the file is not there. Errors: kInternal (cannot be read or written).
Result<std::string> AdminTokenIn(const std::string& state_dir);

// The secrets in DIR/chain.key, from which all keys of the program are made (domain/secrets.h). Errors: kInternal
// (missing, unreadable, not what it should be).
Result<Secrets> ReadSecrets(const std::string& state_dir);
// The same; a first one is made when the file is not there.
Result<Secrets> SecretsIn(const std::string& state_dir);

// A secret file as it is. Errors: kInternal (cannot be read, or is empty).
Result<std::string> ReadSecretFile(const std::string& path);

// Makes DIR with mode 0700 where it is not there. Errors: kInternal.
Status MakeStateDir(const std::string& state_dir);

// Writes a file with mode 0600 that is there as a whole or not at all, also after a power cut. Errors: kInternal.
Status WriteSecret(const std::string& path, std::string_view text);

// The names and addresses in a text that separates them by commas. Errors: kInvalidArgument (--tls-names).
Result<std::vector<std::string>> ParseTlsNames(const std::string& text);

// Writes DIR/tls.crt and DIR/tls.key: P-256, ten years, for localhost, this machine's name and `names`. Errors:
// kInternal.
Status MakeSelfSigned(const std::string& state_dir, const std::vector<std::string>& names);

}  // namespace loyalty
