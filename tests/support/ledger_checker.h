// The parts of LedgerFault: what is stored is read and held against what the entries say.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/ledger.h"
#include "retention/summary.h"
#include "storage/session.h"
#include "storage/tables/members.h"

namespace loyalty::test {

struct FoundLot {
  LotTerms terms;
  Points remaining = 0;
  bool pending = false;
};

// As it is stored.
struct StoredLot {
  LotTerms terms;
  Points remaining = 0, held = 0;
  bool pending = false;
};

struct FoundEntry {
  EntryType type = EntryType::kEarn;
  Points size = 0;  // that allocations must add up to; 0: it has none
  std::int64_t receipt_id = 0, command_id = 0;
  Points allocated = 0;
};

struct StoredMember {
  std::string name;
  Bytes chain_head;
  Balances balance;
  Instant next_due_time = 0, record_time = 0;
  std::int64_t seq = 0;
  std::map<std::int64_t, StoredLot> stored_lots;
  retention::MemberSummary summary;
  std::vector<retention::MemberDay> stored_days;
  std::int64_t transitions = 0;
  retention::Standing stored_standing;
  // Found out on the way.
  Balances sum;
  std::map<std::int64_t, FoundEntry> entries;
  Instant last_record_time = 0;
  Bytes mac;
  std::map<std::int64_t, FoundLot> lots;
  std::map<std::int64_t, Points> burnt, restored;  // by seq of the burn
  std::map<Day, retention::MemberDay> days;
  std::int64_t moves = 0;
  retention::Standing standing;
};

// A receipt or a command: what entries and requests must agree with.
struct Booked {
  std::int64_t member_id = 0, entry_seq = 0, entry_count = 0;
  int kind = 0;  // of a command
  std::int64_t entries = 0;
};

// One look at a database.
class Checker {
 public:
  Checker(storage::Session& session, const ProgramKeys& keys) : session_(session), keys_(keys) {}

  std::string Run();

 private:
  void Fault(std::string text);
  void Expect(bool ok, const std::string& what, std::int64_t member, std::int64_t key = 0);
  StoredMember& Member(std::int64_t id);
  void ReadMembers();
  void ReadCauses();
  void ReadRequests();
  void ReadEntries();
  void Add(std::int64_t id, const Entry& entry, const Bytes& mac);
  void ReadAllocations();
  void CheckEntries();
  void ReadLots();
  void CheckMembers();
  void CheckLots();
  void CheckRedemptions();
  void CheckLines();
  void CheckDays();
  void CheckMoves();
  void CheckSeals();

  storage::Session& session_;
  const ProgramKeys& keys_;
  std::string fault_;
  std::map<std::int64_t, Booked> receipts_, commands_;
  std::map<std::int64_t, StoredMember> members_;
  StoredMember nobody_;
};

}  // namespace loyalty::test
