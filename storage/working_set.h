// Everything a batch works on, as plain data in maps: loaded by a few set-based reads, changed by the rules, written
// back row by row in its final state. Outcomes are registered at once, so that a later command of the batch sees them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/identifier.h"
#include "domain/ledger.h"
#include "domain/receipt.h"
#include "retention/summary.h"
#include "storage/statistics.h"
#include "storage/transitions.h"

namespace loyalty::storage {

// Stored by number: never renumber.
enum class MemberState : std::uint8_t { kActive = 1, kBlocked = 2, kMerged = 3, kErased = 4 };
enum class ReceiptState : std::uint8_t { kRecorded = 1, kVoided = 2 };
enum class RedemptionState : std::uint8_t { kRedeemed = 1, kCancelled = 2 };

// Personal data of a member.
struct PersonRow {
  std::string given_name, family_name, greeting_name, birth_date;
};

// Where a member came from.
struct AcquisitionRow {
  std::string channel, campaign, partner, referral, touchpoint;
};

// One purchase day of a member in the batch.
struct DayEntry {
  std::optional<retention::MemberDay> row;
  retention::DayNeighbours neighbours;  // stored ones, where they may be needed
  bool changed = false;
};

// A member, locked by the batch.
struct MemberEntry {
  std::int64_t id = 0;
  std::int64_t public_id = 0;
  std::int64_t version = 0;
  MemberState state = MemberState::kActive;
  bool anonymous = true;
  std::string language;
  bool is_new = false;
  bool changed = false;  // decided on: written with version + 1 even when no number changed
  Account account;
  StatisticsRow statistics;
  bool statistics_changed = false;
  bool due_day_changed = false;
  bool purchases_loaded = false;  // the days of this batch
  std::map<Day, DayEntry> days;
  std::string greeting_name;
  Instant create_time = 0;
  // For a new member, or one that is enrolled.
  std::int64_t store_id = 0;
  AcquisitionRow acquisition;
  bool acquisition_changed = false;
  std::optional<PersonRow> person;  // to be written
};

// An identifier. member_id 0: it is not known.
struct IdentifierEntry {
  IdentifierKind kind = IdentifierKind::kCard;
  std::int64_t member_id = 0;
  IdentifierState state = IdentifierState::kActive;
  bool is_new = false;
};

// A receipt that is stored, or will be.
struct ReceiptEntry {
  std::int64_t id = 0;
  std::string request_id;
  std::string content_hash;
};

// A receipt to be written.
struct NewReceipt {
  std::int64_t id = 0;
  std::string natural_key;
  std::string fiscal_key;  // may be empty
  std::int64_t member_id = 0;
  std::int64_t terminal_id = 0;
  int epoch = 0;
  Day business_date = 0;
  Instant record_time = 0;
  std::int32_t utc_offset = 0;  // seconds
  std::string operator_id, request_id, content_hash, evaluation;
  const Receipt* receipt = nullptr;  // of the command, which outlives the batch
};

// A redemption.
struct RedemptionEntry {
  std::int64_t id = 0;  // random, public
  std::int64_t member_id = 0;
  std::int64_t entry_seq = 0;
  RedemptionState state = RedemptionState::kRedeemed;
  Points points = 0;
  Minor value = 0;
  std::string reward;
  std::int64_t terminal_id = 0;
  std::string request_id, cancel_request_id, cancel_reason;
  Instant create_time = 0;
  std::int64_t version = 0;
  std::vector<Allocation> allocations;  // of its burn
  bool is_new = false;
  bool changed = false;
};

// A request that has been answered.
struct RequestEntry {
  std::string payload_hash;
  std::string result;
  bool is_new = false;
};

struct Visit {
  std::int64_t member_id = 0;
  std::int64_t store_id = 0;
  Day business_date = 0;
};

struct WorkingSet {
  Instant now = 0;
  absl::TimeZone zone = absl::UTCTimeZone();                     // the program's
  std::map<std::int64_t, MemberEntry> members;                   // by id: the order of locks and of writes
  std::unordered_map<std::string, std::int64_t> member_ids;      // by public name
  std::unordered_map<std::string, IdentifierEntry> identifiers;  // by normalised key
  std::unordered_map<std::string, ReceiptEntry> receipts;        // by natural key and by fiscal key
  std::map<std::int64_t, RedemptionEntry> redemptions;           // by id
  std::unordered_map<std::string, RequestEntry> requests;        // by request id
  std::vector<NewReceipt> new_receipts;
  std::vector<Visit> visits;
  std::vector<TransitionRow> transitions;

  MemberEntry* FindMember(std::int64_t id);
};

// Public name of a random 64-bit id: 16 lower-case hexadecimal digits, and back (nothing when it is not one).
std::string PublicName(std::int64_t public_id);
std::optional<std::int64_t> ParsePublicName(std::string_view name);

// Natural key of a receipt: terminal, epoch, business date, kind and number. The fiscal key is a second one; empty
// without a fiscal signature.
std::string ReceiptKey(std::int64_t terminal_id, int epoch, Day business_date, const Receipt& receipt);
std::string FiscalKey(const Receipt& receipt);

}  // namespace loyalty::storage
