#include "services/batch/run_batch.h"

#include "services/batch/decide.h"
#include "services/batch/lifecycle.h"
#include "services/batch/load_batch.h"
#include "storage/flush.h"
#include "storage/generation.h"
#include "storage/guards.h"
#include "storage/load.h"

namespace loyalty {
namespace {

using storage::WorkingSet;

// Ids that one command takes at most: a receipt and a member.
constexpr std::int64_t kIdsPerCommand = 2;

Result<Decision> Decide(DecideContext& context) {
  struct Visitor {
    DecideContext& context;
    Result<Decision> operator()(const ScanCommand& command) { return DecideScan(context, command); }
    Result<Decision> operator()(const RedeemCommand& command) { return DecideRedeem(context, command); }
    Result<Decision> operator()(const CancelRedemptionCommand& command) {
      return DecideCancelRedemption(context, command);
    }
    Result<Decision> operator()(const EnrollMemberCommand& command) { return DecideEnrollMember(context, command); }
    Result<Decision> operator()(const LinkIdentifierCommand& command) { return DecideLinkIdentifier(context, command); }
    Result<Decision> operator()(const AdminCommand& command) {
      auto result = command.run(context.batch.session, context.batch.ids, context.now());
      if (!result) return result.error();
      storage::RaiseGeneration(context.batch.session);
      return Decision{.result = std::move(*result)};
    }
    Result<Decision> operator()(const StepCommand& command) {
      const Status done =
          command.run(context.batch.session, context.batch.chain_key, context.batch.chain_key_id, context.now());
      if (!done) return done.error();
      return Decision{};
    }
  };
  return std::visit(Visitor{context}, context.command.payload);
}

// The member that a replayed command is about: found again by what it named.
std::int64_t MemberOf(const WorkingSet& set, const Command& command) {
  const auto owner = [&set](const Identifier& identifier) {
    const auto at = set.identifiers.find(identifier.key);
    return at == set.identifiers.end() ? 0 : at->second.member_id;
  };
  if (const auto* scan = std::get_if<ScanCommand>(&command.payload))
    return scan->identifier ? owner(*scan->identifier) : 0;
  if (const auto* redeem = std::get_if<RedeemCommand>(&command.payload)) return owner(redeem->identifier);
  if (const auto* enroll = std::get_if<EnrollMemberCommand>(&command.payload))
    return owner(enroll->identifiers.front());
  if (const auto* cancel = std::get_if<CancelRedemptionCommand>(&command.payload)) {
    const auto at = set.redemptions.find(cancel->redemption_id);
    return at == set.redemptions.end() ? 0 : at->second.member_id;
  }
  return 0;
}

std::optional<MemberSight> SightOf(WorkingSet& set, std::int64_t member_id) {
  const storage::MemberEntry* member = member_id == 0 ? nullptr : set.FindMember(member_id);
  if (member == nullptr) return std::nullopt;
  return MemberSight{member->account.member_name, member->greeting_name,      member->language,
                     member->account.balance,     FactsOf(*member, set.zone), member->statistics.lifecycle};
}

BatchResult RunOne(DecideContext& context) {
  const Command& command = context.command;
  WorkingSet& set = context.set;
  const bool is_request = !command.dry_run && !std::holds_alternative<StepCommand>(command.payload);
  if (is_request) {
    if (const auto at = set.requests.find(command.request_id);
        at != set.requests.end() && (storage::TheGuards().batch_requests || !at->second.is_new)) {
      if (at->second.payload_hash != command.payload_hash && storage::TheGuards().payload_hash)
        return {
            Error{Reason::kRequestIdReused, "this request id was used for another request", {{"field", "request_id"}}}};
      return {Answer{at->second.result, true, false, SightOf(set, MemberOf(set, command))}};
    }
    if (command.not_after < context.now() && storage::TheGuards().not_after)
      return {Error{Reason::kNotAfterPassed, "this copy of the request came after its not_after", {}}};
  }
  auto decision = Decide(context);
  if (!decision) return {std::move(decision).error()};
  if (decision->again) return {};
  // Also when the receipt had come under another id: from now on this one too is good for one content.
  if (is_request) set.requests[command.request_id] = {command.payload_hash, decision->result, true};
  const std::int64_t member_id = decision->replayed ? MemberOf(set, command) : decision->member_id;
  return {Answer{std::move(decision->result), decision->replayed, command.dry_run, SightOf(set, member_id)}};
}

}  // namespace

std::vector<BatchResult> RunBatch(BatchContext& context, const std::vector<const Command*>& commands) {
  context.ids.Reserve(context.session, kIdsPerCommand * static_cast<std::int64_t>(commands.size()));
  WorkingSet set;
  set.now = context.now;
  set.zone = context.snapshot.zone;
  std::vector<BatchResult> results;
  results.reserve(commands.size());
  storage::Transaction transaction(context.session);
  // Before the look-up of its request: else another server could answer the same one in between.
  if (std::holds_alternative<AdminCommand>(commands.front()->payload)) storage::LockProgram(context.session);
  LoadBatch(context, commands, set);
  for (const Command* command : commands) {
    DecideContext decide{set, context, *command};
    results.push_back(RunOne(decide));
  }
  if (commands.size() == 1 && commands.front()->dry_run && storage::TheGuards().dry_run) return results;  // rolled back
  // A step that was refused may have written before it was.
  if (std::holds_alternative<StepCommand>(commands.front()->payload) && results.front().answer &&
      !*results.front().answer)
    return results;
  storage::Flush(context.session, set, context.chain_key, context.chain_key_id);
  transaction.Commit();
  return results;
}

}  // namespace loyalty
