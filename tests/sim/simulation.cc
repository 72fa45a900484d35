#include "tests/sim/simulation.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "loyalty/v1/member_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "storage/names.h"
#include "storage/tables/receipts.h"
#include "storage/tables/requests.h"
#include "storage/verify.h"
#include "tests/sim/model.h"
#include "tests/sim/tills.h"
#include "tests/sim/world.h"
#include "tests/support/check_ledger.h"

namespace loyalty::sim {
namespace {

constexpr std::int64_t kBatchMax = 96;
constexpr std::int64_t kCheckAllEvery = 1'000;
constexpr int kStatementsOfABatch = 45;  // faults are spread over as many

using Answers = std::vector<std::optional<Result<Answer>>>;

bool IsAlone(const Command& command) { return IsQuote(command) || command.runs_alone(); }

std::string OutcomeOf(const Result<Answer>& answer) {
  return answer ? "OK" : std::string(ReasonName(answer.error().reason));
}

// No decision: whether it took effect must be asked again.
bool IsUnknown(const std::optional<Result<Answer>>& answer, bool may_break) {
  if (!answer) return true;
  if (*answer) return false;
  const Reason reason = answer->error().reason;
  return reason == Reason::kUnavailable || reason == Reason::kContention || (may_break && reason == Reason::kInternal);
}

// For people who look for the reason of a failure.
std::string Describe(const Command& command) {
  struct Visitor {
    std::string operator()(const loyalty::Scan& scan) const {
      return "scan " + (scan.identifier ? scan.identifier->key : "nobody") +
             (scan.receipt
                  ? " terminal " + std::to_string(scan.place.terminal_id) + " " + scan.receipt->receipt_no + " of " +
                        std::to_string(scan.receipt->total) + " at " + FormatTime(scan.receipt->business_time) +
                        " epoch " + std::to_string(scan.place.epoch) +
                        (scan.receipt->business_date ? " on " + FormatDay(*scan.receipt->business_date) : "") +
                        (scan.receipt->fiscal ? " signed " + scan.receipt->fiscal->transaction_no : "")
                  : "");
    }
    std::string operator()(const loyalty::Redeem& redeem) const {
      return "redeem " + redeem.identifier.key + " " + std::to_string(redeem.spend.points);
    }
    std::string operator()(const loyalty::CancelRedemption& cancel) const {
      return "cancel " + std::to_string(cancel.redemption_id) + " of " + cancel.member_name;
    }
    std::string operator()(const loyalty::EnrollMember& enroll) const {
      return "enroll " + enroll.identifiers.front().key + (enroll.identifiers.size() > 1 ? " and another" : "");
    }
    std::string operator()(const loyalty::LinkIdentifier& link) const {
      return "link " + link.identifier.key + " to " + storage::PublicName(link.member_public_id);
    }
    std::string operator()(const loyalty::Admin&) const { return "create store"; }
    std::string operator()(const loyalty::Step&) const { return "a step of a job"; }
    std::string operator()(const loyalty::NoteRead&) const { return "a read that is noted"; }
    std::string operator()(const loyalty::PinTry&) const { return "a PIN that is looked at"; }
    std::string operator()(const loyalty::SignOn&) const { return "an operator signs on"; }
    std::string operator()(const loyalty::SignOff&) const { return "an operator signs off"; }
    std::string operator()(const loyalty::Desk&) const { return "the service desk"; }
    std::string operator()(const loyalty::UpdateMember&) const { return "a correction of a member"; }
  };
  return command.request_id + " " + (IsQuote(command) ? "quote " : "") + std::visit(Visitor{}, command.payload);
}

std::string Describe(const std::optional<Result<Answer>>& answer) {
  return !answer ? "no answer" : OutcomeOf(*answer) + (*answer && (*answer)->replayed ? " replayed" : "");
}

class Life {
 public:
  Life(std::uint64_t seed, Databases& databases)
      : program_(ProgramOf(seed)),
        world_(seed, program_, databases),
        model_(program_),
        tills_(seed + 1),
        chance_(seed),
        now_(program_.start) {}

  Outcome Run(std::int64_t operations) {
    std::int64_t next_check = kCheckAllEvery;
    while (outcome_.operations < operations && outcome_.failure.empty()) {
      PassTime();
      Step();
      if (outcome_.failure.empty() && outcome_.operations >= next_check) {
        CompareAll();
        next_check += kCheckAllEvery;
      }
    }
    if (outcome_.failure.empty()) CompareAll();
    // The server's own verification, and one that shares nothing with it.
    const auto report = storage::VerifyLedger(world_.reader(), World::Keys(), std::nullopt, std::nullopt,
                                              [](const storage::VerifyReport&) { return true; });
    if (!report.first_difference.empty()) Fail(report.first_difference);
    if (const auto fault = test::LedgerFault(world_.reader(), World::Keys()); !fault.empty()) Fail(fault);
    return outcome_;
  }

