// The files of TLS: read, judged, and looked at again, since certificates are renewed while the server runs.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "domain/result.h"
#include "services/catalogue/periodic.h"

namespace loyalty {

// Paths, or what lies there; the authority of clients' certificates may be left out.
struct CertificateFiles {
  std::string certificate, key, client_authority;
  bool operator==(const CertificateFiles&) const = default;
};

// What lies at `paths`; empty for what cannot be read.
CertificateFiles ReadCertificates(const CertificateFiles& paths);

// Errors: kInvalidArgument with the file at fault: no chain of certificates in PEM, no private key in PEM, a key that
// is not that of the first certificate, no certificate of an authority.
Status CheckCertificates(const CertificateFiles& paths, const CertificateFiles& texts);

// What handshakes use: the last files that were found to fit together. Looks at them every second. Who renews them
// writes one after the other, so what does not fit is waited for; what still does not at the next look is refused: the
// log says so once, and what fitted before stays in use until something else fits. Thread safe.
class CertificateWatch {
 public:
  // `texts` fit and are in use.
  CertificateWatch(CertificateFiles paths, CertificateFiles texts);

  // What is to be used now; nothing when it was answered before.
  std::optional<CertificateFiles> TakeNew();
  // The files that lie there now were refused.
  bool refused() const;
  // The authorities of clients' certificates that are in use, PEM.
  std::string client_authority() const;
  // When the certificates in use end, those of the authority too; seconds since 1970.
  std::vector<std::int64_t> ends() const;

 private:
  void Look();

  const CertificateFiles paths_;
  mutable std::mutex mutex_;  // guards all below but misfit_
  CertificateFiles used_;
  bool taken_ = false;
  bool refused_ = false;
  CertificateFiles misfit_;  // what did not fit at the last look
  Periodic looks_;           // the last member: it uses the others
};

}  // namespace loyalty
