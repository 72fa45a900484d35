#include "services/app/client_certificates.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

#include "services/app/openssl.h"

namespace loyalty {
namespace {

using AlternativeNames = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;

constexpr std::string_view kOurs = "stammgast:";
constexpr std::string_view kSpiffe = "spiffe://";
constexpr std::string_view kStores = "/stores/";

// The terminal that a URI names; empty: none.
std::string TerminalOf(std::string_view uri) {
  if (uri.substr(0, kOurs.size()) == kOurs) return std::string(uri.substr(kOurs.size()));
  if (uri.substr(0, kSpiffe.size()) != kSpiffe) return "";
  const auto path = uri.find('/', kSpiffe.size());
  if (path == std::string_view::npos || uri.substr(path, kStores.size()) != kStores) return "";
  return std::string(uri.substr(path + 1));
}

std::vector<std::string> TerminalsOf(X509* certificate) {
  std::vector<std::string> terminals;
  const AlternativeNames names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    // With its length: a NUL inside does not end it.
    std::string terminal = TerminalOf(
        {reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)), static_cast<std::size_t>(ASN1_STRING_length(uri))});
    if (!terminal.empty()) terminals.push_back(std::move(terminal));
  }
  return terminals;
}

}  // namespace

std::vector<std::string> TerminalsOfCertificate(const std::string& pem) {
  const auto chain = CertificatesIn(pem);
  return chain.empty() ? std::vector<std::string>() : TerminalsOf(chain.front().get());
}

ClientCertificate ClientCertificates::Judge(const std::string& pem) {
  std::shared_ptr<const Known> known;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = known_.find(pem); at != known_.end()) known = at->second;
  }
  if (!known) {
    auto read = std::make_shared<Known>();
    const auto chain = CertificatesIn(pem);
    auto terminals = chain.empty() ? std::vector<std::string>() : TerminalsOf(chain.front().get());
    if (!terminals.empty()) read->terminals = std::make_shared<const std::vector<std::string>>(std::move(terminals));
    for (const Certificate& one : chain)
      read->chain.emplace_back(NameOf(X509_get_issuer_name(one.get())), HexOf(X509_get0_serialNumber(one.get())));
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kKnownMax) known_.clear();
    known_[pem] = read;
    known = std::move(read);
  }
  const auto is_revoked = [this](const CertificateId& one) { return revocations_->Contains(one); };
  return {known->terminals,
          revocations_ != nullptr && std::any_of(known->chain.begin(), known->chain.end(), is_revoked)};
}

}  // namespace loyalty
