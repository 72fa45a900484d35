// What reads of a member have in common: find it, wait for a position, bring it to now.
#pragma once

#include <optional>

#include "services/batch/command.h"
#include "services/rpc/request.h"
#include "storage/member_reads.h"

namespace loyalty {

Error MemberUnknown();

// The member as of now, what time has made due included. Nothing: its ledger has not reached `min_member_seq` yet.
// Errors: kMemberUnknown. Throws storage::Failure.
Result<std::optional<storage::MemberRecord>> ReadMember(storage::Session& session, std::int64_t public_id,
                                                        std::int64_t min_member_seq, Instant now);

// The member as a till shows it, but for its name to greet.
MemberSight SightOf(const storage::MemberRecord& member, const std::optional<storage::StatisticsRow>& statistics,
                    const absl::TimeZone& zone);

// The id of the member of a request that may name one, checked before; nothing for an empty name: all. Errors:
// kMemberUnknown. Throws storage::Failure.
Result<std::optional<std::int64_t>> MemberOrAll(storage::Session& session, std::string_view name);

}  // namespace loyalty
