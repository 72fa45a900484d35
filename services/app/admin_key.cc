// loyaltyd admin-key new: for who has lost the key of the administrator, and is at the server's machine.
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "services/app/commands.h"
#include "services/app/key_files.h"
#include "services/rpc/auth.h"
#include "services/rpc/issue_key.h"
#include "storage/access_keys.h"
#include "storage/file_system.h"
#include "storage/ids.h"
#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/secrets.h"

namespace loyalty {

int RunAdminKey(const Options& options, const Clock& clock) {
  const auto url = DatabaseOf(options);
  if (!url) return Complain(kExitUnable, url.error().message);
  const auto secrets = ReadSecrets(options.state_dir);
  if (!secrets) return Complain(kExitUnable, secrets.error().message);
  const std::string out = options.out.empty() ? options.state_dir + "/admin.key" : options.out;
  const auto parent = std::filesystem::path(out).parent_path();
  if (access(parent.empty() ? "." : parent.c_str(), W_OK) != 0)
    return Complain(kExitUnable, "cannot write " + out + ": no key was made");
  if (const Status ok = storage::CheckPlace(*url); !ok) return Complain(kExitRefused, ok.error().message);
  storage::Session session(*url);
  if (const Status schema = storage::CheckSchema(session); !schema)
    return Complain(kExitUnable, schema.error().message);
  if (!storage::ReadProgram(session))
    return Complain(kExitUnable, "the database holds no program: run 'loyaltyd init' first");
  if (const Status ok = storage::CheckSecrets(session, *secrets); !ok)
    return Complain(kExitUnable, options.state_dir + ": " + ok.error().message);
  const std::string token = NewAdminToken();
  const Instant now = clock(), end = now + kKeyLifeMax;
  storage::IdBlock ids;
  ids.Reserve(session, 1);
  storage::Transaction transaction(session);
  storage::InsertAdminKey(session, ids.Take(), TokenHash(token), now, end, DeriveKeys(*secrets));
  transaction.Commit();
  if (const Status ok = WriteSecret(out, token + "\n"); !ok) return Complain(kExitUnable, ok.error().message);
  std::cout << "Made a key of " << storage::kFirstPrincipalName << ": in " << out << ", ends " << FormatTime(end)
            << "\nServers take it within 5 seconds. Its other keys stay valid; revoke what was lost:\n"
            << "  loyalty-admin keys list " << storage::kFirstPrincipalName << "\n  loyalty-admin keys revoke "
            << storage::kFirstPrincipalName << " --id ID\n";
  return kExitOk;
}

}  // namespace loyalty
