#include "storage/access_keys.h"

#include <map>

#include "storage/audit.h"
#include "storage/program.h"
#include "storage/read_table.h"

namespace loyalty::storage {

std::optional<PrincipalRow> FindPrincipal(Session& session, const std::string& name) {
  static const auto kFind = SetStatement::SelectIn(PrincipalRow::table().select() + " WHERE name", Type::kText);
  return First(ReadRows<PrincipalRow>(session, kFind, Rows::Of(name)));
}

std::vector<KeyRow> ReadKeysOf(Session& session, std::int64_t principal_id) {
  static const auto kFind =
      SetStatement::SelectIn(KeyRow::table().select() + " WHERE principal_id", Type::kNumber, " ORDER BY id");
  return ReadRows<KeyRow>(session, kFind, Rows::Of(principal_id));
}

std::vector<ListedKey> ReadKeysAfter(Session& session, std::int64_t principal_id, std::int64_t after, int limit) {
  static const auto kOfAll =
      SetStatement::SelectEach<std::int64_t, int>(KeyRow::table().select() + " WHERE id > ? ORDER BY id LIMIT ?");
  static const auto kOfOne = SetStatement::SelectEach<std::int64_t, std::int64_t, int>(
      KeyRow::table().select() + " WHERE principal_id = ? AND id > ? ORDER BY id LIMIT ?");
  const auto keys = principal_id == 0 ? ReadRows<KeyRow>(session, kOfAll, Rows::Of(after, limit))
                                      : ReadRows<KeyRow>(session, kOfOne, Rows::Of(principal_id, after, limit));
  std::map<std::int64_t, PrincipalRow> principals;
  Rows ids(1);
  for (const KeyRow& key : keys)
    if (principals.try_emplace(key.principal_id).second) ids.Add(key.principal_id);
  if (!principals.empty())
    for (PrincipalRow& row : ReadRows<PrincipalRow>(session, PrincipalRow::table().ByKey(), ids))
      principals[row.id] = std::move(row);
  std::vector<ListedKey> listed;
  for (const KeyRow& key : keys) listed.push_back({key, principals[key.principal_id]});
  return listed;
}

void InsertAdminKey(Session& session, std::int64_t id, const std::string& hash, Instant now, Instant expire_time,
                    const ProgramKeys& keys) {
  WorkingSet set;
  auto program = First(ReadRows<ProgramRow>(session, ProgramRow::table().Lock(), Rows::Of(std::int64_t{1})));
  ++set.of<ProgramRow>().Take(*std::move(program)).generation;
  auto row = First(ReadRows<PrincipalRow>(session, PrincipalRow::table().Lock(), Rows::Of(kFirstPrincipal)));
  PrincipalRow& admin = set.of<PrincipalRow>().Take(*std::move(row));
  AuditRow audit;
  audit.action = "key.new_on_machine";
  audit.resource = admin.name;
  audit.create_time = now;
  AppendAudit(set, admin, std::move(audit), keys.current);
  KeyRow key;
  key.id = id;
  key.principal_id = admin.id;
  key.hash = hash;
  key.expire_time = expire_time;
  key.create_time = now;
  set.Put(std::move(key));
  set.Flush(session, keys);
}

}  // namespace loyalty::storage
