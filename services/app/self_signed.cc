// A certificate for a first try on this machine.
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sodium.h>
#include <unistd.h>

#include <memory>
#include <sstream>

#include "services/app/key_files.h"
#include "services/app/openssl.h"

namespace loyalty {
namespace {

constexpr long kTenYears = 3'650L * 86'400;

std::string HostName() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

bool IsAddress(const std::string& text) {
  in6_addr place{};
  return inet_pton(AF_INET, text.c_str(), &place) == 1 || inet_pton(AF_INET6, text.c_str(), &place) == 1;
}

bool AddExtension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

Certificate Sign(EVP_PKEY* key, const std::vector<std::string>& further) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::uint64_t serial = 0;
  randombytes_buf(&serial, sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  // A little in the past, for clients whose clocks are behind.
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kTenYears);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("loyaltyd"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const std::string host = HostName();
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1" + (host.empty() || host == "localhost" ? "" : ",DNS:" + host);
  for (const auto& wish : further) names += (IsAddress(wish) ? ",IP:" : ",DNS:") + wish;
  const bool complete = AddExtension(certificate.get(), NID_subject_alt_name, names) &&
                        AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE") &&
                        AddExtension(certificate.get(), NID_subject_key_identifier, "hash") &&
                        AddExtension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
                        X509_sign(certificate.get(), key, EVP_sha256()) > 0;
  return complete ? std::move(certificate) : nullptr;
}

std::string Contents(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<std::vector<std::string>> ParseTlsNames(const std::string& text) {
  constexpr std::size_t kNameMax = 253;  // of a name in the DNS
  std::vector<std::string> names;
  std::istringstream parts(text);
  for (std::string name; std::getline(parts, name, ',');) {
    // Nothing that means something in a list of OpenSSL's.
    const bool plain = name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.*") ==
                       std::string::npos;
    if (name.empty() || name.size() > kNameMax || (!plain && !IsAddress(name)))
      return InvalidField("--tls-names",
                          "names and addresses separated by commas, for instance points.example,192.0.2.7");
    names.push_back(std::move(name));
  }
  return names;
}

Status MakeSelfSigned(const std::string& state_dir, const std::vector<std::string>& names) {
  const Error failed{Reason::kInternal, "cannot make a certificate", {}};
  const PrivateKey key(EVP_EC_gen("P-256"));
  if (!key) return failed;
  const Certificate certificate = Sign(key.get(), names);
  const Memory key_text(BIO_new(BIO_s_mem()));
  const Memory certificate_text(BIO_new(BIO_s_mem()));
  if (!certificate || PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1)
    return failed;
  if (const Status ok = WriteSecret(state_dir + "/tls.key", Contents(key_text.get())); !ok) return ok;
  return WriteSecret(state_dir + "/tls.crt", Contents(certificate_text.get()));
}

}  // namespace loyalty
