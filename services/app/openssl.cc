#include "services/app/openssl.h"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace loyalty {

Memory MemoryOf(const std::string& text) { return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

std::vector<Certificate> CertificatesIn(const std::string& text) {
  std::vector<Certificate> all;
  const Memory memory = MemoryOf(text);
  ERR_clear_error();
  while (Certificate next{PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)}) all.push_back(std::move(next));
  // Behind the last one there is no further line that begins one; anything else is a certificate that is damaged.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) all.clear();
  ERR_clear_error();
  return all;
}

std::string NameOf(const X509_NAME* name) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(name, &bytes, &size) != 1) return "";
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string HexOf(const ASN1_INTEGER* number) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex = (ASN1_STRING_type(number) & V_ASN1_NEG) != 0 ? "-" : "";
  for (int i = 0; i < ASN1_STRING_length(number); ++i) {
    const unsigned char byte = ASN1_STRING_get0_data(number)[i];
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

}  // namespace loyalty
