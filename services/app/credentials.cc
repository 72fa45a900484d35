#include "services/app/credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpcpp/grpcpp.h>

#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace loyalty {
namespace {

// A name that merely begins like an address (127.example.com) is none.
bool IsLoopback(const std::string& host) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  return no_address ? host == "localhost" : address.is_loopback();
}

// gRPC's own watcher of files (FileWatcherCertificateProvider) takes a certificate and a key that do not belong
// together, and from then on no handshake succeeds and nothing is said. Its C API asks before each handshake what is to
// be used.
class WatchedCredentials final : public grpc::ServerCredentials {
 public:
  explicit WatchedCredentials(CertificateWatch& files, bool mutual) {
    const auto request =
        mutual ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
    credentials_ = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(request, Fetch, &files));
  }
  ~WatchedCredentials() override { grpc_server_credentials_release(credentials_); }
  WatchedCredentials(const WatchedCredentials&) = delete;
  WatchedCredentials& operator=(const WatchedCredentials&) = delete;

  // Keys travel in calls and are checked by their handlers.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(void* files, grpc_ssl_server_certificate_config** config) {
    const auto texts = static_cast<CertificateWatch*>(files)->TakeNew();
    if (!texts) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair{texts->key.c_str(), texts->certificate.c_str()};
    // It wants an authority also where no client is asked for a certificate; then it is never looked at.
    const std::string& authority = texts->client_authority.empty() ? texts->certificate : texts->client_authority;
    *config = grpc_ssl_server_certificate_config_create(authority.c_str(), &pair, 1);  // copies
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  grpc_server_credentials* credentials_ = nullptr;
};

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

Result<Credentials> CredentialsOf(const Options& options) {
  bool only_here = true;
  for (const auto& [flag, address] :
       {std::pair("--listen", &options.listen), {"--admin-listen", &options.admin_listen}}) {
    if (address->empty()) continue;
    const auto listen = ParseHostPort(flag, *address);
    if (!listen) return listen.error();
    only_here = only_here && IsLoopback(listen->host);
  }
  if (options.insecure) {
    if (!options.tls_cert.empty() || !options.tls_key.empty() || !options.tls_client_ca.empty() ||
        !options.tls_crl_dir.empty())
      return InvalidField("--insecure",
                          "excludes --tls-cert, --tls-key, --tls-client-ca and --tls-crl-dir: give one or the other");
    if (!only_here)
      return InvalidField("--insecure",
                          "without TLS only on a loopback address such as 127.0.0.1: keys and purchases "
                          "would cross the network in the clear; use --tls-cert and --tls-key");
    return Credentials{nullptr, grpc::InsecureServerCredentials()};
  }
  if (options.tls_cert.empty() || options.tls_key.empty())
    return InvalidField("--tls-cert",
                        "name --tls-cert and --tls-key ('loyaltyd init --self-signed' makes them), or "
                        "--insecure on a loopback address");
  if (!options.tls_crl_dir.empty() && options.tls_client_ca.empty())
    return InvalidField("--tls-crl-dir", "goes with --tls-client-ca: clients are asked for no certificate without it");
  const CertificateFiles paths{options.tls_cert, options.tls_key, options.tls_client_ca};
  CertificateFiles texts = ReadCertificates(paths);
  // One that does not fit its key would only show when the first till connects.
  if (const Status ok = CheckCertificates(paths, texts); !ok) return ok.error();
  Credentials out;
  out.files = std::make_shared<CertificateWatch>(paths, std::move(texts));
  out.grpc = std::make_shared<WatchedCredentials>(*out.files, !options.tls_client_ca.empty());
  return out;
}

}  // namespace loyalty
