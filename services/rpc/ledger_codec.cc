#include "services/rpc/ledger_codec.h"

#include <cstdio>

#include "services/rpc/request.h"
#include "storage/names.h"

namespace loyalty {
namespace {

std::string Child(const std::string& member, const char* kind, std::int64_t seq) {
  return seq == 0 ? std::string() : member + kind + std::to_string(seq);
}

}  // namespace

v1::LedgerEntry EntryMessage(const std::string& member, const storage::EntryRecord& record, const Snapshot& snapshot,
                             const ProgramKeys& keys) {
  const Entry& entry = record.entry;
  v1::LedgerEntry out;
  out.set_name(Child(member, "/entries/", entry.seq));
  out.set_seq(entry.seq);
  out.set_type(static_cast<v1::EntryType>(entry.type));
  out.set_available_delta(entry.delta.available);
  out.set_pending_delta(entry.delta.pending);
  out.set_held_delta(entry.delta.held);
  out.set_debt_delta(entry.delta.debt);
  out.set_lot(Child(member, "/lots/", entry.lot_seq));
  out.set_request_id(record.request_id);
  if (entry.cause.receipt_id != 0) out.set_receipt(storage::ReceiptName(keys, entry.cause.receipt_id));
  out.set_reversal_of(Child(member, "/entries/", entry.reversal_of));
  *out.mutable_business_time() = ToTimestamp(entry.cause.business_time);
  *out.mutable_record_time() = ToTimestamp(entry.cause.record_time);
  out.set_catalogue_version(entry.cause.catalogue_version);
  out.set_operator_(record.operator_id);
  out.set_operator_proven(record.operator_proven);
  out.set_terminal(snapshot.TerminalName(record.terminal_id));
  return out;
}

v1::Lot LotMessage(const std::string& member, const storage::LotRecord& record) {
  const Lot& lot = record.lot;
  v1::Lot out;
  out.set_name(Child(member, "/lots/", lot.seq));
  out.set_state(static_cast<v1::LotState>(lot.state));
  out.set_points(record.points);
  out.set_remaining(lot.remaining);
  out.set_held(lot.held);
  *out.mutable_activate_time() = ToTimestamp(lot.terms.activate_time);
  if (lot.terms.expire_time != kNever) *out.mutable_expire_time() = ToTimestamp(lot.terms.expire_time);
  out.set_restored_from(Child(member, "/lots/", record.restored_from));
  return out;
}

std::string LotPositionText(const storage::LotPosition& position) {
  return std::to_string(position.expire_time) + " " + std::to_string(position.activate_time) + " " +
         std::to_string(position.seq);
}

storage::LotPosition ParseLotPosition(const std::string& text) {
  storage::LotPosition position;
  long long expire = 0;
  long long activate = 0;
  long long seq = 0;
  if (std::sscanf(text.c_str(), "%lld %lld %lld", &expire, &activate, &seq) == 3) position = {expire, activate, seq};
  return position;
}

}  // namespace loyalty
