// Entries: seq, chain, and the sums that are the balances.
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

// Entries at a time: a member may have any number of them.
constexpr int kEntriesAtOnce = 4'096;

const std::string kColumns =
    "SELECT member_id, seq, type, available_delta, pending_delta, held_delta, debt_delta, lot_seq, request_id, "
    "receipt_id, reversal_of, group_id, terminal_id, business_time, record_time, catalogue_version, mac FROM entries ";
constexpr const char* kTypes = "iiiiiiiitiiiiiiit";
const SetStatement kRestOfMember =
    SetStatement::SelectEach(kColumns + "WHERE member_id = ? AND seq > ? ORDER BY seq LIMIT ?", "iii", kTypes);
const SetStatement kNextMembers = SetStatement::SelectEach(
    kColumns + "WHERE member_id > ? AND member_id <= ? ORDER BY member_id, seq LIMIT ?", "iii", kTypes);

// What has been read of a member so far.
struct Running {
  std::int64_t seq = 0;
  Balances sum;
  std::string mac;
};

Entry EntryOf(const ResultRow& row) {
  Entry entry;
  entry.seq = row.Number(1);
  entry.type = static_cast<EntryType>(row.Number(2));
  entry.delta = {row.Number(3), row.Number(4), row.Number(5), row.Number(6)};
  entry.lot_seq = row.Number(7);
  entry.cause.request_id = row.Text(8);
  entry.cause.receipt_id = row.Number(9);
  entry.reversal_of = row.Number(10);
  entry.group_id = row.Number(11);
  entry.cause.terminal_id = row.Number(12);
  entry.cause.business_time = row.Number(13);
  entry.cause.record_time = row.Number(14);
  entry.cause.catalogue_version = row.Number(15);
  entry.mac = row.Text(16);
  return entry;
}

class EntryCheck {
 public:
  EntryCheck(const ChainKey& key, const VerifyChunk& chunk) : key_(key), chunk_(chunk) {}

  void Take(std::int64_t member_id, const Entry& entry) {
    if (!difference.empty()) return;
    const auto member = chunk_.members.find(member_id);
    if (member == chunk_.members.end()) {
      difference = "entries " + chunk_.Name(member_id, "/entries/", entry.seq) + ": there is no such member";
      return;
    }
    Running& running = running_[member_id];
    if (entry.seq != running.seq + 1) {
      difference =
          "entries " + chunk_.Name(member_id, "/entries/", entry.seq) + ": follows seq " + std::to_string(running.seq);
      return;
    }
    if (EntryMac(member->second.name, entry, running.mac, key_) != entry.mac) {
      difference = "entries " + chunk_.Name(member_id, "/entries/", entry.seq) +
                   ": its seal does not fit: it, or one before it, was changed";
      return;
    }
    running.seq = entry.seq;
    running.sum += entry.delta;
    running.mac = entry.mac;
  }

  void Finish() {
    for (const auto& entry : chunk_.members) {
      const std::int64_t id = entry.first;  // not a structured binding: the lambda below captures it
      const auto& member = entry.second;
      if (!difference.empty()) return;
      const Running& running = running_[id];
      const auto differs = [&](const char* column, std::int64_t stored, std::int64_t computed) {
        if (stored != computed && difference.empty())
          difference = "members " + chunk_.Name(id) + ": " + column + " is " + std::to_string(stored) +
                       ", its entries say " + std::to_string(computed);
      };
      differs("member_seq", member.seq, running.seq);
      differs("available", member.balance.available, running.sum.available);
      differs("pending", member.balance.pending, running.sum.pending);
      differs("held", member.balance.held, running.sum.held);
      differs("debt", member.balance.debt, running.sum.debt);
      if (member.chain_head != running.mac && difference.empty())
        difference = "members " + chunk_.Name(id) + ": chain_head is not the seal of its last entry";
    }
  }

  std::string difference;

 private:
  const ChainKey& key_;
  const VerifyChunk& chunk_;
  std::map<std::int64_t, Running> running_;
};

}  // namespace

std::string VerifyEntries(Session& session, const ChainKey& key, const VerifyChunk& chunk, VerifyReport& report) {
  EntryCheck check(key, chunk);
  std::int64_t member_id = chunk.from;
  std::int64_t seq = kNever;  // of member_id; kNever: that member is done
  while (check.difference.empty()) {
    const bool rest = seq != kNever;
    Rows rows(3);
    if (rest) {
      rows.Add(member_id, seq, kEntriesAtOnce);
    } else {
      rows.Add(member_id, chunk.to, kEntriesAtOnce);
    }
    std::int64_t count = 0;
    session.Read(rest ? kRestOfMember : kNextMembers, rows, [&](const ResultRow& row) {
      check.Take(row.Number(0), EntryOf(row));
      member_id = row.Number(0);
      seq = row.Number(1);
      ++count;
    });
    report.entries += count;
    if (count == kEntriesAtOnce) continue;
    // Fewer than asked for: the member, or all of them, is done.
    if (!rest) break;
    seq = kNever;
  }
  check.Finish();
  return check.difference;
}

}  // namespace loyalty::storage
