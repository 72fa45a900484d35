// What the certificate says that a client came with: which terminals it is for, and whether it was revoked.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/app/revocations.h"
#include "services/rpc/request.h"

namespace loyalty {

// The terminals that a certificate names, by URIs of its subject's alternative names: `stammgast:stores/S/terminals/T`,
// or `spiffe://ANY.DOMAIN/stores/S/terminals/T`. What else begins with `stammgast:` is kept as it is, and is nobody's
// name. `pem`: its chain, the client's own first. Nothing readable: empty.
std::vector<std::string> TerminalsOfCertificate(const std::string& pem);

// Remembers what it has read: a connection has one certificate and many calls. Thread safe.
class ClientCertificates {
 public:
  // `revocations`: nothing: nobody is revoked.
  explicit ClientCertificates(const Revocations* revocations) : revocations_(revocations) {}

  // What is true of a chain now, in PEM.
  ClientCertificate Judge(const std::string& pem);

 private:
  struct Known {
    std::shared_ptr<const std::vector<std::string>> terminals;
    std::vector<CertificateId> chain;
  };
  // Each has some kilobytes; then all are read anew.
  static constexpr std::size_t kKnownMax = 4'096;

  const Revocations* revocations_;
  std::mutex mutex_;  // guards known_
  std::unordered_map<std::string, std::shared_ptr<const Known>> known_;
};

}  // namespace loyalty
