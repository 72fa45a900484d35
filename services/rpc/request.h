// What every call goes through before its own work starts, and what requests have in common.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/texts.h"
#include "services/codec/timestamp.h"
#include "services/commands/operators.h"
#include "services/queue/deps.h"
#include "services/rpc/auth.h"

namespace loyalty {

// What the certificate says that a client came with.
struct ClientCertificate {
  std::shared_ptr<const std::vector<std::string>> terminals;  // those that it names; nothing: it names none, or is none
  bool revoked = false;
};

// What a transport knows of a call.
struct CallOrigin {
  std::string_view authorization;         // as it was sent; empty: nothing was
  std::optional<Instant> time_left;       // nothing: the caller sets no deadline
  std::string_view accept_language = {};  // as HTTP has it; empty: nothing was
  std::string_view trace_parent = {};     // as it was sent (W3C Trace Context); empty: nothing was
  ClientCertificate certificate = {};     // as it is now
  std::string_view session = {};          // operator-session, as it was sent; empty: nothing was
  std::string_view approval_key = {};     // as it was sent; empty: nothing was
};

// A call that may go on.
struct CallContext {
  Caller caller;  // without a role: has no key, and the method is open to everybody
  std::shared_ptr<const Snapshot> snapshot;
  const ProgramKeys* keys = nullptr;
  Instant now = 0;
  Instant deadline = 0;       // server clock
  SessionClaim session = {};  // of a terminal
};

// A call without a deadline gets this one: nothing waits for ever.
inline constexpr Instant kDeadlineDefault = 10 * kSecond;
// A copy of a request that arrives later than this after its deadline is refused.
inline constexpr Instant kNotAfterDefault = 30 * kSecond;

// Who calls, may they, is there time left. `method` is the full name in the role table. A snapshot that is too old
// refuses every call: a key may have been revoked since. Errors, in this order: kCertificateRevoked, kUnauthenticated,
// kPermissionDenied, kCertificateOfAnotherTerminal, kDeadlineExceeded, kCatalogueStale.
Result<CallContext> EnterCall(const CallOrigin& origin, std::string_view method, const Deps& deps);

// The first four of these checks alone, for a stream that opens: its messages are calls that pass all of them.
Result<Caller> MayCall(const CallOrigin& origin, std::string_view method, const Deps& deps);
// A certificate that names terminals is theirs, whatever key comes through it. Errors: kCertificateOfAnotherTerminal.
Status CheckCertificate(const ClientCertificate& certificate, const std::string& principal);
// In which people are spoken to: as the caller asks, else that of its store, else of the program. `call`: as far as it
// has been entered.
Language SpokenTo(const CallOrigin& origin, const CallContext& call, const Deps& deps);

// 8 to 64 characters of [A-Za-z0-9_-]. Errors: kInvalidArgument (request_id).
Status CheckRequestId(std::string_view request_id);

// 16 bytes over method and content: what must be equal for a request of a principal to be the same one again. Without
// request_id and not_after, and without what proves a person (approval, pin). Field order and map order do not matter.
Bytes PayloadHash(std::string_view method, const google::protobuf::Message& request);

// The request's not_after, else deadline + kNotAfterDefault.
Instant NotAfter(bool has_not_after, const google::protobuf::Timestamp& not_after, const CallContext& call);

}  // namespace loyalty
