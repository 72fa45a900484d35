#include "services/app/certificate_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>

#include <ctime>
#include <fstream>
#include <sstream>
#include <vector>

#include "services/app/openssl.h"

namespace loyalty {
namespace {

// Three small files are read in no time, and a look that reads them cannot be deceived by their times.
constexpr std::chrono::seconds kLookInterval{1};

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Nobody is there to be asked for a password: without this, OpenSSL would ask the terminal.
int NoPassword(char*, int, int, void*) { return 0; }

PrivateKey KeyIn(const std::string& text) {
  const Memory memory = MemoryOf(text);
  PrivateKey key(PEM_read_bio_PrivateKey(memory.get(), nullptr, NoPassword, nullptr));
  ERR_clear_error();
  return key;
}

}  // namespace

CertificateFiles ReadCertificates(const CertificateFiles& paths) {
  return {ReadAll(paths.certificate), ReadAll(paths.key),
          paths.client_authority.empty() ? "" : ReadAll(paths.client_authority)};
}

Status CheckCertificates(const CertificateFiles& paths, const CertificateFiles& texts) {
  const auto chain = CertificatesIn(texts.certificate);
  const TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (chain.empty() || SSL_CTX_use_certificate(context.get(), chain.front().get()) != 1)
    return InvalidField("--tls-cert", "cannot read a PEM certificate from " + paths.certificate);
  const PrivateKey key = KeyIn(texts.key);
  if (!key) return InvalidField("--tls-key", "cannot read a PEM private key without a password from " + paths.key);
  const bool fits = SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1;
  ERR_clear_error();
  if (!fits)
    return InvalidField("--tls-key",
                        "the private key in " + paths.key + " is not that of the certificate in " + paths.certificate);
  if (!paths.client_authority.empty() && CertificatesIn(texts.client_authority).empty())
    return InvalidField("--tls-client-ca", "cannot read PEM certificates from " + paths.client_authority);
  return Ok{};
}

CertificateWatch::CertificateWatch(CertificateFiles paths, CertificateFiles texts)
    : paths_(std::move(paths)), used_(std::move(texts)), looks_(kLookInterval, [this] { Look(); }) {}

std::optional<CertificateFiles> CertificateWatch::TakeNew() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (std::exchange(taken_, true)) return std::nullopt;
  return used_;
}

bool CertificateWatch::refused() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return refused_;
}

std::vector<std::int64_t> CertificateWatch::ends() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::int64_t> ends;
  for (const std::string* text : {&used_.certificate, &used_.client_authority})
    for (const Certificate& certificate : CertificatesIn(*text)) {
      std::tm end{};
      if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) == 1) ends.push_back(timegm(&end));
    }
  return ends;
}

std::string CertificateWatch::client_authority() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return used_.client_authority;
}

void CertificateWatch::Look() {
  CertificateFiles found = ReadCertificates(paths_);
  const Status fits = CheckCertificates(paths_, found);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!fits) {
    const bool known = misfit_ == found;
    misfit_ = std::move(found);
    if (!known || std::exchange(refused_, true)) return;
    return spdlog::error(
        "the files of TLS have changed and cannot be used: {}; handshakes go on with those from before: put a "
        "certificate and its key into {} and {}",
        fits.error().message, paths_.certificate, paths_.key);
  }
  misfit_ = {};
  refused_ = false;
  if (found == used_) return;
  used_ = std::move(found);
  taken_ = false;
  spdlog::info("new handshakes use the certificate that now lies in {}", paths_.certificate);
}

}  // namespace loyalty
