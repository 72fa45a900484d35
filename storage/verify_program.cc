// Identifiers, and what a program consists of beside its members: rows whose seals are all there is to check, and the
// chains of audit.
#include "storage/names.h"
#include "storage/program.h"
#include "storage/read_table.h"
#include "storage/read_transaction.h"
#include "storage/tables/alerts.h"
#include "storage/tables/operators.h"
#include "storage/tables/people.h"
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

using Id = std::int64_t;

constexpr int kRowsAtOnce = 4'096;

// The name of the first row of a table that is not as it was sealed; `name` tells what it is called.
template <typename Row, typename Name>
std::string FirstChanged(Session& session, const ProgramKeys& keys, Name name) {
  for (const Row& row : ReadRows<Row>(session, " ORDER BY 1"))
    if (!Row::table().IsIntact(row, {}, keys))
      return std::string(Row::table().name()) + " " + name(row) + ": its seal does not fit: it was changed";
  return "";
}

// What audit says was made must be there.
std::string MissingOf(const AuditRow& audit, const std::map<std::string, bool>& names) {
  if (audit.action != "store.create" && audit.action != "terminal.create" && audit.action != "catalogue.apply" &&
      audit.action != "operator.create")
    return "";
  return names.contains(audit.resource) ? "" : audit.resource;
}

std::map<std::string, bool> ReadNames(Session& session) {
  std::map<std::string, bool> names;
  std::map<Id, std::string> stores;
  for (const StoreRow& row : ReadStores(session)) {
    stores[row.id] = "stores/" + row.name;
    names[stores[row.id]] = true;
  }
  for (const TerminalRow& row : ReadTerminals(session)) names[stores[row.store_id] + "/terminals/" + row.name] = true;
  for (const CatalogueRow& row : ReadCataloguesAfter(session, 0))
    names["catalogue/" + std::to_string(row.version)] = true;
  for (const OperatorRow& row : ReadRows<OperatorRow>(session, " ORDER BY 1")) names[OperatorName(row.id)] = true;
  return names;
}

// The newest epoch of each terminal is the one it counts by, those before it follow each other without a gap, and each
// is one that audit tells of. `asked`: how often, by terminal.
std::string VerifyEpochs(Session& session, std::map<std::string, int> asked) {
  std::map<Id, std::string> stores;
  for (const StoreRow& row : ReadStores(session)) stores[row.id] = "stores/" + row.name;
  std::map<Id, std::vector<TerminalEpochRow>> epochs;
  for (const TerminalEpochRow& row : ReadTerminalEpochs(session)) epochs[row.terminal_id].push_back(row);
  for (const TerminalRow& terminal : ReadTerminals(session)) {
    const auto& rows = epochs[terminal.id];
    const std::string name = stores[terminal.store_id] + "/terminals/" + terminal.name;
    bool fits = static_cast<int>(rows.size()) == asked[name];
    for (std::size_t i = 0; i < rows.size(); ++i)
      fits = fits && rows[i].epoch == terminal.epoch - static_cast<int>(rows.size() - 1 - i) &&
             (i == 0 || rows[i].start_time > rows[i - 1].start_time);
    if (!fits) return "terminal_epochs " + name + ": not one for each time that its numbering began again";
  }
  return "";
}

// The chain of what a principal read. Nothing: it is whole.
std::string VerifyReads(Session& session, const ProgramKeys& keys, const PrincipalRow& principal) {
  static const auto kNext = SetStatement::SelectEach<Id, Id, int>(
      ReadLogRow::table().select() + " WHERE principal_id = ? AND read_seq > ? ORDER BY read_seq LIMIT ?");
  Id seq = 0;
  Bytes head;
  while (true) {
    const auto rows = ReadRows<ReadLogRow>(session, kNext, Rows::Of(principal.id, seq, kRowsAtOnce));
    for (const ReadLogRow& row : rows) {
      const std::string name = "read_log " + principal.name + "/" + std::to_string(row.read_seq);
      if (row.read_seq != ++seq) return name + ": one before it is gone";
      if (!ReadLogRow::table().IsIntact(row, head, keys))
        return name + ": its seal does not fit: it, or one before it, was changed";
      head = row.seal;
    }
    if (static_cast<int>(rows.size()) < kRowsAtOnce) break;
  }
  if (seq != principal.read_seq || head != principal.read_head)
    return "read_log " + principal.name + ": its last rows are gone";
  return "";
}

