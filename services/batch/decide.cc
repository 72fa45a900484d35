#include "services/batch/decide.h"

#include <google/protobuf/message.h>

#include "domain/check.h"
#include "services/commands/account.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::CommandRow;
using storage::MemberRow;
using storage::ReceiptRow;
using storage::RequestRow;

RequestRow::Key RequestKey(const Command& command) {
  return {storage::PackRequestId(command.request_id), command.principal_id};
}

std::optional<LiveMember> LiveSubject(const Command& command, const WorkingSet& set, const Rules& rules) {
  const Subjects subjects = SubjectsOfCommand(command, set);
  const MemberRow* member = subjects.empty() ? nullptr : set.Find<MemberRow>(*subjects.begin());
  if (member == nullptr) return std::nullopt;
  LiveMember live = LiveOf(*member, rules.snapshot.zone);
  const bool shown = std::visit([]<typename C>(const C&) { return kShowsMember<C>; }, command.payload);
  if (shown) live.expiring = ExpiringOf(set, member->id);
  return live;
}

Answer AnswerAgain(const Context& context, const Command& command, const Bytes& bytes) {
  return {.bytes = bytes.value, .replayed = true, .member = LiveSubject(command, context.set, context.rules)};
}

// The answer that the request's receipt or command keeps. A database in which it is missing is damaged: that ends the
// command, not the server.
const Bytes& StoredResult(const WorkingSet& set, const RequestRow& request) {
  const auto* receipt = set.Find<ReceiptRow>(request.receipt_id);
  const auto* command = set.Find<CommandRow>(request.command_id);
  Check((request.receipt_id != 0 ? receipt != nullptr : command != nullptr), "a request has become what is not there");
  return request.receipt_id != 0 ? receipt->result : command->result;
}

Bytes StoredHash(const Context& context, const Command& command) {
  return Keyed(context.rules.keys.current, &KeySet::payload, command.payload_hash);
}

void PutRequest(Context& context, const Command& command, std::int64_t receipt_id, std::int64_t command_id,
                Bytes payload_hash) {
  const auto [request_id, principal_id] = RequestKey(command);
  context.set.Put(
      RequestRow{request_id, principal_id, receipt_id, command_id, std::move(payload_hash), context.rules.today()});
}

// The receipt or command of a decision, with whose request it was and what was answered.
void PutBooks(Context& context, const Command& command, Outcome& outcome, const std::string& bytes) {
  const auto [request_id, principal_id] = RequestKey(command);
  if (outcome.is_receipt) {
    ReceiptRow& receipt = *context.set.Find<ReceiptRow>(context.draws.id);
    receipt.request_id = request_id;
    receipt.principal_id = principal_id;
    receipt.payload_hash = StoredHash(context, command);
    receipt.result.value = bytes;
    return PutRequest(context, command, receipt.id, 0, receipt.payload_hash);
  }
  CommandRow& row = outcome.command;
  row.id = context.draws.id;
  row.request_id = request_id;
  row.principal_id = principal_id;
  row.payload_hash = StoredHash(context, command);
  row.result.value = bytes;
  row.create_time = context.rules.now;
  PutRequest(context, command, 0, row.id, row.payload_hash);
  context.set.Put(std::move(row));
}

}  // namespace

void NeedsOfCommand(const Command& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  if (command.is_request() && storage::TheGuards().request_lookup) {
    const auto key = RequestKey(command);
    needs.Below<RequestRow>(key);
    if (const RequestRow* request = set.Find<RequestRow>(key)) {
      if (request->receipt_id != 0) needs.Below<ReceiptRow>(request->receipt_id);
      if (request->command_id != 0) needs.Below<CommandRow>(request->command_id);
    }
  }
  std::visit(
      [&]<typename C>(const C& payload) {
        NeedsOf(payload, set, rules, needs);
        if (!kShowsMember<C> || !needs.collects()) return;
        if (const Subjects subjects = SubjectsOf(payload, set); !subjects.empty())
          NeedExpiring(*subjects.begin(), set, rules, needs);
      },
      command.payload);
}

Subjects SubjectsOfCommand(const Command& command, const WorkingSet& set) {
  return std::visit([&set](const auto& payload) { return SubjectsOf(payload, set); }, command.payload);
}

LiveMember LiveOf(const MemberRow& member, const absl::TimeZone& zone) {
  return {member.name(),
          member.greeting,
          member.language,
          member.balance,
          {.summary = member.summary,
           .enrolled_day = DayOf(member.create_time, zone),
           .anonymous = member.anonymous,
           .retained = member.lifecycle.retained},
          member.lifecycle};
}

namespace {

Result<Answer> DecideNow(Context& context, const Command& command, bool books) {
  const bool is_request = books && command.is_request();
  if (is_request) {
    const RequestRow* known = context.set.Find<RequestRow>(RequestKey(command));
    const bool same_batch = known != nullptr && context.set.of<RequestRow>().IsNew(known->key());
    if (known != nullptr && (storage::TheGuards().batch_requests || !same_batch)) {
      const auto same = IsKeyed(context.rules.keys, &KeySet::payload, known->payload_hash, command.payload_hash);
      if (!same) return KeyMissing();
      if (!*same && storage::TheGuards().payload_hash)
        return Error{
            Reason::kRequestIdReused, "this request id was used for another request", {{"field", "request_id"}}};
      return AnswerAgain(context, command, StoredResult(context.set, *known));
    }
    if (command.not_after < context.rules.now && storage::TheGuards().not_after)
      return Error{Reason::kNotAfterPassed, "this copy of the request came after its not_after", {}};
  }
  return std::visit(
      [&](const auto& payload) -> Result<Answer> {
        auto decision = Decide(context, payload);
        if (!decision) return decision.error();
        Outcome& outcome = decision->outcome;
        if (outcome.replayed_receipt != 0) {
          // From now on this id too is good for one content.
          if (is_request) PutRequest(context, command, outcome.replayed_receipt, 0, StoredHash(context, command));
          return AnswerAgain(context, command, context.set.Find<ReceiptRow>(outcome.replayed_receipt)->result);
        }
        Answer answer;
        answer.result = ResultOf(*decision);
        if (is_request) {
          answer.bytes = answer.result->SerializeAsString();
          outcome.command.kind = kStoredAs<std::decay_t<decltype(payload)>>;
          PutBooks(context, command, outcome, answer.bytes);
        }
        if (books && !outcome.nothing) {
          // What it was decided on is written, whether a number changed or not.
          Needs decided(Needs::Mode::kDecide, context.set);
          NeedsOf(payload, context.set, context.rules, decided);
        }
        answer.member = LiveSubject(command, context.set, context.rules);
        return answer;
      },
      command.payload);
}

}  // namespace

Result<Answer> DecideCommand(Context& context, const Command& command, bool books) {
  auto answer = [&] {
    storage::Attempt attempt(context.set);
    auto decided = DecideNow(context, command, books);
    if (decided || !storage::TheGuards().refusal_undone) attempt.Keep();
    return decided;
  }();
  if (!answer && books)
    std::visit(
        [&](const auto& payload) {
          if constexpr (requires { NoteRefusal(context, payload, answer.error(), Bytes()); })
            NoteRefusal(context, payload, answer.error(), storage::PackRequestId(command.request_id));
        },
        command.payload);
  return answer;
}

}  // namespace loyalty
