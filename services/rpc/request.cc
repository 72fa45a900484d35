#include "services/rpc/request.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "services/catalogue/snapshot.h"

namespace loyalty {
namespace {

// What begins every token of a session, before the number of its operator.
constexpr std::string_view kSessionPrefix = "ls_";
// Longer values are no tokens of ours and are not worth a hash.
constexpr std::size_t kSessionBytesMax = 128;

// What a terminal claims by what it sent. What is no token of ours is a claim all the same, and is never good.
SessionClaim ReadSession(std::string_view token) {
  SessionClaim claim;
  claim.is_made = !token.empty();
  if (token.size() > kSessionBytesMax || !token.starts_with(kSessionPrefix)) return claim;
  const std::string_view rest = token.substr(kSessionPrefix.size());
  std::int64_t operator_id = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), operator_id);
  if (error != std::errc() || operator_id <= 0 || end == rest.data() + rest.size() || *end != '_') return claim;
  claim.operator_id = operator_id;
  claim.hash = TokenHash(token);
  return claim;
}

Result<Caller> CallerOf(const Snapshot& snapshot, const CallOrigin& origin, std::string_view method, Instant now) {
  if (origin.certificate.revoked)
    return Error{Reason::kCertificateRevoked, "the certificate of this client was revoked", {}};
  // A key that was sent must be good, also where none is needed.
  auto caller = origin.authorization.empty() ? Caller{} : Authenticate(snapshot, origin.authorization, now);
  if (!caller) return caller;
  if (const Status allowed = Authorise(method, *caller); !allowed) return allowed.error();
  // Whoever has no key says in the request which terminal it is about.
  if (caller->role != Role::kNone)
    if (const Status own = CheckCertificate(origin.certificate, caller->principal); !own) return own.error();
  return caller;
}

// Adds the fields of a serialised request that are its content: neither what names the copy nor until when it is good,
// nor who says so.
void HashContent(const google::protobuf::Descriptor& type, const std::string& all, crypto_generichash_state& hash) {
  using google::protobuf::internal::WireFormatLite;
  const auto number_of = [&type](const char* name) {
    const auto* field = type.FindFieldByName(name);
    return field == nullptr ? 0 : field->number();
  };
  // No PIN either: who has the hash might try them all.
  const std::array left_out{number_of("request_id"), number_of("not_after"), number_of("approval"), number_of("pin")};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(all.data());
  google::protobuf::io::CodedInputStream input(bytes, static_cast<int>(all.size()));
  while (true) {
    const int start = input.CurrentPosition();
    const std::uint32_t tag = input.ReadTag();
    if (tag == 0 || !WireFormatLite::SkipField(&input, tag)) return;  // the end: these bytes are our own
    const int number = WireFormatLite::GetTagFieldNumber(tag);
    if (std::find(left_out.begin(), left_out.end(), number) != left_out.end()) continue;
    crypto_generichash_update(&hash, bytes + start, static_cast<std::size_t>(input.CurrentPosition() - start));
  }
}

}  // namespace

Status CheckCertificate(const ClientCertificate& certificate, const std::string& principal) {
  if (!certificate.terminals) return Ok{};
  const auto& terminals = *certificate.terminals;
  if (std::find(terminals.begin(), terminals.end(), principal) != terminals.end()) return Ok{};
  return Error{Reason::kCertificateOfAnotherTerminal,
               "the certificate of this client is that of " + terminals.front() + ", the key is another's",
               {{"terminal", terminals.front()}}};
}

Result<CallContext> EnterCall(const CallOrigin& origin, std::string_view method, const Deps& deps) {
  CallContext call;
  call.now = deps.clock();
  call.keys = &deps.keys;
  call.snapshot = deps.snapshots.Newest();
  const auto caller = CallerOf(*call.snapshot, origin, method, call.now);
  if (!caller) return caller.error();
  call.caller = *caller;
  if (caller->role == Role::kTerminal) call.session = ReadSession(origin.session);
  call.deadline = call.now + (origin.time_left ? std::clamp<Instant>(*origin.time_left, 0, kHour) : kDeadlineDefault);
  if (call.deadline <= call.now)
    return Error{Reason::kDeadlineExceeded, "the deadline passed before the call began", {}};
  auto fresh = deps.snapshots.Get();
  if (!fresh) return fresh.error();
  call.snapshot = *fresh;
  return call;
}

Language SpokenTo(const CallOrigin& origin, const CallContext& call, const Deps& deps) {
  const auto snapshot = call.snapshot ? call.snapshot : deps.snapshots.Newest();
  const auto name = snapshot->store_names.find(call.caller.store_id);
  const auto store = name == snapshot->store_names.end() ? snapshot->stores.end() : snapshot->stores.find(name->second);
  const Language own = LanguageOf(store == snapshot->stores.end() ? snapshot->language : store->second.language);
  return LanguageOf(origin.accept_language, own);
}

Result<Caller> MayCall(const CallOrigin& origin, std::string_view method, const Deps& deps) {
  return CallerOf(*deps.snapshots.Newest(), origin, method, deps.clock());
}

Status CheckRequestId(std::string_view request_id) {
  const bool valid =
      request_id.size() >= 8 && request_id.size() <= 64 &&
      std::all_of(request_id.begin(), request_id.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      });
  if (!valid) return InvalidField("request_id", "8 to 64 characters of [A-Za-z0-9_-]; a UUID is right");
  return Ok{};
}

Bytes PayloadHash(std::string_view method, const google::protobuf::Message& request) {
  std::string all;
  {
    google::protobuf::io::StringOutputStream stream(&all);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  constexpr std::size_t kHash = 16;
  crypto_generichash_state hash;
  crypto_generichash_init(&hash, nullptr, 0, kHash);
  const std::string name = std::string(method) + '\0';
  crypto_generichash_update(&hash, reinterpret_cast<const unsigned char*>(name.data()), name.size());
  HashContent(*request.GetDescriptor(), all, hash);
  Bytes out{std::string(kHash, '\0')};
  crypto_generichash_final(&hash, reinterpret_cast<unsigned char*>(out.value.data()), kHash);
  return out;
}

Instant NotAfter(bool has_not_after, const google::protobuf::Timestamp& not_after, const CallContext& call) {
  return has_not_after ? ToInstant(not_after) : call.deadline + kNotAfterDefault;
}

}  // namespace loyalty
