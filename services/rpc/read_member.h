// What reads of a member have in common: find it, wait for a position, bring it to now.
#pragma once

#include <optional>

#include "services/commands/command.h"
#include "services/rpc/request.h"
#include "storage/ledger_reads.h"
#include "storage/member_reads.h"

namespace loyalty {

Error MemberUnknown();

// A member, and its account as of now, what time has made due included; its seq is the stored one.
struct MemberNow {
  storage::MemberRow row;
  Account account;
};
// Throws storage::Failure, like all below.
MemberNow AsOfNow(storage::Session& session, storage::MemberRow row, Instant now);

// The member as of now. Nothing: its ledger has not reached `min_member_seq` yet. Errors: kMemberUnknown.
Result<std::optional<MemberNow>> ReadMember(storage::Session& session, std::int64_t public_id,
                                            std::int64_t min_member_seq, Instant now);

// The next dates on which spendable points expire, at most kExpiringMax, earliest first; those of lots included that
// have become active and were not written yet.
std::vector<ExpiringPoints> ExpiringSoon(storage::Session& session, const MemberNow& member, Instant now);

// The member as a till shows it, without what expires.
LiveMember LiveOf(const MemberNow& member, const absl::TimeZone& zone);

}  // namespace loyalty
