// What the gRPC port speaks: TLS, or plain text on a loopback address.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "services/app/certificate_files.h"
#include "services/app/options.h"

namespace loyalty {

struct HostPort {
  std::string host;  // without the brackets of an IPv6 address
  int port = 0;
};

// HOST:PORT or [HOST]:PORT, port 0 to 65535. Errors: kInvalidArgument (`flag`).
Result<HostPort> ParseHostPort(const std::string& flag, const std::string& text);

struct Credentials {
  std::shared_ptr<CertificateWatch> files;  // nothing without TLS; the credentials point to it
  std::shared_ptr<grpc::ServerCredentials> grpc;
};

// The credentials that the options ask for; a connection is shaken hands with by the certificate of then. They outlive
// the server. Errors: kInvalidArgument with what to do (neither TLS nor --insecure; --insecure on an address that
// others can reach; files that do not fit).
Result<Credentials> CredentialsOf(const Options& options);

}  // namespace loyalty