 private:
  void Fail(const std::string& what) {
    if (outcome_.failure.empty()) outcome_.failure = "operation " + std::to_string(outcome_.operations) + ": " + what;
  }

  // Mostly minutes; now and then weeks, and now and then the clock is set back.
  void PassTime() {
    now_ += chance_.Below(40) * kMinute;
    if (chance_.OneIn(60)) now_ += chance_.Below(45) * kDayLength;
    if (chance_.OneIn(150)) now_ -= chance_.Below(12) * kDayLength;
  }

  std::vector<Command> NextBatch() {
    std::vector<Command> batch;
    const auto size = 1 + chance_.Below(kBatchMax);
    if (waiting_) {
      batch.push_back(*std::move(waiting_));
      waiting_.reset();
      if (IsAlone(batch.front())) return batch;
    }
    while (static_cast<std::int64_t>(batch.size()) < size) {
      Command command = tills_.Next(now_);
      if (IsAlone(command) && !batch.empty()) {
        waiting_ = std::move(command);
        break;
      }
      batch.push_back(std::move(command));
      if (IsAlone(batch.back())) break;
    }
    return batch;
  }

  void Step() {
    const std::vector<Command> batch = NextBatch();
    std::optional<Fault> fault;
    if (chance_.OneIn(6)) fault = static_cast<Fault>(chance_.Below(kFaults));
    const auto server = static_cast<std::size_t>(chance_.Below(2));
    const auto at = 1 + static_cast<int>(chance_.Below(kStatementsOfABatch));
    if (IsQuote(batch.front())) return Ask(batch.front());
    const Answers answers = world_.Run(server, batch, now_, fault, at, outcome_.faults);
    const auto turns = world_.turns();
    const bool ran_twice = world_.lost_commit();
    // Whoever got no answer asks again, the other server perhaps; only then is it known what the first time did.
    std::vector<Command> unknown;
    std::vector<std::size_t> places;  // of the unknown in the batch
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!IsUnknown(answers[i], fault == Fault::kOther)) continue;
      unknown.push_back(batch[i]);
      places.push_back(i);
    }
    std::set<std::string> stored = StoredOf(unknown);
    Answers again(batch.size());  // by places in the batch
    std::vector<std::size_t> later;
    if (!unknown.empty()) {
      const Answers told =
          world_.Run(static_cast<std::size_t>(chance_.Below(2)), unknown, now_, std::nullopt, 0, outcome_.faults);
      for (std::size_t i = 0; i < told.size(); ++i) again[places[i]] = told[i];
      for (const std::size_t turn : world_.turns()) later.push_back(places[turn]);
      if (later.size() != unknown.size()) return Fail("a server that was not disturbed did not answer");
    }

    std::vector<const Command*> named;
    for (const Command& command : batch) named.push_back(&command);
    model_.Settle(named, now_);
    // What was found to have happened happened in its place; the rest came afterwards.
    std::vector<std::size_t> judged_anew, happened;
    for (const std::size_t i : AllTurns(turns, batch.size())) {
      if (again[i]) {
        // A refusal is not stored: under its id another command of the batch may be.
        if (!*again[i] || results_.contains(batch[i].request_id) || stored.erase(batch[i].request_id) == 0) continue;
        Compare(batch[i], *again[i], true);
        happened.push_back(i);
        continue;
      }
      // Lost at COMMIT, the server ran the batch again: what it had done is answered again, and only what it had
      // refused was judged anew, after all that.
      const bool repeated = fault == Fault::kLost && *answers[i] && (*answers[i])->replayed;
      if (repeated || !ran_twice) {
        Compare(batch[i], *answers[i], repeated);
      } else {
        judged_anew.push_back(i);
      }
    }
    for (const std::size_t i : judged_anew) Compare(batch[i], *answers[i], false);
    for (const std::size_t i : later)
      if (std::find(happened.begin(), happened.end(), i) == happened.end()) Compare(batch[i], *again[i], false);
    model_.Undo();
    CompareTouched(batch);
    if (outcome_.failure.empty()) return;
    outcome_.failure += "\nthe batch, on server " + std::to_string(server) + " at " + FormatTime(now_) +
                        (fault ? ", fault " + std::to_string(static_cast<int>(*fault)) : "") + ":";
    for (std::size_t i = 0; i < batch.size(); ++i) {
      outcome_.failure += "\n  " + Describe(batch[i]) + ": " + Describe(answers[i]);
      if (again[i]) outcome_.failure += ", then " + Describe(again[i]);
    }
  }

