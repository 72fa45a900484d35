// Reads of one member. Plain reads: whoever needs several that agree opens a ReadTransaction around them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/members.h"
#include "storage/tables/people.h"

namespace loyalty::storage {

// All of these throw Failure.
std::optional<MemberRow> FindMember(Session& session, std::int64_t public_id);
// The member that an identifier (Identifier::key) belongs to; also by a blocked one.
std::optional<MemberRow> FindMemberBy(Session& session, const std::string& code);

// Members in a state (0: all but merged and erased ones), those with a name only if so asked, with an id below
// `before`, newest first, at most `limit`.
std::vector<MemberRow> ReadMembers(Session& session, MemberState state, bool enrolled_only, std::int64_t before,
                                   int limit);

// Identifiers in order of their codes; profile and key, nothing for an anonymous member.
std::vector<IdentifierRow> ReadIdentifiers(Session& session, std::int64_t member_id);
std::optional<MemberProfileRow> ReadProfile(Session& session, std::int64_t member_id);
std::optional<MemberKeyRow> ReadMemberKey(Session& session, std::int64_t member_id);

// Public ids by id; members that are not there are left out.
std::map<std::int64_t, std::int64_t> ReadPublicIds(Session& session, const std::vector<std::int64_t>& ids);

}  // namespace loyalty::storage
