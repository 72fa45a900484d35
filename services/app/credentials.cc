#include "services/app/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/ssl.h>

#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace loyalty {
namespace {

// How often certificate files are looked at.
constexpr unsigned kReloadSeconds = 10;

// A name that merely begins like an address (127.example.com) is none.
bool IsLoopback(const std::string& host) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  return no_address ? host == "localhost" : address.is_loopback();
}

// A certificate that does not fit its key would only show when the first till connects.
Status CheckFiles(const Options& options) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (SSL_CTX_use_certificate_chain_file(context.get(), options.tls_cert.c_str()) != 1)
    return InvalidField("--tls-cert", "cannot read a PEM certificate from " + options.tls_cert);
  if (SSL_CTX_use_PrivateKey_file(context.get(), options.tls_key.c_str(), SSL_FILETYPE_PEM) != 1)
    return InvalidField("--tls-key", "cannot read the private key of the certificate from " + options.tls_key);
  if (!options.tls_client_ca.empty() &&
      SSL_CTX_load_verify_locations(context.get(), options.tls_client_ca.c_str(), nullptr) != 1)
    return InvalidField("--tls-client-ca", "cannot read PEM certificates from " + options.tls_client_ca);
  return Ok{};
}

}  // namespace

Result<HostPort> ParseHostPort(const std::string& flag, const std::string& text) {
  const Error invalid = InvalidField(flag, "HOST:PORT, for instance 127.0.0.1:50051 or [::1]:50051");
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return invalid;
  HostPort out;
  out.host = text.substr(0, colon);
  if (out.host.front() == '[' && out.host.back() == ']') {
    out.host = out.host.substr(1, out.host.size() - 2);
  } else if (out.host.find(':') != std::string::npos) {
    return invalid;
  }
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, out.port);
  if (error != std::errc() || rest != end || out.port < 0 || out.port > 65'535) return invalid;
  return out;
}

Result<std::shared_ptr<grpc::ServerCredentials>> CredentialsOf(const Options& options) {
  const auto listen = ParseHostPort("--listen", options.listen);
  if (!listen) return listen.error();
  if (options.insecure) {
    if (!options.tls_cert.empty() || !options.tls_key.empty() || !options.tls_client_ca.empty())
      return InvalidField("--insecure", "excludes --tls-cert, --tls-key and --tls-client-ca: give one or the other");
    if (!IsLoopback(listen->host))
      return InvalidField("--insecure",
                          "without TLS only on a loopback address such as 127.0.0.1: keys and purchases "
                          "would cross the network in the clear; use --tls-cert and --tls-key");
    return grpc::InsecureServerCredentials();
  }
  if (options.tls_cert.empty() || options.tls_key.empty())
    return InvalidField("--tls-cert",
                        "name --tls-cert and --tls-key ('loyaltyd init --self-signed' makes them), or "
                        "--insecure on a loopback address");
  if (const Status ok = CheckFiles(options); !ok) return ok.error();
  namespace tls = grpc::experimental;
  const bool mutual = !options.tls_client_ca.empty();
  const auto provider =
      mutual ? std::make_shared<tls::FileWatcherCertificateProvider>(options.tls_key, options.tls_cert,
                                                                     options.tls_client_ca, kReloadSeconds)
             : std::make_shared<tls::FileWatcherCertificateProvider>(options.tls_key, options.tls_cert, kReloadSeconds);
  tls::TlsServerCredentialsOptions settings(provider);
  settings.watch_identity_key_cert_pairs();
  if (mutual) settings.watch_root_certs();
  settings.set_cert_request_type(mutual ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                        : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  return tls::TlsServerCredentials(settings);
}

}  // namespace loyalty
