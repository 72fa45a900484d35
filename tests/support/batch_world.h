// A small program on a database of its own, and short ways to send commands through the write path.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "loyalty/v1/member_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "services/batch/run_batch.h"
#include "services/catalogue/snapshot.h"
#include "storage/read_table.h"
#include "tests/support/catalogue.h"
#include "tests/support/check_ledger.h"
#include "tests/support/database.h"
#include "tests/support/program.h"

namespace loyalty::test {

// What a test random source answers: different numbers, the same in every run.
std::int64_t NthRandom(std::uint64_t n);

// Cards are "card:1", "card:2" ...; those below 1,000,000 lie in the program's range. Checks the whole ledger when it
// ends.
class BatchWorld {
 public:
  explicit BatchWorld(storage::Engine engine, const CatalogueOptions& options = {});
  ~BatchWorld();

  TestDatabase& database() { return database_; }
  storage::Session& session() { return database_.session(); }
  std::shared_ptr<const Snapshot> snapshot() const { return snapshot_; }
  // What the commands from now on are judged by.
  void set_snapshot(std::shared_ptr<const Snapshot> snapshot) { snapshot_ = std::move(snapshot); }

  Instant now = kStart;
  std::uint64_t randoms = 0;  // drawn so far
  storage::IdBlock ids;
  const ProgramKeys* keys = &TestKeys();
  bool check_at_end = true;
  // What does not add up in the ledger; empty when everything does.
  std::string Fault() { return LedgerFault(session(), *keys); }

  // From now on members are classified (InsertMeasure).
  void LayDownMeasure();

  // A batch on any session; `session` defaults to the world's first.
  BatchContext Context(storage::Session* session = nullptr);

  // Runs the commands as one batch and returns their answers. Those that have to wait run in further batches, in order,
  // until all are answered. What admission knows of receipts is found out here, so that a test may change them.
  std::vector<Result<Answer>> Run(std::vector<Command> commands);
  Result<Answer> Run(const Command& command);
  // What a command would come to: nothing is written.
  Result<Answer> Quote(Command command);
  // Runs one command that must be accepted.
  Answer Must(const Command& command);

  // Commands, each with a new request id. `cents` of goods on the receipt; a receipt number of its own where it is "".
  Command Scan(int card, Minor cents, const std::string& receipt_no = "");
  Command Visit(int card);
  Command Redeem(int card, Points points);
  Command Cancel(const std::string& redemption);  // its name
  Command Enroll(const std::vector<int>& cards);
  Command Link(const std::string& member, int card);  // its name
  // A phone number or e-mail address more; it is sealed with the member's key.
  Command Link(const std::string& member, const Identifier& identifier);
  // A store of this name.
  Command CreateStore(const std::string& name);
  // The same command under a request id of its own.
  Command Again(Command command);

  // Changes a stored row behind the back of all servers, as one of them would: its seal is right.
  template <typename Row, typename Change>
  void Edit(const typename Row::Key& key, Change change, storage::Session* by = nullptr) {
    storage::Session& one = by == nullptr ? session() : *by;
    storage::Transaction transaction(one);
    WorkingSet set;
    change(set.of<Row>().Take(storage::ReadByKey<Row>(one, key).value()));
    set.Flush(one, TestKeys());
    transaction.Commit();
  }

  Balances BalanceOf(int card);  // as stored
  std::int64_t MemberOf(int card);

 private:
  Command NewCommand(std::string content);
  Place PlaceOf(std::int64_t terminal_id) const;

  TestDatabase database_;
  std::shared_ptr<const Snapshot> snapshot_;
  int requests_ = 0;
  int receipts_ = 0;
};

Identifier Card(int number);
// What a till's server computes of the receipt in a scan, if there is one.
void NoteFacts(Command& command, Instant now);
// A hash of a request's content.
Bytes HashOf(const std::string& content);

// The results of accepted commands; the test fails for others.
v1::ScanResult ScanOf(const Result<Answer>& answer);
v1::RedeemResult RedeemOf(const Result<Answer>& answer);
v1::CancelRedemptionResult CancelOf(const Result<Answer>& answer);
v1::EnrollMemberResult EnrollOf(const Result<Answer>& answer);

// "OK", or the name of the reason.
std::string Outcome(const Result<Answer>& answer);
std::vector<std::string> Outcomes(const std::vector<Result<Answer>>& answers);

}  // namespace loyalty::test
