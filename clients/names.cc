#include "clients/names.h"

namespace loyalty::client {
namespace {

constexpr std::string_view kStores = "stores/";
constexpr std::string_view kTerminals = "/terminals/";

}  // namespace

std::string FullName(const std::string& collection, const std::string& text) {
  return text.empty() || text.find('/') != std::string::npos ? text : collection + "/" + text;
}

std::string ShortName(const std::string& collection, const std::string& text) {
  const std::string prefix = collection + "/";
  return text.rfind(prefix, 0) == 0 ? text.substr(prefix.size()) : text;
}

std::string TerminalName(std::string_view store, std::string_view terminal) {
  return std::string(kStores).append(store).append(kTerminals).append(terminal);
}

std::optional<TerminalIds> SplitTerminalName(std::string_view name) {
  if (name.substr(0, kStores.size()) != kStores) return std::nullopt;
  name.remove_prefix(kStores.size());
  const auto middle = name.find(kTerminals);
  if (middle == std::string_view::npos) return std::nullopt;
  return TerminalIds{std::string(name.substr(0, middle)), std::string(name.substr(middle + kTerminals.size()))};
}

}  // namespace loyalty::client
