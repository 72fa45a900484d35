// Who a member is: identifiers, and personal data under a key of the member's own.
#pragma once

#include <cstdint>
#include <string>

#include "domain/identifier.h"
#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// What identifies a member. An erased one keeps its row, so that nobody gets the old history by the old card.
struct IdentifierRow {
  using Key = std::string;
  Key key() const { return code; }
  static const Table<IdentifierRow>& table();

  std::string code;  // Identifier::key
  IdentifierKind kind = IdentifierKind::kCard;
  std::int64_t member_id = 0;        // 0: erased
  std::int64_t first_member_id = 0;  // whose it was before a merge; 0: none
  IdentifierState state = IdentifierState::kActive;
  int normaliser = kNormaliser;
  Bytes sealed_text;        // the text of what is stored as a hash, under the member's key; empty: none
  std::string replaced_by;  // code; empty: none
  Instant create_time = 0;
  std::int64_t version = 1;
  Bytes seal;
};

// Where a member came from.
struct AcquisitionRow {
  std::string channel, campaign, partner, referral, touchpoint;
};

// The cold part of an enrolled member.
struct MemberProfileRow {
  using Key = std::int64_t;
  Key key() const { return member_id; }
  static const Table<MemberProfileRow>& table();

  std::int64_t member_id = 0;
  AcquisitionRow acquisition;
  Bytes person;              // names and date of birth, under the member's key; empty: none
  Bytes family_hash;         // keyed, of the folded family name; empty: none
  Bytes family_prefix_hash;  // of its first three letters
  Instant update_time = 0;
};

// The key of a member's personal data: whoever erases it has erased them, backups included.
struct MemberKeyRow {
  using Key = std::int64_t;
  Key key() const { return member_id; }
  static const Table<MemberKeyRow>& table();

  std::int64_t member_id = 0;
  Bytes secret;
  Instant create_time = 0;
};

}  // namespace loyalty::storage
