#include "services/app/revocations.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <spdlog/spdlog.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "services/app/openssl.h"

namespace loyalty {
namespace {

using RevocationList = std::unique_ptr<X509_CRL, Freer<X509_CRL_free>>;

constexpr std::chrono::seconds kLookInterval{1};
// A list of 100,000 certificates has about 4 MB.
constexpr std::uintmax_t kFileMax = 16 << 20;

Error Unusable(const std::string& file, const std::string& why) {
  return InvalidField("--tls-crl-dir", file + ": " + why);
}

std::int64_t SecondsOf(const ASN1_TIME* time) {
  std::tm at{};
  return time != nullptr && ASN1_TIME_to_tm(time, &at) == 1 ? timegm(&at) : 0;
}

std::vector<RevocationList> ListsIn(const std::string& text) {
  std::vector<RevocationList> lists;
  const Memory memory = MemoryOf(text);
  while (RevocationList next{PEM_read_bio_X509_CRL(memory.get(), nullptr, nullptr, nullptr)})
    lists.push_back(std::move(next));
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (lists.empty()) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (RevocationList one{d2i_X509_CRL(nullptr, &bytes, static_cast<long>(text.size()))})
      lists.push_back(std::move(one));
    ERR_clear_error();
  } else if (!ended) {
    lists.clear();  // the last one is damaged
  }
  return lists;
}

bool IsSignedByOneOf(const std::vector<Certificate>& authorities, X509_CRL* list) {
  bool fits = false;
  for (const Certificate& authority : authorities)
    fits = fits || (X509_NAME_cmp(X509_get_subject_name(authority.get()), X509_CRL_get_issuer(list)) == 0 &&
                    X509_CRL_verify(list, X509_get0_pubkey(authority.get())) == 1);
  ERR_clear_error();
  return fits;
}

}  // namespace

Result<std::unique_ptr<Revocations>> Revocations::Open(const std::string& directory, Authorities authorities) {
  std::unique_ptr<Revocations> opened(new Revocations(directory, std::move(authorities)));
  if (const Status ok = opened->Read(); !ok) return ok.error();
  if (opened->lists_.empty()) spdlog::warn("{} holds no list: no client's certificate counts as revoked", directory);
  opened->looks_.emplace(kLookInterval, [at = opened.get()] { at->Look(); });
  return opened;
}

bool Revocations::Contains(const CertificateId& certificate) const {
  const std::lock_guard lock(mutex_);
  const auto list = lists_.find(certificate.first);
  return list != lists_.end() && list->second.serials.count(certificate.second) > 0;
}

bool Revocations::refused() const {
  const std::lock_guard lock(mutex_);
  bool ended = false;
  for (const auto& [issuer, list] : lists_) ended = ended || (list.next != 0 && list.next < std::time(nullptr));
  return refused_ || ended;
}

Status Revocations::Read() {
  // A list that nobody had signed may be that of an authority that came later.
  if (std::string now = authorities_(); now != seen_authorities_) {
    seen_authorities_ = std::move(now);
    seen_.clear();
  }
  Status first = Ok{};
  std::error_code problem;
  std::map<std::string, std::string> found;
  for (auto entry = std::filesystem::directory_iterator(directory_, problem);
       !problem && entry != std::filesystem::directory_iterator(); entry.increment(problem)) {
    std::error_code gone;
    if (!entry->is_regular_file(gone)) continue;
    const std::string file = entry->path().string();
    if (entry->file_size(gone) > kFileMax) {
      if (first) first = Unusable(file, "larger than 16 MiB");
      continue;
    }
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    found[file] = text.str();
  }
  if (problem) return Unusable(directory_, problem.message());
  for (const auto& [file, text] : found) {
    if (const auto known = seen_.find(file); known != seen_.end() && known->second == text) continue;
    if (const Status taken = Take(file, text); taken) {
      seen_[file] = text;
    } else if (first) {
      first = taken;
    }
  }
  return first;
}

Status Revocations::Take(const std::string& file, const std::string& text) {
  const auto lists = ListsIn(text);
  if (lists.empty()) return Unusable(file, "no list of revoked certificates (CRL) in PEM or DER");
  const auto authorities = CertificatesIn(seen_authorities_);
  for (const RevocationList& list : lists) {
    if (!IsSignedByOneOf(authorities, list.get())) return Unusable(file, "signed by no certificate of --tls-client-ca");
    if (X509_CRL_get_ext_by_NID(list.get(), NID_delta_crl, -1) >= 0) return Unusable(file, "only a part (delta)");
  }
  for (const RevocationList& list : lists) {
    List made;
    made.made = SecondsOf(X509_CRL_get0_lastUpdate(list.get()));
    made.next = SecondsOf(X509_CRL_get0_nextUpdate(list.get()));
    const STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(list.get());
    for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i)
      made.serials.insert(HexOf(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(revoked, i))));
    const std::string issuer = NameOf(X509_CRL_get_issuer(list.get()));
    const std::lock_guard lock(mutex_);
    const auto known = lists_.find(issuer);
    if (known != lists_.end() && known->second.made > made.made) continue;
    spdlog::info("{}: {} revoked certificates of clients", file, made.serials.size());
    lists_[issuer] = std::move(made);
  }
  return Ok{};
}

void Revocations::Look() {
  const Status read = Read();
  const std::string why = read ? "" : read.error().message;
  if (why != told_ && !read) spdlog::error("{}; what was known before stays in force", why);
  told_ = why;
  const std::lock_guard lock(mutex_);
  refused_ = !read;
}

}  // namespace loyalty
