#include "storage/audit_reads.h"

#include "storage/names.h"
#include "storage/read_table.h"

namespace loyalty::storage {

std::vector<AuditRow> ReadAudit(Session& session, std::int64_t principal_id, std::int64_t after, Instant from,
                                int limit) {
  static const auto kNext = SetStatement::SelectEach<std::int64_t, std::int64_t, std::int64_t, int>(
      AuditRow::table().select() +
      " WHERE principal_id = ? AND audit_seq > ? AND create_time >= ? ORDER BY audit_seq LIMIT ?");
  return ReadRows<AuditRow>(session, kNext, Rows::Of(principal_id, after, from, limit));
}

std::vector<NamedRead> ReadReads(Session& session, std::int64_t principal_id, std::int64_t after, Instant from,
                                 int limit) {
  static const auto kNext = SetStatement::SelectEach<std::int64_t, std::int64_t, std::int64_t, int>(
      "SELECT r.read_seq, r.member_id, r.method, r.create_time, m.public_id FROM read_log r JOIN members m ON m.id = "
      "r.member_id WHERE r.principal_id = ? AND r.read_seq > ? AND r.create_time >= ? ORDER BY r.read_seq LIMIT ?");
  std::vector<NamedRead> reads;
  session.Read(kNext, Rows::Of(principal_id, after, from, limit),
               [&](std::int64_t read_seq, std::int64_t member_id, const std::string& method, Instant create_time,
                   std::int64_t public_id) {
                 NamedRead read;
                 read.row.principal_id = principal_id;
                 read.row.read_seq = read_seq;
                 read.row.member_id = member_id;
                 read.row.method = method;
                 read.row.create_time = create_time;
                 read.member = PublicName(public_id);
                 reads.push_back(std::move(read));
               });
  return reads;
}

}  // namespace loyalty::storage
