#include "services/grpc/call_sources.h"

#include "services/catalogue/snapshot.h"

namespace loyalty {

CallSource CallSources::Of(const grpc::ServerContextBase& context) const {
  CallSource source;
  source.connection = context.peer();
  std::string forwarded;
  if (!trusted_.empty())
    for (auto [line, end] = context.client_metadata().equal_range("x-forwarded-for"); line != end; ++line)
      forwarded.append(forwarded.empty() ? "" : ",").append(line->second.data(), line->second.size());
  const auto address = AddressOfCaller(source.connection, forwarded, trusted_);
  source.network = address ? NetworkOf(*address) : source.connection;
  if (const auto caller = CallerOf(context)) source.principal = caller->principal_id;
  return source;
}

std::optional<Caller> CallSources::CallerOf(const grpc::ServerContextBase& context) const {
  const auto key = context.client_metadata().find("authorization");
  if (key == context.client_metadata().end()) return std::nullopt;
  const auto caller = Authenticate(*deps_.snapshots.Newest(), {key->second.data(), key->second.size()}, deps_.clock());
  return caller ? std::optional(*caller) : std::nullopt;
}

}  // namespace loyalty