  // In which order the commands of a batch took effect, as far as that is known.
  static std::vector<std::size_t> AllTurns(std::vector<std::size_t> turns, std::size_t commands) {
    for (std::size_t i = 0; i < commands; ++i)
      if (std::find(turns.begin(), turns.end(), i) == turns.end()) turns.push_back(i);
    return turns;
  }

  // What it would come to; nothing is to have changed afterwards.
  void Ask(const Command& command) {
    model_.Settle({&command}, now_);
    Compare(command, world_.Quote(command, now_), false);
    model_.Undo();
    CompareTouched({command});
  }

  // Which of these requests the database has answered.
  std::set<std::string> StoredOf(const std::vector<Command>& commands) {
    std::set<std::string> ids;
    storage::Rows keys(1);
    for (const Command& command : commands) keys.Add(storage::PackRequestId(command.request_id));
    static const auto kStored =
        storage::SetStatement::SelectIn("SELECT request_id FROM requests WHERE request_id", storage::Type::kBytes);
    world_.reader().Read(kStored, keys, [&ids](const Bytes& packed) { ids.insert(storage::UnpackRequestId(packed)); });
    return ids;
  }

  // `happened`: answered again although the model has not heard of it, because its first answer got lost.
  void Compare(const Command& command, const Result<Answer>& answer, bool happened) {
    ++outcome_.operations;
    const Expected expected = model_.Apply(command, now_);
    const std::string outcome = OutcomeOf(answer);
    if (outcome != expected.outcome)
      return Fail(command.request_id + " was answered " + outcome + ", not " + expected.outcome);
    if (!answer) {
      ++outcome_.refused;
      return;
    }
    if (!happened && answer->replayed != expected.replayed)
      return Fail(command.request_id + (answer->replayed ? " was answered again" : " took effect a second time"));
    if (!IsQuote(command)) {
      if (expected.replayed) ++outcome_.replayed;
      const auto [stored, fresh] = results_.try_emplace(command.request_id, answer->bytes);
      if (!fresh && stored->second != answer->bytes)
        return Fail(command.request_id + " got another answer than the first time");
      if (fresh) Learn(command, *answer, expected);
    }
    // Behind a lost answer others may have come: then the sight is a later one.
    if (expected.balance && !happened && answer->member && answer->member->balance != *expected.balance)
      return Fail(command.request_id + " shows available " + std::to_string(answer->member->balance.available) +
                  " and pending " + std::to_string(answer->member->balance.pending) + ", the model has " +
                  std::to_string(expected.balance->available) + " and " + std::to_string(expected.balance->pending));
  }

  void Learn(const Command& command, const Answer& answer, const Expected& expected) {
    constexpr std::size_t kName = 16;
    if (std::holds_alternative<loyalty::Scan>(command.payload)) {
      v1::ScanResult result;
      result.ParseFromString(answer.bytes);
      if (!expected.replayed && result.sale().points_earned() != expected.earned)
        return Fail(command.request_id + " earned " + std::to_string(result.sale().points_earned()) + ", not " +
                    std::to_string(expected.earned) + " on\n" +
                    ContentOf(*std::get<loyalty::Scan>(command.payload).receipt) +
                    storage::PaymentsText(*std::get<loyalty::Scan>(command.payload).receipt));
      if (result.member_created()) LearnMember(command, result.member().substr(result.member().size() - kName));
    } else if (std::holds_alternative<loyalty::EnrollMember>(command.payload)) {
      v1::EnrollMemberResult result;
      result.ParseFromString(answer.bytes);
      LearnMember(command, result.member().substr(result.member().size() - kName));
    } else if (std::holds_alternative<loyalty::Redeem>(command.payload)) {
      v1::RedeemResult result;
      result.ParseFromString(answer.bytes);
      const std::string& name = result.redemption();
      model_.NameRedemption(
          command.request_id,
          Reveal(World::Keys().names, NameOf::kRedemption, *storage::ParsePublicName(name.substr(name.size() - kName))),
          name);
      tills_.LearnRedemption(command.request_id, name);
    }
  }

  void LearnMember(const Command& command, const std::string& name) {
    model_.NameMember(command.request_id, name);
    tills_.LearnMember(name);
  }

  void CompareBalance(const std::string& key, std::int64_t stored_member, const Balances& stored) {
    const auto owner = model_.owners().find(key);
    if (owner == model_.owners().end()) return Fail(key + " belongs to a member of which the model knows nothing");
    const auto [at, fresh] = ids_.try_emplace(owner->second, stored_member);
    if (at->second != stored_member) return Fail(key + " belongs to another member");
    if (model_.BalanceOf(owner->second) != stored)
      Fail(key + " has " + std::to_string(stored.available) + " available, " + std::to_string(stored.pending) +
           " pending; the model has " + std::to_string(model_.BalanceOf(owner->second).available) + " and " +
           std::to_string(model_.BalanceOf(owner->second).pending));
  }

