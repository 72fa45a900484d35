// OpenSSL's objects, freed with their owner.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace loyalty {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using TlsContext = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free_all>>;

// Reads from `text`, which outlives it.
Memory MemoryOf(const std::string& text);
// All certificates of a text in PEM; none when one of them cannot be read.
std::vector<Certificate> CertificatesIn(const std::string& text);
// As bytes that are equal for equal names (DER).
std::string NameOf(const X509_NAME* name);
// A serial number: two names for one number there are none.
std::string HexOf(const ASN1_INTEGER* number);

}  // namespace loyalty
