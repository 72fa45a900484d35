// Reads of one member. Plain reads: whoever needs several that agree opens a ReadTransaction around them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/identifier.h"
#include "domain/ledger.h"
#include "retention/summary.h"
#include "storage/session.h"
#include "storage/working_set.h"

namespace loyalty::storage {

// A member without its history. `account` has the stored numbers and no lots.
struct MemberRecord {
  std::int64_t id = 0;
  std::int64_t public_id = 0;
  MemberState state = MemberState::kActive;
  bool anonymous = true;
  std::string language;
  AcquisitionRow acquisition;
  Instant create_time = 0;
  Account account;
};

struct IdentifierRecord {
  Identifier identifier;
  IdentifierState state = IdentifierState::kActive;
};

// All of these throw Failure.
std::optional<MemberRecord> FindMember(Session& session, std::int64_t public_id);
// The member that an identifier belongs or belonged to; also by a blocked one.
std::optional<MemberRecord> FindMember(Session& session, const Identifier& identifier);

// Identifiers in order of their keys; personal data, nothing for an anonymous member; statistics, nothing before the
// first purchase or classification.
std::vector<IdentifierRecord> ReadIdentifiers(Session& session, std::int64_t member_id);
std::optional<PersonRow> ReadPerson(Session& session, std::int64_t member_id);
std::optional<StatisticsRow> ReadStatistics(Session& session, std::int64_t member_id);

// Public ids by id; members that are not there are left out.
std::map<std::int64_t, std::int64_t> ReadPublicIds(Session& session, const std::vector<std::int64_t>& ids);

}  // namespace loyalty::storage
