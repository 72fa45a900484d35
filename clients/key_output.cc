#include "clients/key_output.h"

#include <unistd.h>

#include <filesystem>

#include "clients/files.h"
#include "clients/output.h"

namespace loyalty::client {

Outcome CheckKeyFile(const std::string& file) {
  if (file.empty()) return {};
  const std::filesystem::path path(file);
  const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (::access(directory.c_str(), W_OK) != 0)
    return LocalFailure("cannot write to " + directory.string(), "no key was issued; choose another place for it");
  return {};
}

Outcome KeepKey(const std::string& file, const std::string& key) {
  if (file.empty()) {
    Print(key + "\n");
  } else if (auto written = WriteFileDurably(file, key + "\n"); !written) {
    return LocalFailure(written.error().message, "the same command gets the same key again");
  }
  return {};
}

}  // namespace loyalty::client
