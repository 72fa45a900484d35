#include "clients/admin/import_check.h"

#include <cstdio>

#include "clients/names.h"
#include "clients/pages.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

constexpr std::size_t kProblemsShown = 50;

}  // namespace

Outcome ReadKnown(const Session& session, Stub& stub, const TerminalsFile& file, Known& known) {
  v1::ListStoresResponse stores;
  if (auto failed = ReadPages(session, stub, &Stub::ListStores, "list stores", v1::ListStoresRequest(), kNoLimit,
                              &stores, [](const auto& page) { return page.stores_size(); }))
    return failed;
  for (const auto& store : stores.stores()) {
    known.stores.insert(store.name());
    known.store_names[store.name()] = store.display_name();
  }
  for (const auto& [id, listed] : file.stores) {
    if (known.stores.count(listed.store.name()) == 0) continue;
    v1::ListTerminalsRequest request;
    request.set_store(listed.store.name());
    v1::ListTerminalsResponse terminals;
    if (auto failed = ReadPages(session, stub, &Stub::ListTerminals, "list terminals", request, kNoLimit, &terminals,
                                [](const auto& page) { return page.terminals_size(); }))
      return failed;
    for (const auto& terminal : terminals.terminals()) known.terminals.insert(terminal.name());
  }
  v1::ListKeysResponse keys;
  if (auto failed = ReadPages(session, stub, &Stub::ListKeys, "list keys", v1::ListKeysRequest(), kNoLimit, &keys,
                              [](const auto& page) { return page.keys_size(); }))
    return failed;
  for (const auto& key : keys.keys())
    if (key.state() == v1::KEY_STATE_ACTIVE) known.with_key.insert(key.name());
  return {};
}

Outcome CheckImport(const std::string& path, TerminalsFile& file, const Known& known) {
  for (const auto& [id, listed] : file.stores) {
    const auto complain = [&file](std::int64_t line, const std::string& why) {
      file.problems.push_back("line " + std::to_string(line) + ": " + why);
    };
    if (known.stores.count(listed.store.name()) == 0 && !file.makes_stores)
      complain(listed.line, "there is no store " + id + ": make it, or add a column store_name to make it by");
    for (const auto& terminal : listed.terminals)
      if (known.terminals.count(TerminalName(id, terminal.id)) == 0 && !file.makes_terminals)
        complain(terminal.line, "store " + id + " has no terminal " + terminal.id +
                                    ": make it, or add a column display_name to make it by");
  }
  if (file.problems.empty()) return {};
  std::string all = path + ": nothing was done";
  for (std::size_t i = 0; i < file.problems.size() && i < kProblemsShown; ++i) all += "\n  " + file.problems[i];
  if (file.problems.size() > kProblemsShown)
    all += "\n  and " + std::to_string(file.problems.size() - kProblemsShown) + " more";
  // Lines of their own: a failure's text is one line.
  std::fprintf(stderr, "%s\n", all.c_str());
  return UsageFailure(path + " has " + std::to_string(file.problems.size()) + " problems, above",
                      "mend them all; nothing was done");
}

}  // namespace loyalty::client
