// Parts of VerifyLedger; only its files include this.
#pragma once

#include <map>
#include <string>

#include "storage/verify.h"

namespace loyalty::storage {

// The members with from < id <= to, as stored.
struct VerifyChunk {
  struct Member {
    std::string name;  // 16 hexadecimal digits
    Balances balance;
    std::int64_t seq = 0;
    Instant next_due_time = kNever;
    std::string chain_head;
  };
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::map<std::int64_t, Member> members;

  // Name of a row that hangs below a member, for instance members/{name}/lots/3.
  std::string Name(std::int64_t member_id, const char* kind = "", std::int64_t key = 0) const;
};

// Each returns the first difference it finds, or nothing, and adds to the counts.
std::string VerifyEntries(Session& session, const ChainKey& key, const VerifyChunk& chunk, VerifyReport& report);
std::string VerifyLots(Session& session, const VerifyChunk& chunk, VerifyReport& report);
std::string VerifyLinks(Session& session, const VerifyChunk& chunk);
std::string VerifyPurchases(Session& session, const VerifyChunk& chunk, VerifyReport& report);

}  // namespace loyalty::storage
