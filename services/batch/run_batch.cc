#include "services/batch/run_batch.h"

#include <algorithm>

#include "services/batch/decide.h"
#include "services/batch/load.h"
#include "services/commands/account.h"
#include "storage/guards.h"
#include "storage/planted.h"
#include "storage/read_transaction.h"

namespace loyalty {
namespace {

using storage::CommandRow;
using storage::ReceiptRow;
using storage::SealRow;

// Random bytes of a member's secret.
constexpr std::size_t kSecretBytes = 32;

Bytes DrawSecret(const std::function<std::int64_t()>& random) {
  Bytes secret;
  while (secret.value.size() < kSecretBytes) {
    auto bits = static_cast<std::uint64_t>(random());
    for (int i = 0; i < 8; ++i, bits >>= 8U) secret.value += static_cast<char>(bits);
  }
  return secret;
}

// What a command makes is named and numbered before it is decided.
Draws Draw(BatchContext& batch, const Needs& wanted) {
  Draws draws;
  draws.id = batch.ids.Take();
  for (int i = 0; i < wanted.new_ids(); ++i) draws.more.at(static_cast<std::size_t>(i)) = batch.ids.Take();
  if (wanted.new_names() > 0) draws.name = batch.random();
  if (wanted.new_secret()) draws.secret = DrawSecret(batch.random);
  return draws;
}

// Adds the batch's receipts and commands to the seal of their block, in the order of their ids.
SealRow SealBlock(WorkingSet& set, const SealRow& before, const ProgramKeys& keys) {
  SealRow seal = before;
  std::map<std::int64_t, std::pair<int, Bytes>> rows;  // table and seal, by id
  set.of<ReceiptRow>().EachNew([&](ReceiptRow& row) {
    row.seal = ReceiptRow::table().SealOf(row, row.sealed_with, keys.current);
    rows.try_emplace(row.id, ReceiptRow::table().number(), row.seal);
  });
  set.of<CommandRow>().EachNew([&](CommandRow& row) {
    row.seal = CommandRow::table().SealOf(row, {}, keys.current);
    rows.try_emplace(row.id, CommandRow::table().number(), row.seal);
  });
  if (rows.empty() || !storage::TheGuards().block_seal) return seal;
  for (const auto& [id, row] : rows) {
    seal.head = storage::NextHead(keys.current, seal.head, row.first, id, row.second);
    seal.last_id = id;
    ++seal.sealed_rows;
  }
  set.of<SealRow>().Take(before);
  set.Put(seal);
  ++seal.version;  // as it will be stored
  return seal;
}

// Commands that could not be decided, and everything they name: what comes after them and shares a name or a member
// waits too, so that for a member the order of arrival is kept.
class Waiting {
 public:
  explicit Waiting(WorkingSet& set) : set_(set), list_(Needs::Mode::kList, set) {}

  void Add(const NeedsFunction& command) {
    command(set_, list_);
    any_ = true;
  }
  bool Blocks(const NeedsFunction& command) {
    if (!any_ || !storage::TheGuards().waiting) return false;
    Needs meet(set_, list_);
    command(set_, meet);
    return meet.met();
  }

 private:
  WorkingSet& set_;
  Needs list_;
  bool any_ = false;
};

}  // namespace

BatchResults RunBatch(BatchContext& context, const std::vector<BatchCommand>& commands) {
  storage::CountUnlocked(storage::Place::kBatch);
  const bool alone =
      std::any_of(commands.begin(), commands.end(), [](const BatchCommand& one) { return one.command->runs_alone(); });
  if (alone && commands.size() > 1)
    throw storage::Failure(storage::FailureKind::kOther, "a command that runs alone shares a batch");
  context.ids.Reserve(context.session, kIdsPerCommand * static_cast<std::int64_t>(commands.size()));
  WorkingSet set;
  const Rules rules{context.snapshot, context.keys, context.now};
  std::vector<NeedsFunction> needs;
  needs.reserve(commands.size());
  const WorkingSet* adopted = nullptr;
  for (const BatchCommand& one : commands) {
    needs.emplace_back([command = one.command, &rules](const WorkingSet& known, Needs& wanted) {
      NeedsOfCommand(*command, known, rules, wanted);
    });
    if (one.names != nullptr && one.names != adopted) set.AdoptNames(*one.names);
    adopted = one.names;
  }
  storage::Transaction transaction(context.session);
  const bool held = !Load(context.session, needs, set, context.locks);
  if (storage::TheGuards().settle_due) SettleAll(set, context.now);

  BatchResults results(commands.size());
  results.held = held;
  Waiting waiting(set);
  bool any = false;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    Needs wanted(Needs::Mode::kCheck, set);
    const bool ready = IsReady(needs[i], set, wanted) || !storage::TheGuards().ready;
    if (waiting.Blocks(needs[i]) || !ready) {
      waiting.Add(needs[i]);
      continue;
    }
    const Command& command = *commands[i].command;
    Context decide{set, rules, Draw(context, wanted), context.session, command.principal_id};
    results[i] = DecideCommand(decide, command, true);
    any = true;
  }
  if (!any && held) return results;
  if (!any) throw storage::Failure(storage::FailureKind::kConflict, "what the commands name has moved");
  // What it wrote by SQL before it was refused goes with the transaction: nobody else is in it.
  if (alone && results.front() && !*results.front() && storage::TheGuards().refusal_undone) return results;
  SealEntries(set, context.keys);
  const SealRow seal = SealBlock(set, context.ids.seal(), context.keys);
  set.Flush(context.session, context.keys);
  transaction.Commit();
  context.ids.set_seal(seal);
  return results;
}

Result<Answer> DecideOnly(storage::Session& session, const Snapshot& snapshot, const ProgramKeys& keys, Instant now,
                          const Command& command) {
  const storage::ReadTransaction transaction(session);
  WorkingSet set;
  const Rules rules{snapshot, keys, now};
  const NeedsFunction needs = [&](const WorkingSet& known, Needs& wanted) {
    std::visit([&](const auto& payload) { NeedsOf(payload, known, rules, wanted); }, command.payload);
  };
  Load(session, {needs}, set, Locks::kNone);
  SettleAll(set, now);
  Needs wanted(Needs::Mode::kCheck, set);
  if (!IsReady(needs, set, wanted)) return Error{Reason::kContention, "what it names has moved; ask again", {}};
  Context context{set,
                  rules,
                  {.id = 1, .more = {2, 3}, .name = 1, .secret = {std::string(kSecretBytes, '\0')}},
                  session,
                  command.principal_id};
  auto answer = DecideCommand(context, command, false);
  if (answer) answer->only_decided = true;
  return answer;
}

void NamesOf(const Command& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  std::visit([&](const auto& payload) { NeedsOf(payload, set, rules, needs); }, command.payload);
}

}  // namespace loyalty
