#include "tests/support/batch_world.h"

#include <numeric>
#include <stdexcept>

#include "storage/names.h"
#include "storage/program.h"
#include "tests/support/create_store.h"
#include "tests/support/receipts.h"

namespace loyalty::test {
namespace {

template <typename Message>
Message Parsed(const Result<Answer>& answer) {
  Message message;
  if (!answer) {
    ADD_FAILURE() << "refused: " << ReasonName(answer.error().reason) << " " << answer.error().message;
  } else if (!message.ParseFromString(answer->bytes)) {
    ADD_FAILURE() << "the answer is another one's";
  }
  return message;
}

}  // namespace

std::int64_t NthRandom(std::uint64_t n) {
  std::uint64_t z = (n + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<std::int64_t>(z ^ (z >> 31));
}

BatchWorld::BatchWorld(storage::Engine engine, const CatalogueOptions& options) : database_(engine) {
  {
    storage::Transaction transaction(session());
    InsertStoresAndTerminals(session(), kStart);
    InsertCatalogue(session(), kStart, CatalogueContent(options));
    transaction.Commit();
  }
  const SnapshotHolder holder(database_.url(), [] { return kStart; });
  snapshot_ = holder.Newest();
}

void BatchWorld::LayDownMeasure() {
  storage::Transaction transaction(session());
  InsertMeasure(session(), kStart);
  transaction.Commit();
  const SnapshotHolder holder(database_.url(), [] { return kStart; });
  snapshot_ = holder.Newest();
}

BatchWorld::~BatchWorld() {
  if (!check_at_end) return;
  try {
    session().set_hook(nullptr);
    if (session().suspect()) session().Reconnect();
    EXPECT_EQ(Fault(), "");
  } catch (const std::exception& error) {
    ADD_FAILURE() << "the ledger cannot be checked: " << error.what();
  }
}

BatchContext BatchWorld::Context(storage::Session* session) {
  return {session == nullptr ? this->session() : *session, ids, *snapshot_, *keys, now,
          [this] { return NthRandom(randoms++); }};
}

std::vector<Result<Answer>> BatchWorld::Run(std::vector<Command> commands) {
  for (Command& command : commands) NoteFacts(command, now);
  std::vector<std::size_t> waiting(commands.size());
  std::iota(waiting.begin(), waiting.end(), std::size_t{0});
  std::vector<Result<Answer>> answers(commands.size(), Error{Reason::kContention, "it waits for ever", {}});
  for (std::size_t batches = 0; !waiting.empty() && batches <= commands.size(); ++batches) {
    std::vector<BatchCommand> plain;
    for (const std::size_t i : waiting) plain.push_back({&commands[i]});
    BatchContext context = Context();
    auto results = RunBatch(context, plain);
    std::vector<std::size_t> still;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results[i]) {
        answers[waiting[i]] = *std::move(results[i]);
      } else {
        still.push_back(waiting[i]);
      }
    }
    waiting = std::move(still);
  }
  EXPECT_TRUE(waiting.empty()) << "a command waits for ever";
  return answers;
}

Result<Answer> BatchWorld::Quote(Command command) {
  NoteFacts(command, now);
  return DecideOnly(session(), *snapshot_, *keys, now, command);
}

Result<Answer> BatchWorld::Run(const Command& command) { return Run(std::vector{command}).front(); }

Answer BatchWorld::Must(const Command& command) {
  auto answer = Run(command);
  if (!answer) throw std::runtime_error("refused: " + std::string(ReasonName(answer.error().reason)));
  return *std::move(answer);
}

Place BatchWorld::PlaceOf(std::int64_t terminal_id) const {
  Place place;
  place.store_id = terminal_id == 3 ? kSouth : kNorth;
  place.terminal_id = terminal_id;
  place.zone = snapshot_->zone;
  return place;
}

Command BatchWorld::NewCommand(std::string content) {
  Command command;
  command.request_id = "request-" + std::to_string(++requests_);
  command.payload_hash = HashOf(content);
  return command;
}

