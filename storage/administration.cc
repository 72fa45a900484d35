#include "storage/administration.h"

namespace loyalty::storage {
namespace {

constexpr int kStateActive = 1;

const SetStatement kFindStore = SetStatement::SelectIn(
    "SELECT id, name, display_name, time_zone, day_cut_minutes, language FROM stores WHERE name", "t", "", "itttit");
const SetStatement kInsertStore = SetStatement::Insert(
    "stores",
    {"id", "name", "display_name", "time_zone", "day_cut_minutes", "language", "state", "create_time", "version"},
    "itttitiii");
const SetStatement kFindTerminal = SetStatement::SelectEach(
    "SELECT id, store_id, name, display_name, epoch FROM terminals WHERE store_id = ? AND name = ?", "it", "iitti");
const SetStatement kInsertTerminal = SetStatement::Insert(
    "terminals", {"id", "store_id", "name", "display_name", "epoch", "state", "create_time", "version"}, "iittiiii");
const SetStatement kSetEpoch = SetStatement::Update("terminals", {"id"}, {"epoch"}, false, "ii");
const SetStatement kInsertToken = SetStatement::Insert(
    "tokens", {"id", "hash", "role", "store_id", "terminal_id", "expire_time", "revoked_time", "create_time"},
    "itiiiiii");
const SetStatement kTokensOfTerminal =
    SetStatement::SelectIn("SELECT id, expire_time, revoked_time FROM tokens WHERE terminal_id", "i", "", "iii");
const SetStatement kRevoke = SetStatement::Update("tokens", {"id"}, {"revoked_time"}, false, "ii");
const SetStatement kInsertCardRange =
    SetStatement::Insert("card_ranges", {"id", "first_number", "last_number", "check_digit", "create_time"}, "ittii");
const SetStatement kFindCatalogue = SetStatement::SelectIn(
    "SELECT version, effective_time, content FROM catalogue_versions WHERE version", "i", "", "iit");
const SetStatement kInsertCatalogue = SetStatement::Insert(
    "catalogue_versions", {"version", "effective_time", "content", "create_time", "created_by"}, "iitii");
const SetStatement kInsertAudit = SetStatement::Insert(
    "audit", {"id", "token_id", "action", "resource", "request_id", "detail", "create_time"}, "iitttti");

}  // namespace

std::optional<StoreRow> FindStore(Session& session, const std::string& name) {
  std::optional<StoreRow> store;
  Rows rows(1);
  rows.Add(name);
  session.Read(kFindStore, rows, [&store](const ResultRow& row) {
    store =
        StoreRow{row.Number(0), row.Text(1), row.Text(2), row.Text(3), static_cast<int>(row.Number(4)), row.Text(5)};
  });
  return store;
}

void InsertStore(Session& session, const StoreRow& store, Instant now) {
  Rows rows(9);
  rows.Add(store.id, store.name, store.display_name, store.time_zone, store.day_cut_minutes, store.language,
           kStateActive, now, 1);
  session.Write(kInsertStore, rows);
}

std::optional<TerminalRow> FindTerminal(Session& session, std::int64_t store_id, const std::string& name) {
  std::optional<TerminalRow> terminal;
  Rows rows(2);
  rows.Add(store_id, name);
  session.Read(kFindTerminal, rows, [&terminal](const ResultRow& row) {
    terminal = TerminalRow{row.Number(0), row.Number(1), row.Text(2), row.Text(3), static_cast<int>(row.Number(4))};
  });
  return terminal;
}

void InsertTerminal(Session& session, const TerminalRow& terminal, Instant now) {
  Rows rows(8);
  rows.Add(terminal.id, terminal.store_id, terminal.name, terminal.display_name, terminal.epoch, kStateActive, now, 1);
  session.Write(kInsertTerminal, rows);
}

void SetTerminalEpoch(Session& session, std::int64_t terminal_id, int epoch) {
  Rows rows(2);
  rows.Add(terminal_id, epoch);
  session.Write(kSetEpoch, rows);
}

void InsertToken(Session& session, const TokenRow& token, Instant now) {
  Rows rows(8);
  rows.Add(token.id, token.hash, token.role, NullIfZero(token.store_id), NullIfZero(token.terminal_id),
           token.expire_time, NullIfZero(token.revoked_time), now);
  session.Write(kInsertToken, rows);
}

int RevokeTerminalTokens(Session& session, std::int64_t terminal_id, Instant now) {
  Rows wanted(1);
  wanted.Add(terminal_id);
  Rows valid(2);
  session.Read(kTokensOfTerminal, wanted, [&valid, now](const ResultRow& row) {
    if (row.IsNull(2) && row.Number(1) > now) valid.Add(row.Number(0), now);
  });
  session.Write(kRevoke, valid);
  return static_cast<int>(valid.size());
}

void InsertCardRange(Session& session, std::int64_t id, const CardRange& range, Instant now) {
  Rows rows(5);
  rows.Add(id, range.first, range.last, static_cast<int>(range.check_digit), now);
  session.Write(kInsertCardRange, rows);
}

std::optional<CatalogueRow> LastCatalogue(Session& session) {
  std::optional<CatalogueRow> last;
  session.Read("SELECT version, effective_time, content FROM catalogue_versions ORDER BY version DESC LIMIT 1", "iit",
               [&last](const ResultRow& row) {
                 last = CatalogueRow{row.Number(0), row.Number(1), row.Text(2)};
               });
  return last;
}

std::optional<CatalogueRow> FindCatalogue(Session& session, std::int64_t version) {
  std::optional<CatalogueRow> found;
  Rows rows(1);
  rows.Add(version);
  session.Read(kFindCatalogue, rows, [&found](const ResultRow& row) {
    found = CatalogueRow{row.Number(0), row.Number(1), row.Text(2)};
  });
  return found;
}

void InsertCatalogue(Session& session, const CatalogueRow& catalogue, std::int64_t token_id, Instant now) {
  Rows rows(5);
  rows.Add(catalogue.version, catalogue.effective_time, catalogue.content, now, token_id);
  session.Write(kInsertCatalogue, rows);
}

void InsertAudit(Session& session, const AuditRow& audit, Instant now) {
  Rows rows(7);
  rows.Add(audit.id, audit.token_id, audit.action, audit.resource, audit.request_id, audit.detail, now);
  session.Write(kInsertAudit, rows);
}

}  // namespace loyalty::storage