std::string VerifyAudit(Session& session, const ProgramKeys& keys) {
  static const auto kNext = SetStatement::SelectEach<Id, Id, int>(
      AuditRow::table().select() + " WHERE principal_id = ? AND audit_seq > ? ORDER BY audit_seq LIMIT ?");
  const auto names = ReadNames(session);
  std::map<std::string, int> restarts;
  for (const PrincipalRow& principal : ReadPrincipals(session)) {
    Id seq = 0;
    Bytes head;
    while (true) {
      const auto rows = ReadRows<AuditRow>(session, kNext, Rows::Of(principal.id, seq, kRowsAtOnce));
      for (const AuditRow& row : rows) {
        const std::string name = "audit " + principal.name + "/" + std::to_string(row.audit_seq);
        if (row.audit_seq != ++seq) return name + ": one before it is gone";
        if (!AuditRow::table().IsIntact(row, head, keys))
          return name + ": its seal does not fit: it, or one before it, was changed";
        if (const std::string missing = MissingOf(row, names); !missing.empty())
          return name + ": " + missing + " was made, and is not there";
        if (row.action == "terminal.restart_numbering") ++restarts[row.resource];
        head = row.seal;
      }
      if (static_cast<int>(rows.size()) < kRowsAtOnce) break;
    }
    if (seq != principal.audit_seq || head != principal.audit_head)
      return "audit " + principal.name + ": its last rows are gone";
    if (std::string difference = VerifyReads(session, keys, principal); !difference.empty()) return difference;
  }
  Id orphan = 0;
  session.Read(
      "SELECT a.principal_id FROM audit a LEFT JOIN principals p ON p.id = a.principal_id WHERE p.id IS NULL "
      "LIMIT 1",
      [&orphan](Id id) { orphan = id; });
  if (orphan != 0) return "principals " + std::to_string(orphan) + ": has rows of audit, and is not there";
  return VerifyEpochs(session, std::move(restarts));
}

}  // namespace

std::string VerifyIdentifiers(Session& session, const ProgramKeys& keys) {
  static const auto kNext = SetStatement::SelectEach<std::string, int>(IdentifierRow::table().select() +
                                                                       " WHERE code > ? ORDER BY code LIMIT ?");
  std::string after;
  while (true) {
    const ReadTransaction transaction(session);
    const auto rows = ReadRows<IdentifierRow>(session, kNext, Rows::Of(after, kRowsAtOnce));
    for (const IdentifierRow& row : rows)
      // The name of a kind is no secret, a card number is.
      if (!IdentifierRow::table().IsIntact(row, {}, keys))
        return "identifiers " + row.code.substr(0, row.code.find(':')) + ":... of member id " +
               std::to_string(row.member_id) + ": its seal does not fit: it was moved or changed";
    if (static_cast<int>(rows.size()) < kRowsAtOnce) return "";
    after = rows.back().code;
  }
}

std::string VerifyProgram(Session& session, const ProgramKeys& keys) {
  const ReadTransaction transaction(session);
  const auto name = [](const auto& row) { return row.name; };
  const auto id = [](const auto& row) { return std::to_string(row.key()); };
  for (const std::string& difference :
       {FirstChanged<StoreRow>(session, keys, name), FirstChanged<TerminalRow>(session, keys, name),
        FirstChanged<TerminalEpochRow>(session, keys, [](const auto& row) { return std::to_string(row.terminal_id); }),
        FirstChanged<PrincipalRow>(session, keys, name), FirstChanged<KeyRow>(session, keys, id),
        FirstChanged<EnrollmentCodeRow>(session, keys, id), FirstChanged<CatalogueRow>(session, keys, id),
        FirstChanged<OperatorRow>(session, keys, id),
        FirstChanged<OperatorSessionRow>(session, keys,
                                         [](const auto& row) { return std::to_string(row.operator_id); }),
        FirstChanged<AlertRow>(session, keys, [](const auto& row) { return "id " + std::to_string(row.id); })})
    if (!difference.empty()) return difference;
  return VerifyAudit(session, keys);
}

}  // namespace loyalty::storage
