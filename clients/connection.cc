#include "clients/connection.h"

#include <string_view>
#include <thread>

#include "clients/files.h"
#include "clients/language.h"
#include "clients/loopback.h"
#include "clients/request_ids.h"
#include "clients/text.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kKeyFileBytesMax = 4'096;
constexpr std::size_t kCaFileBytesMax = 1 << 20;
constexpr int kKeepaliveMs = 60'000;  // servers of ours allow a ping every 30 s
constexpr int kReconnectFirstMs = 100;
constexpr int kReconnectMaxMs = 2'000;  // below the backoff of the retries, so that each of them really tries

// All servers behind a name share the load. No retryPolicy: retries belong to RetryLoop, which knows about request ids
// and counts them once.
constexpr char kServiceConfig[] = R"({"loadBalancingConfig": [{"round_robin": {}}]})";

Outcome ReadKey(const std::filesystem::path& path, std::string& key,
                const char* advice = "--key-file names the file with the key of this client") {
  const auto content = ReadSmallFile(path, kKeyFileBytesMax);
  if (!content) return LocalFailure(content.error().message, advice);
  std::string_view line = std::string_view(*content).substr(0, content->find_first_of("\r\n"));
  line = Trim(line);
  // Anything else than visible ASCII cannot travel in a header; gRPC would drop the call without a word.
  const bool visible =
      line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=:") == line.npos;
  if (line.empty() || !visible)
    return LocalFailure("key file " + path.string() + " does not hold a key in its first line");
  key = line;
  return {};
}

// The certificate of this client. Failures: kUsage, kLocalIo.
Outcome ReadIdentity(const ConnectionOptions& options, grpc::SslCredentialsOptions& tls) {
  if (options.cert_file.empty() != options.cert_key_file.empty())
    return UsageFailure("a certificate and its key go together", "use both --cert FILE and --cert-key FILE");
  if (options.cert_file.empty()) return {};
  auto chain = ReadSmallFile(options.cert_file, kCaFileBytesMax);
  if (!chain || chain->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    return LocalFailure(chain ? options.cert_file.string() + " holds no certificate in PEM" : chain.error().message,
                        "--cert names the certificate of this client");
  auto key = ReadSmallFile(options.cert_key_file, kCaFileBytesMax);
  // Also of a key of a certain kind: BEGIN EC PRIVATE KEY.
  if (!key || key->find("PRIVATE KEY-----") == std::string::npos)
    return LocalFailure(key ? options.cert_key_file.string() + " holds no private key in PEM" : key.error().message,
                        "--cert-key names the private key of the certificate, without a password");
  tls.pem_cert_chain = *std::move(chain);
  tls.pem_private_key = *std::move(key);
  return {};
}

}  // namespace

Outcome Connection::Open(const ConnectionOptions& options, Connection& connection) {
  if (options.server.empty()) return UsageFailure("no server given", "use --server HOST:PORT or LOYALTY_SERVER");
  if (options.key_file.empty() && !options.keyless)
    return UsageFailure("no key given", "use --key-file FILE or LOYALTY_KEY_FILE");
  if (options.insecure == !options.ca_file.empty())
    return UsageFailure(options.insecure ? "--insecure and --ca exclude each other" : "how to reach the server is open",
                        "use --ca FILE for TLS, or --insecure on this machine or a private network");
  if (options.insecure && !(options.cert_file.empty() && options.cert_key_file.empty()))
    return UsageFailure("--insecure and --cert exclude each other",
                        "a certificate is shown over TLS only: use --ca FILE");
  std::string key;
  if (!options.keyless)
    if (auto failed = ReadKey(options.key_file, key)) return failed;
  // The file is there while somebody is signed on.
  if (!options.session_file.empty() && std::filesystem::exists(options.session_file))
    if (auto failed = ReadKey(options.session_file, connection.session_, "sign on again")) return failed;
  if (!options.approval_key_file.empty())
    if (auto failed = ReadKey(options.approval_key_file, connection.approval_key_,
                              "--approval-key-file names the file with the key of who approves"))
      return failed;
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (options.insecure) {
    credentials = grpc::InsecureChannelCredentials();
  } else {
    auto certificates = ReadSmallFile(options.ca_file, kCaFileBytesMax);
    if (!certificates) return LocalFailure(certificates.error().message, "--ca names the server's certificate in PEM");
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = *std::move(certificates);
    if (auto failed = ReadIdentity(options, tls)) return failed;
    credentials = grpc::SslCredentials(tls);
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirstMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  arguments.SetServiceConfigJSON(kServiceConfig);
  // A proxy of the environment (http_proxy, https_proxy, grpc_proxy) is the way to other machines; it cannot reach this
  // one, or would reach its own.
  if (IsOnLoopback(options.server)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  connection.channel_ = grpc::CreateCustomChannel(options.server, credentials, arguments);
  connection.server_ = options.server;
  if (!options.keyless) {
    connection.caller_ = Fingerprint(std::filesystem::absolute(options.key_file).lexically_normal().string());
    connection.authorization_ = "Bearer " + key;
  }
  connection.timeout_ = std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000));
  return {};
}

void Connection::Prepare(grpc::ClientContext& context, std::chrono::milliseconds deadline) const {
  if (!authorization_.empty()) context.AddMetadata("authorization", authorization_);
  if (!session_.empty()) context.AddMetadata("operator-session", session_);
  if (!approval_key_.empty()) context.AddMetadata("approval-key", approval_key_);
  context.AddMetadata("accept-language", std::string(TagOf(OwnLanguage())));
  context.set_deadline(std::chrono::system_clock::now() + deadline);
}

void Connection::Wait(std::chrono::milliseconds time) const {
  const auto until = std::chrono::system_clock::now() + time;
  channel_->WaitForConnected(until);
  std::this_thread::sleep_until(until);
}

}  // namespace loyalty::client
