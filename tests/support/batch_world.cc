#include "tests/support/batch_world.h"

#include <stdexcept>

#include "storage/administration.h"
#include "storage/working_set.h"
#include "tests/support/program.h"
#include "tests/support/receipts.h"

namespace loyalty::test {
namespace {

template <typename Message>
Message Parsed(const Result<Answer>& answer) {
  Message message;
  if (!answer) {
    ADD_FAILURE() << "refused: " << ReasonName(answer.error().reason) << " " << answer.error().message;
  } else if (!message.ParseFromString(answer->result)) {
    ADD_FAILURE() << "the answer is another one's";
  }
  return message;
}

}  // namespace

const ChainKey& TestChainKey() {
  static const ChainKey kKey = [] {
    ChainKey key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i + 1);
    return key;
  }();
  return kKey;
}

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
    storage::InsertCatalogue(session(), {1, kStart, CatalogueContent(options)}, 1, kStart);
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
  return {session == nullptr ? this->session() : *session, ids, *snapshot_, TestChainKey(), 1, now,
          [this] { return NthRandom(randoms++); }};
}

std::vector<Result<Answer>> BatchWorld::Run(const std::vector<Command>& commands) {
  std::vector<const Command*> plain;
  for (const Command& command : commands) plain.push_back(&command);
  BatchContext context = Context();
  std::vector<Result<Answer>> answers;
  for (BatchResult& result : RunBatch(context, plain)) {
    EXPECT_TRUE(result.answer) << "a command wants to run again";
    answers.push_back(result.answer ? *std::move(result.answer) : Error{Reason::kContention, "again", {}});
  }
  return answers;
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
  command.payload_hash = Hash32(content);
  return command;
}

Command BatchWorld::Scan(int card, Minor cents, const std::string& receipt_no) {
  ScanCommand scan;
  scan.place = PlaceOf(1);
  scan.identifier = Card(card);
  scan.in_card_range = card < 1'000'000;
  scan.receipt = Sale({Goods(cents, 1'900)});
  scan.receipt->receipt_no = receipt_no.empty() ? "R" + std::to_string(++receipts_) : receipt_no;
  scan.receipt->business_time = now;
  Command command =
      NewCommand("scan|" + std::to_string(card) + "|" + scan.receipt->receipt_no + "|" + std::to_string(cents));
  command.payload = std::move(scan);
  return command;
}

Command BatchWorld::Visit(int card) {
  ScanCommand scan;
  scan.place = PlaceOf(1);
  scan.identifier = Card(card);
  scan.in_card_range = card < 1'000'000;
  Command command = NewCommand("visit|" + std::to_string(card));
  command.payload = std::move(scan);
  return command;
}

Command BatchWorld::Redeem(int card, Points points) {
  RedeemCommand redeem;
  redeem.place = PlaceOf(1);
  redeem.identifier = Card(card);
  redeem.spend.points = points;
  Command command = NewCommand("redeem|" + std::to_string(card) + "|" + std::to_string(points));
  command.payload = std::move(redeem);
  return command;
}

Command BatchWorld::Cancel(const std::string& redemption) {
  // members/{16}/redemptions/{16}
  CancelRedemptionCommand cancel;
  cancel.place = PlaceOf(1);
  cancel.member_name = redemption.substr(8, 16);
  cancel.redemption_id = storage::ParsePublicName(redemption.substr(redemption.size() - 16)).value();
  cancel.reason = "CUSTOMER";
  Command command = NewCommand("cancel|" + redemption);
  command.payload = std::move(cancel);
  return command;
}

Command BatchWorld::Enroll(const std::vector<int>& cards) {
  EnrollMemberCommand enroll;
  enroll.place = PlaceOf(1);
  std::string content = "enroll";
  for (const int card : cards) {
    enroll.identifiers.push_back(Card(card));
    content += "|" + std::to_string(card);
  }
  enroll.has_person = true;
  enroll.given_name = "Ada";
  enroll.family_name = "O'Neill \\";
  enroll.language = "de";
  Command command = NewCommand(content);
  command.payload = std::move(enroll);
  return command;
}

Command BatchWorld::Link(const std::string& member, int card) {
  Command command = NewCommand("link|" + member + "|" + std::to_string(card));
  command.payload = LinkIdentifierCommand{member.substr(member.find('/') + 1), Card(card)};
  return command;
}

Command BatchWorld::Again(Command command) {
  command.request_id = "request-" + std::to_string(++requests_);
  return command;
}

std::int64_t BatchWorld::MemberOf(int card) {
  return database_.Number("SELECT member_id FROM identifiers WHERE normalised = '" + Card(card).key + "'");
}

Balances BatchWorld::BalanceOf(int card) {
  Balances balance;
  session().Read("SELECT available, pending, held, debt FROM members WHERE id = " + std::to_string(MemberOf(card)),
                 "iiii", [&balance](const storage::ResultRow& row) {
                   balance = {row.Number(0), row.Number(1), row.Number(2), row.Number(3)};
                 });
  return balance;
}

Identifier Card(int number) { return {IdentifierKind::kCard, "card:" + std::to_string(number)}; }

std::string Hash32(const std::string& content) {
  const auto bits = static_cast<std::int64_t>(std::hash<std::string>()(content));
  return storage::PublicName(bits) + storage::PublicName(~bits);
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