Command BatchWorld::Scan(int card, Minor cents, const std::string& receipt_no) {
  loyalty::Scan scan;
  scan.place = PlaceOf(1);
  scan.identifier = Card(card);
  scan.in_card_range = card < 1'000'000;
  scan.receipt = Sale({Goods(cents, 1'900)});
  scan.receipt->receipt_no = receipt_no.empty() ? "R" + std::to_string(++receipts_) : receipt_no;
  scan.receipt->business_time = now;
  Command command =
      NewCommand("scan|" + std::to_string(card) + "|" + scan.receipt->receipt_no + "|" + std::to_string(cents));
  command.payload = std::move(scan);
  NoteFacts(command, now);
  return command;
}

Command BatchWorld::Visit(int card) {
  loyalty::Scan scan;
  scan.place = PlaceOf(1);
  scan.identifier = Card(card);
  scan.in_card_range = card < 1'000'000;
  Command command = NewCommand("visit|" + std::to_string(card));
  command.payload = std::move(scan);
  return command;
}

Command BatchWorld::Redeem(int card, Points points) {
  loyalty::Redeem redeem;
  redeem.place = PlaceOf(1);
  redeem.identifier = Card(card);
  redeem.spend.points = points;
  Command command = NewCommand("redeem|" + std::to_string(card) + "|" + std::to_string(points));
  command.payload = std::move(redeem);
  return command;
}

Command BatchWorld::Cancel(const std::string& redemption) {
  // members/{16}/redemptions/{16}
  loyalty::CancelRedemption cancel;
  cancel.place = PlaceOf(1);
  cancel.member_name = redemption.substr(8, 16);
  cancel.redemption_id = Reveal(TestKeys().names, NameOf::kRedemption,
                                storage::ParsePublicName(redemption.substr(redemption.size() - 16)).value());
  cancel.reason = "CUSTOMER";
  Command command = NewCommand("cancel|" + redemption);
  command.payload = std::move(cancel);
  return command;
}

Command BatchWorld::Enroll(const std::vector<int>& cards) {
  loyalty::EnrollMember enroll;
  enroll.place = PlaceOf(1);
  enroll.place.at_desk = true;
  std::string content = "enroll";
  for (const int card : cards) {
    enroll.identifiers.push_back(Card(card));
    content += "|" + std::to_string(card);
  }
  enroll.person = Person{"Ada", "O'Neill \\", "1815-12-10"};
  enroll.language = "de";
  Command command = NewCommand(content);
  command.payload = std::move(enroll);
  return command;
}

Command BatchWorld::Link(const std::string& member, int card) { return Link(member, Card(card)); }

Command BatchWorld::Link(const std::string& member, const Identifier& identifier) {
  Command command = NewCommand("link|" + member + "|" + identifier.key);
  Place place = PlaceOf(1);
  place.at_desk = true;
  command.payload =
      LinkIdentifier{storage::ParsePublicName(member.substr(member.find('/') + 1)).value(), identifier, place};
  return command;
}

Command BatchWorld::CreateStore(const std::string& name) {
  Command command = NewCommand("store|" + name);
  command.principal_id = storage::kFirstPrincipal;
  command.payload = CreateStoreNamed(name);
  return command;
}

Command BatchWorld::Again(Command command) {
  command.request_id = "request-" + std::to_string(++requests_);
  return command;
}

std::int64_t BatchWorld::MemberOf(int card) {
  return database_.Number("SELECT member_id FROM identifiers WHERE code = '" + Card(card).key + "'");
}

Balances BatchWorld::BalanceOf(int card) {
  Balances balance;
  session().Read("SELECT available, pending, held, debt FROM members WHERE id = " + std::to_string(MemberOf(card)),
                 [&balance](Points available, Points pending, Points held, Points debt) {
                   balance = {available, pending, held, debt};
                 });
  return balance;
}

Identifier Card(int number) {
  const std::string text = std::to_string(number);
  return {IdentifierKind::kCard, "card:" + text, text};
}

void NoteFacts(Command& command, Instant now) {
  if (auto* scan = std::get_if<loyalty::Scan>(&command.payload); scan != nullptr && scan->receipt)
    scan->facts = FactsOf(*scan->receipt, scan->place, "EUR", TestKeys(), now);
}

Bytes HashOf(const std::string& content) {
  Digest digest(SecretKey{});
  digest.Add(content);
  return digest.Finish();
}

v1::ScanResult ScanOf(const Result<Answer>& answer) { return Parsed<v1::ScanResult>(answer); }
v1::RedeemResult RedeemOf(const Result<Answer>& answer) { return Parsed<v1::RedeemResult>(answer); }
v1::CancelRedemptionResult CancelOf(const Result<Answer>& answer) { return Parsed<v1::CancelRedemptionResult>(answer); }
v1::EnrollMemberResult EnrollOf(const Result<Answer>& answer) { return Parsed<v1::EnrollMemberResult>(answer); }

std::string Outcome(const Result<Answer>& answer) {
  return answer ? "OK" : std::string(ReasonName(answer.error().reason));
}

std::vector<std::string> Outcomes(const std::vector<Result<Answer>>& answers) {
  std::vector<std::string> outcomes;
  for (const auto& answer : answers) outcomes.push_back(Outcome(answer));
  return outcomes;
}

}  // namespace loyalty::test
