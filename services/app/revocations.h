// Which certificates of clients were revoked: the CRL files of --tls-crl-dir, read while the server runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "domain/result.h"
#include "services/catalogue/periodic.h"

namespace loyalty {

// Whose it is and which of theirs: the name of the issuer in DER, and the serial number in hexadecimal digits.
using CertificateId = std::pair<std::string, std::string>;

// Every file of a directory is a list, in PEM (one or several) or DER, signed by a certificate of --tls-client-ca. Of
// each issuer the newest list counts, whatever its file is called: one that goes away, or that is older, changes
// nothing. Looks once a second. A file that cannot be used - no list, not signed by an authority, only a part (delta) -
// is told in the log once and passed over; what was known stays in force. So does a list whose time is over
// (nextUpdate): tills are not sent away because somebody forgot to make the next one. Thread safe.
class Revocations {
 public:
  // The authorities of clients' certificates, PEM, as they are now.
  using Authorities = std::function<std::string()>;

  // Errors: kInvalidArgument (the directory, or one of its files, cannot be read or used): a wrong path would revoke
  // nobody, and nobody would notice.
  static Result<std::unique_ptr<Revocations>> Open(const std::string& directory, Authorities authorities);

  bool Contains(const CertificateId& certificate) const;
  // Some file there is passed over, or the newest list of an issuer has ended.
  bool refused() const;

 private:
  struct List {
    std::int64_t made = 0;  // thisUpdate, seconds since 1970
    std::int64_t next = 0;  // nextUpdate; 0: it does not say
    std::set<std::string> serials;
  };

  Revocations(std::string directory, Authorities authorities)
      : directory_(std::move(directory)), authorities_(std::move(authorities)) {}

  // Reads what has changed. Errors: as of Open, of the first file that has any; the others are read all the same.
  Status Read();
  // Takes the lists of a file's text.
  Status Take(const std::string& file, const std::string& text);
  void Look();

  const std::string directory_;
  const Authorities authorities_;
  std::map<std::string, std::string> seen_;  // texts by file; of whoever looks
  std::string seen_authorities_, told_;

  mutable std::mutex mutex_;           // guards all below
  std::map<std::string, List> lists_;  // by issuer
  bool refused_ = false;
  std::optional<Periodic> looks_;  // the last member: it uses the others
};

}  // namespace loyalty
