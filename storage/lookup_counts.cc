#include "storage/lookup_counts.h"

#include "storage/read_table.h"

namespace loyalty::storage {

std::vector<LookupCountRow> ReadLookupCounts(Session& session, Instant from) {
  static const auto kRead =
      SetStatement::SelectEach<std::int64_t>(LookupCountRow::table().select() + " WHERE slot_time >= ?");
  return ReadRows<LookupCountRow>(session, kRead, Rows::Of(from));
}

std::vector<LookupCountRow> ReadOldLookupCounts(Session& session, Instant before, int limit) {
  static const auto kRead = SetStatement::SelectEach<std::int64_t, int>(
      LookupCountRow::table().select() + " WHERE slot_time < ? ORDER BY slot_time LIMIT ?");
  return ReadRows<LookupCountRow>(session, kRead, Rows::Of(before, limit));
}

}  // namespace loyalty::storage
