// What a principal did, and whose data it read: two chains, told as one list by time.
#include <charconv>

#include "services/rpc/admin_service.h"
#include "services/rpc/issue_key.h"
#include "services/rpc/page_token.h"
#include "storage/audit_reads.h"
#include "storage/read_transaction.h"

namespace loyalty {
namespace {

// Up to where a page has told each of the two.
struct Position {
  std::int64_t audit_seq = 0, read_seq = 0;
};

std::string TextOf(const Position& position) {
  return std::to_string(position.audit_seq) + "|" + std::to_string(position.read_seq);
}

// Of a token that we made.
Position PositionOf(const std::string& text) {
  Position position;
  const auto middle = text.find('|');
  if (middle == std::string::npos) return position;
  std::from_chars(text.data(), text.data() + middle, position.audit_seq);
  std::from_chars(text.data() + middle + 1, text.data() + text.size(), position.read_seq);
  return position;
}

v1::AuditEvent EventOf(const storage::AuditRow& row) {
  v1::AuditEvent event;
  *event.mutable_create_time() = ToTimestamp(row.create_time);
  event.set_action(row.action);
  event.set_resource(row.resource);
  event.set_detail(row.detail);
  return event;
}

v1::AuditEvent EventOf(const storage::NamedRead& read) {
  v1::AuditEvent event;
  *event.mutable_create_time() = ToTimestamp(read.row.create_time);
  event.set_action("member.read");
  event.set_resource("members/" + read.member);
  event.set_detail(read.row.method);
  return event;
}

}  // namespace

Status ListAuditEvents(Call& call, const v1::ListAuditEventsRequest& request, v1::ListAuditEventsResponse& response) {
  if (const Status ok = CheckPrincipalName(request.name()); !ok) return ok;
  const Instant from = request.has_from_time() ? ToInstant(request.from_time()) : 0;
  const std::string scope = "audit|" + request.name() + "|" + std::to_string(from);
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, from, scope](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const auto principal = storage::FindPrincipal(session, request.name());
    if (!principal) return KeyUnknown();
    const int size = *PageSize(request.page_size());
    Position position = PositionOf(*ReadPageToken(call.deps().keys, scope, request.page_token()));
    const auto audit = storage::ReadAudit(session, principal->id, position.audit_seq, from, size + 1);
    const auto reads = storage::ReadReads(session, principal->id, position.read_seq, from, size + 1);
    response.Clear();
    auto next_audit = audit.begin();
    auto next_read = reads.begin();
    while (response.events_size() < size && (next_audit != audit.end() || next_read != reads.end())) {
      const bool takes_audit = next_read == reads.end() ||
                               (next_audit != audit.end() && next_audit->create_time <= next_read->row.create_time);
      *response.add_events() = takes_audit ? EventOf(*next_audit) : EventOf(*next_read);
      if (takes_audit) {
        position.audit_seq = next_audit++->audit_seq;
      } else {
        position.read_seq = next_read++->row.read_seq;
      }
    }
    if (next_audit != audit.end() || next_read != reads.end())
      response.set_next_page_token(MakePageToken(call.deps().keys, scope, TextOf(position)));
    return true;
  });
}

}  // namespace loyalty
