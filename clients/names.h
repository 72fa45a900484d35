// Names of resources: `stores/S/terminals/T`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loyalty::client {

// "coffee" and "rewards/coffee" -> "rewards/coffee".
std::string FullName(const std::string& collection, const std::string& text);

// The other way round: "stores/S1" and "S1" -> "S1".
std::string ShortName(const std::string& collection, const std::string& text);

// A terminal by the last parts of its name: S and T.
struct TerminalIds {
  std::string store;
  std::string terminal;
};

// stores/S/terminals/T
std::string TerminalName(std::string_view store, std::string_view terminal);
// The other way round; nothing when the text is no such name.
std::optional<TerminalIds> SplitTerminalName(std::string_view name);

}  // namespace loyalty::client