  void CompareTouched(const std::vector<Command>& batch) {
    storage::Rows keys(1);
    std::vector<std::string> named;
    for (const Command& command : batch) {
      if (const auto* scan = std::get_if<loyalty::Scan>(&command.payload); scan != nullptr && scan->identifier)
        named.push_back(scan->identifier->key);
      if (const auto* redeem = std::get_if<loyalty::Redeem>(&command.payload)) named.push_back(redeem->identifier.key);
      if (const auto* link = std::get_if<loyalty::LinkIdentifier>(&command.payload))
        named.push_back(link->identifier.key);
      if (const auto* enroll = std::get_if<loyalty::EnrollMember>(&command.payload))
        for (const auto& identifier : enroll->identifiers) named.push_back(identifier.key);
    }
    std::sort(named.begin(), named.end());
    named.erase(std::unique(named.begin(), named.end()), named.end());
    for (const auto& key : named) keys.Add(key);
    static const auto kBalances = storage::SetStatement::SelectIn(
        "SELECT i.code, m.id, m.available, m.pending, m.held, m.debt FROM identifiers i JOIN members m ON m.id = "
        "i.member_id WHERE i.code",
        storage::Type::kText);
    std::size_t found = 0;
    world_.reader().Read(
        kBalances, keys,
        [&](const std::string& code, std::int64_t member, Points available, Points pending, Points held, Points debt) {
          ++found;
          CompareBalance(code, member, {available, pending, held, debt});
        });
    const auto known = std::count_if(named.begin(), named.end(),
                                     [this](const std::string& key) { return model_.owners().contains(key); });
    if (static_cast<std::int64_t>(found) != known) Fail("a card that the model knows belongs to nobody");
  }

  // When points begin and end is reckoned twice, and never by looking at the other.
  void CompareLots() {
    std::unordered_map<std::int64_t, std::vector<Model::Left>> stored;
    for (const char* table : {"open_lots", "pending_lots"})
      world_.reader().Read(std::string("SELECT member_id, activate_time, expire_time, remaining FROM ") + table,
                           [&stored](std::int64_t member, Instant activate, Instant expire, Points points) {
                             if (points > 0) stored[member].push_back({activate, expire, points});
                           });
    for (const auto& [member, id] : ids_) {
      auto& lots = stored[id];
      std::sort(lots.begin(), lots.end());
      const auto expected = model_.LotsOf(member);
      const auto [is, should] = std::mismatch(lots.begin(), lots.end(), expected.begin(), expected.end());
      if (is == lots.end() && should == expected.end()) continue;
      const auto text = [](const auto& at, const auto& end) {
        return at == end
                   ? std::string("none")
                   : std::to_string(at->points) + " from " + FormatTime(at->activate) + " to " + FormatTime(at->expire);
      };
      return Fail("a lot has " + text(is, lots.end()) + ", the model " + text(should, expected.end()));
    }
  }

  void CompareAll() {
    std::size_t cards = 0;
    world_.reader().Read(
        "SELECT i.code, m.id, m.available, m.pending, m.held, m.debt FROM identifiers i JOIN "
        "members m ON m.id = i.member_id",
        [&](const std::string& code, std::int64_t member, Points available, Points pending, Points held, Points debt) {
          ++cards;
          CompareBalance(code, member, {available, pending, held, debt});
        });
    if (cards != model_.owners().size()) Fail("cards are missing");
    CompareLots();
    std::int64_t receipts = 0;
    world_.reader().Read("SELECT COUNT(*) FROM receipts", [&receipts](std::int64_t count) { receipts = count; });
    if (receipts != static_cast<std::int64_t>(model_.receipts())) Fail("the number of receipts differs");
    std::int64_t changed = 0;
    world_.reader().Read("SELECT COUNT(*) FROM members WHERE language = 'elsewhere'",
                         [&changed](std::int64_t count) { changed = count; });
    if (changed != 0) Fail("a batch was committed over what another node had changed");
  }

  const Program program_;
  World world_;
  Model model_;
  Tills tills_;
  Chance chance_;
  Instant now_;
  std::optional<Command> waiting_;                        // for a batch of its own
  std::unordered_map<std::string, std::string> results_;  // first answers by request id
  std::unordered_map<int, std::int64_t> ids_;             // of the model's members
  Outcome outcome_;
};

}  // namespace

Outcome Simulate(std::uint64_t seed, std::int64_t operations, Databases& databases) {
  return Life(seed, databases).Run(operations);
}

}  // namespace loyalty::sim
