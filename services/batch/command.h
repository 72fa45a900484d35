// The commands of the write path, as plain data, and what comes back.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/identifier.h"
#include "domain/ledger.h"
#include "domain/receipt.h"
#include "domain/redemption.h"
#include "domain/result.h"
#include "retention/transition.h"
#include "storage/ids.h"
#include "storage/session.h"

namespace loyalty {

// Where a command comes from, resolved by the RPC adapter from the snapshot.
struct Place {
  std::int64_t store_id = 0;     // 0: none (an admin at a desk)
  std::int64_t terminal_id = 0;  // 0: none
  int epoch = 0;
  absl::TimeZone zone = absl::UTCTimeZone();  // the store's, else the program's
  int day_cut_minutes = 0;
  bool is_admin = false;  // may name past times and any store
};

// A card, a receipt, or both.
struct ScanCommand {
  Place place;
  std::optional<Identifier> identifier;
  bool in_card_range = false;  // an unknown card makes an anonymous member
  std::optional<Receipt> receipt;
  std::vector<std::string> voucher_codes;
  bool has_referral_code = false;
  std::string operator_id;
  Instant business_time = 0;  // 0: now
};

struct RedeemCommand {
  Place place;
  Identifier identifier;
  Spend spend;
  std::optional<Receipt> basket;
  std::string operator_id;
  Instant business_time = 0;  // 0: now
};

struct CancelRedemptionCommand {
  Place place;
  std::int64_t redemption_id = 0;
  std::string member_name;  // as named by the caller; must be the redemption's
  std::string reason;
  std::string operator_id;
};

struct EnrollMemberCommand {
  Place place;
  std::vector<Identifier> identifiers;
  bool has_person = false;
  std::string given_name, family_name, greeting_name, birth_date;
  std::string language;
  std::string channel, campaign, partner, referral, touchpoint;
};

struct LinkIdentifierCommand {
  std::string member_name;  // 16 hexadecimal digits
  Identifier identifier;
};

// A change to what no member owns: stores, terminals, tokens, card ranges, catalogue. Runs inside the transaction of a
// batch of its own, returns the stored result. It checks before it writes: a refusal must leave nothing behind.
struct AdminCommand {
  std::function<Result<std::string>(storage::Session& session, storage::IdBlock& ids, Instant now)> run;
};

// A step of a job: what the server does by itself, in a transaction of its own on the write path. It is nobody's
// request, so no answer is stored, and it may run again after one that took effect: it reads first what is still to do.
struct StepCommand {
  std::function<Status(storage::Session& session, const ChainKey& key, std::int64_t key_id, Instant now)> run;
};

// One request on its way through the write path.
struct Command {
  std::string request_id;
  std::string payload_hash;    // 32 hexadecimal digits over method, caller and canonical payload
  Instant deadline = kNever;   // server clock; a command that is still waiting then is dropped
  Instant not_after = kNever;  // server clock; a copy that is new after this is refused
  bool dry_run = false;        // Quote: decide, answer, write nothing
  std::variant<ScanCommand, RedeemCommand, CancelRedemptionCommand, EnrollMemberCommand, LinkIdentifierCommand,
               AdminCommand, StepCommand>
      payload;
};

// The member as a till shows it, as of the batch that answered.
struct MemberSight {
  std::string member_name;
  std::string greeting_name;
  std::string language;
  Balances balance;
  retention::Facts facts = {};
  retention::LifecycleState lifecycle = {};
};

// What a command came to. `result` are the stored bytes of the method's result message.
struct Answer {
  std::string result;
  bool replayed = false;
  bool dry_run = false;  // nothing was written
  std::optional<MemberSight> member = {};
};

using Done = std::function<void(Result<Answer>)>;

}  // namespace loyalty
