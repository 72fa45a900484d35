#include "services/app/key_files.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace loyalty {
namespace {

constexpr std::size_t kKeyBytes = 32;

Error Io(const std::string& what, const std::string& path) {
  return Error{Reason::kInternal, what + " " + path + ": " + std::strerror(errno), {}};
}

std::string Hex(const unsigned char* bytes, std::size_t size) {
  std::string hex(size * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes, size);
  hex.pop_back();
  return hex;
}

std::string RandomHex() {
  std::array<unsigned char, kKeyBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return Hex(bytes.data(), bytes.size());
}

Result<std::string> FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return Error{Reason::kInternal, "cannot read " + path, {}};
  return line;
}

}  // namespace

std::string NewAdminToken() { return "la_" + RandomHex(); }

Status MakeStateDir(const std::string& state_dir) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(state_dir).parent_path(), error);
  if (mkdir(state_dir.c_str(), 0700) != 0 && errno != EEXIST) return Io("cannot make", state_dir);
  return Ok{};
}

Status WriteSecret(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".new";
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Io("cannot write", temporary);
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  close(file);
  if (!written || rename(temporary.c_str(), path.c_str()) != 0) return Io("cannot write", path);
  const int directory = open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    fsync(directory);
    close(directory);
  }
  return Ok{};
}

Result<std::string> AdminTokenIn(const std::string& state_dir) {
  const std::string path = state_dir + "/admin.key";
  if (std::filesystem::exists(path)) return FirstLine(path);
  std::string token = NewAdminToken();
  if (const Status ok = WriteSecret(path, token + "\n"); !ok) return ok.error();
  return token;
}

Result<std::string> ReadSecretFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file || text.empty()) return Error{Reason::kInternal, "cannot read " + path, {}};
  return text;
}

Result<Secrets> ReadSecrets(const std::string& state_dir) {
  const std::string path = state_dir + "/chain.key";
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file || text.empty())
    return Error{Reason::kInternal,
                 "no key of the ledger's chain in " + path +
                     ": copy it from the server that made the database, or run 'loyaltyd init' for a new one",
                 {}};
  auto secrets = ParseSecrets(text);
  if (!secrets) return Error{Reason::kInternal, path + ": " + secrets.error().message, {}};
  return secrets;
}

Result<Secrets> SecretsIn(const std::string& state_dir) {
  const std::string path = state_dir + "/chain.key";
  if (!std::filesystem::exists(path)) {
    Secret first;
    randombytes_buf(first.key.data(), first.key.size());
    if (const Status ok = WriteSecret(path, SecretsText({{first}, first.id})); !ok) return ok.error();
  }
  return ReadSecrets(state_dir);
}

}  // namespace loyalty
