#include "storage/secrets.h"

#include <algorithm>

#include "storage/program.h"
#include "storage/read_table.h"

namespace loyalty::storage {
namespace {

Error Bad(std::string why) { return Error{Reason::kInternal, std::move(why), {}}; }

Status Compare(const std::vector<SecretRow>& known, const Secrets& secrets) {
  if (known.empty()) return Bad("the database names no secret");
  for (const SecretRow& row : known) {
    const auto at = std::find_if(secrets.all.begin(), secrets.all.end(),
                                 [&row](const Secret& secret) { return secret.id == row.id; });
    const std::string name = "chain key " + std::to_string(row.id);
    if (at == secrets.all.end()) return Bad(name + " of this database is not there");
    if (KeyCheck(at->key) != row.key_check) return Bad(name + " is not the one of this database");
  }
  // The oldest names and finds what is stored: none may come before it.
  if (secrets.all.front().id < known.front().id)
    return Bad("a new chain key needs a higher id than " + std::to_string(known.back().id));
  return Ok{};
}

bool Knows(const std::vector<SecretRow>& known, const Secret& secret) {
  return std::any_of(known.begin(), known.end(), [&secret](const SecretRow& row) { return row.id == secret.id; });
}

}  // namespace

Status CheckSecrets(Session& session, const Secrets& secrets) { return Compare(ReadSecrets(session), secrets); }

Status NoteSecrets(Session& session, const Secrets& secrets, Instant now) {
  const auto known = ReadSecrets(session);
  if (const Status ok = Compare(known, secrets); !ok) return ok;
  for (const Secret& secret : secrets.all) {
    if (Knows(known, secret)) continue;
    try {
      Transaction transaction(session);
      InsertSecret(session, secret, now);
      transaction.Commit();
    } catch (const Failure& failure) {
      if (failure.kind() != FailureKind::kDuplicate) throw;  // else another server was first
    }
  }
  return Compare(ReadSecrets(session), secrets);
}

}  // namespace loyalty::storage
