#include "services/grpc/call_sources.h"

#include <grpc/grpc_security_constants.h>

#include "services/catalogue/snapshot.h"

namespace loyalty {
namespace {

// As nginx has it in $ssl_client_escaped_cert, and its ingress in this header.
constexpr const char* kCertificateHeader = "ssl-client-cert";

std::string FirstOf(const grpc::AuthContext& context, const char* property) {
  const auto values = context.FindPropertyValues(property);
  return values.empty() ? "" : std::string(values.front().data(), values.front().size());
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// What %XX stands for.
std::string Unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? DigitOf(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : DigitOf(text[i + 2]);
    if (low < 0) {
      plain += text[i];
    } else {
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return plain;
}

}  // namespace

CallSource CallSources::Of(const grpc::ServerContextBase& context) const {
  CallSource source;
  source.connection = context.peer();
  source.network = NetworkOf(source.connection, context);
  if (const auto caller = CallerOf(context)) source.principal = caller->principal_id;
  return source;
}

std::string CallSources::NetworkOf(const grpc::ServerContextBase& context) const {
  return NetworkOf(context.peer(), context);
}

std::string CallSources::NetworkOf(const std::string& connection, const grpc::ServerContextBase& context) const {
  std::string forwarded;
  if (!trusted_.empty())
    for (auto [line, end] = context.client_metadata().equal_range("x-forwarded-for"); line != end; ++line)
      forwarded.append(forwarded.empty() ? "" : ",").append(line->second.data(), line->second.size());
  const auto address = AddressOfCaller(connection, forwarded, trusted_);
  return address ? loyalty::NetworkOf(*address) : connection;
}

ClientCertificate CallSources::CertificateOf(const grpc::ServerContextBase& context) const {
  if (!judge_) return {};
  if (const auto connection = context.auth_context()) {
    // At a server the chain lacks what it is the chain of.
    std::string own = FirstOf(*connection, GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (!own.empty()) {
      own += FirstOf(*connection, GRPC_X509_PEM_CERT_CHAIN_PROPERTY_NAME);
      if (auto judged = judge_(own); judged.terminals || judged.revoked) return judged;
    }
  }
  const auto header = context.client_metadata().find(kCertificateHeader);
  if (header == context.client_metadata().end() || trusted_.empty()) return {};
  const auto peer = ParseAddress(context.peer());
  if (!peer || !AnyContains(trusted_, *peer)) return {};
  return judge_(Unescaped({header->second.data(), header->second.size()}));
}

std::optional<Caller> CallSources::CallerOf(const grpc::ServerContextBase& context) const {
  const auto key = context.client_metadata().find("authorization");
  if (key == context.client_metadata().end()) return std::nullopt;
  const auto caller = Authenticate(*deps_.snapshots.Newest(), {key->second.data(), key->second.size()}, deps_.clock());
  return caller ? std::optional(*caller) : std::nullopt;
}

}  // namespace loyalty
