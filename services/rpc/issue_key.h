// Bearer keys: how they are made, how long they are good, how they end.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <string_view>

#include "services/commands/admin.h"
#include "services/rpc/admin_command.h"
#include "storage/access_keys.h"

namespace loyalty {

// Every key ends. A terminal is at a shop, and its key should not have to be brought there more than once a year.
inline constexpr Instant kKeyLifeMax = 400 * kDayLength;
// From when on a terminal may get its next key by itself.
inline constexpr Instant kRenewableBefore = 60 * kDayLength;
inline constexpr Instant kOverlap = kDayLength;
inline constexpr Instant kOverlapMax = 30 * kDayLength;
// Of a principal, valid at once: whoever has one of a terminal's keys cannot fill the table.
inline constexpr int kValidKeysMax = 10;

// The key that a request gets: derived, not drawn, so that a repeat answers the same one although only its hash is
// stored (ADR 0005). A request id is one for its principal only. lt_ (a terminal's) or lk_ and 64 hexadecimal digits,
// so that a search for keys that leaked has something to go by.
std::string DeriveKey(const KeySet& keys, std::int64_t asked_by, std::string_view request_id, std::string_view name);

// Sends a change that issues a key, and answers the key itself beside its result: it is derived anew for each answer.
// `change(step, hash, secret)`: as of an admin command, with what is stored of the key, and the secret that it is made
// with, which stands in the result; `name`: whose it is to be.
template <typename Request, typename Response, typename Change>
Status IssueKey(Call& call, const Request& request, Response& response, const std::string& name, Change change) {
  const KeySet& maker = call.deps().keys.current;
  const auto key_by = [asked_by = call.caller.principal_id, id = request.request_id(), name](const KeySet& keys) {
    return DeriveKey(keys, asked_by, id, name);
  };
  auto command = AdminCommandFor(call, request,
                                 [change = std::move(change), hash = TokenHash(key_by(maker)),
                                  secret = maker.id](const AdminStep& step) { return change(step, hash, secret); });
  return SubmitWrite(call, std::move(command), [&call, &response, key_by](const Answer& answer) {
    TakeResult(answer, *response.mutable_result());
    // A repeat may come after another secret became current. A request of a secret that is not known got no answer.
    if (const KeySet* then = call.deps().keys.Find(static_cast<KeyId>(response.result().secret_id())))
      response.set_key(key_by(*then));
  });
}

// When a key ends that is issued now. Errors: kInvalidArgument (expire_time).
Result<Instant> EndOfKey(bool has_expire_time, const google::protobuf::Timestamp& expire_time, Instant now);

bool IsValid(const storage::KeyRow& key, Instant now);
Error KeyUnknown();
// `keys/{key}` or a terminal's name. Errors: kInvalidArgument (name).
Status CheckPrincipalName(const std::string& name);

// Within an admin command, all of them.

// A key more for a principal.
storage::KeyRow& AddKey(const AdminStep& step, std::int64_t principal_id, const std::string& hash, Instant expire_time);
// Ends all sessions of operators at a terminal.
void EndSessionsAt(const AdminStep& step, std::int64_t terminal_id);
// How many of a principal's keys are valid. Errors: kTooManyKeys, where there is no room for one more.
Status CheckRoomForKey(const std::vector<storage::KeyRow>& keys, Instant now);
// Revokes what is valid of a principal's keys; with an id only that one. Returns how many those were.
int RevokeKeys(const AdminStep& step, std::int64_t principal_id, std::int64_t key_id = 0);

}  // namespace loyalty
