// Members: enrolment goes through the write path, look-ups read.
#include "domain/person.h"
#include "loyalty/v1/member_service.pb.h"
#include "services/codec/names.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/asked_for.h"
#include "services/rpc/identifier.h"
#include "services/rpc/member_writes.h"
#include "services/rpc/page_token.h"
#include "services/rpc/read_member.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/services.h"
#include "storage/program.h"
#include "storage/read_transaction.h"

namespace loyalty {
namespace {

void FillStatistics(const retention::MemberSummary& summary, v1::PurchaseStatistics& out) {
  if (summary.days == 0) return;
  out.set_first_date(FormatDay(summary.first_day));
  out.set_last_date(FormatDay(summary.last_day));
  out.set_purchase_days(summary.days);
  out.set_receipts(summary.receipts);
  out.set_amount_minor(summary.amount);
  out.set_discount_minor(summary.discount);
}

void FillAcquisition(const storage::AcquisitionRow& from, v1::Acquisition& out) {
  out.set_channel(from.channel);
  out.set_campaign(from.campaign);
  out.set_partner(from.partner);
  out.set_referral(from.referral);
  out.set_touchpoint(from.touchpoint);
}

// What is kept apart of a member.
void FillApart(storage::Session& session, std::int64_t member_id, const std::string& greeting, v1::Member& out) {
  const auto key = storage::ReadMemberKey(session, member_id);
  const Bytes secret = key ? key->secret : Bytes();
  for (const auto& row : storage::ReadIdentifiers(session, member_id)) {
    auto* linked = out.add_identifiers();
    *linked->mutable_identifier() = FromIdentifier(row, secret);
    linked->set_state(row.state == IdentifierState::kBlocked ? v1::IDENTIFIER_STATE_BLOCKED
                                                             : v1::IDENTIFIER_STATE_ACTIVE);
  }
  const auto profile = storage::ReadProfile(session, member_id);
  if (!profile) return;
  out.set_etag(EtagOf(*profile));
  if (const auto person = OpenPerson(secret, profile->person)) {
    out.mutable_person()->set_given_name(person->given_name);
    out.mutable_person()->set_family_name(person->family_name);
    out.mutable_person()->set_greeting_name(greeting);
    out.mutable_person()->set_birth_date(person->birth_date);
  }
  v1::Acquisition acquisition;
  FillAcquisition(profile->acquisition, acquisition);
  if (acquisition.ByteSizeLong() > 0) *out.mutable_acquisition() = std::move(acquisition);
}

// `member` as of now, from its hot row.
v1::Member BasicMessage(const MemberNow& member, const Snapshot& snapshot, Instant now) {
  v1::Member out;
  v1::MemberSnapshot live;
  FillMemberSnapshot(LiveOf(member, snapshot.zone), snapshot, now, live);
  out.set_name(live.name());
  out.set_state(static_cast<v1::MemberState>(member.row.state));
  out.set_anonymous(member.row.anonymous);
  out.set_language_code(member.row.language);
  *out.mutable_create_time() = ToTimestamp(member.row.create_time);
  *out.mutable_balance() = live.balance();
  out.set_member_seq(member.account.seq);
  if (live.has_lifecycle()) *out.mutable_lifecycle() = std::move(*live.mutable_lifecycle());
  return out;
}

// The same, with what expires next. FULL adds what is kept apart. Throws storage::Failure.
v1::Member MemberMessage(storage::Session& session, const MemberNow& member, v1::MemberView view,
                         const Snapshot& snapshot, Instant now) {
  v1::Member out = BasicMessage(member, snapshot, now);
  FillExpiring(ExpiringSoon(session, member, now), *out.mutable_expiring_soon());
  if (view != v1::MEMBER_VIEW_FULL) return out;
  FillApart(session, member.row.id, member.row.greeting, out);
  FillStatistics(member.row.summary, *out.mutable_statistics());
  if (member.row.summary.days == 0) out.clear_statistics();
  return out;
}

bool IsFull(v1::MemberView view) { return view == v1::MEMBER_VIEW_FULL; }

// Errors: kInvalidArgument, kPermissionDenied (view).
Status CheckView(const Call& call, v1::MemberView view) {
  if (!v1::MemberView_IsValid(view)) return InvalidField("view", "BASIC or FULL");
  if (IsFull(view) && !kSeesFull.Has(call.caller.role))
    return Error{Reason::kPermissionDenied,
                 "FULL is for the service desk, auditors and administrators: ask for BASIC",
                 {{"field", "view"}}};
  return Ok{};
}

// Reads a member, and notes it where all that is known of it is read. `read`: the id of the member; nothing: it is not
// there yet.
Status StartMemberRead(Call& call, v1::MemberView view,
                       std::function<Result<std::optional<std::int64_t>>(storage::Session& session)> read) {
  if (IsFull(view)) return StartNotedRead(call, std::move(read));
  return StartRead(call, [read = std::move(read)](storage::Session& session) -> Result<bool> {
    const auto member_id = read(session);
    if (!member_id) return member_id.error();
    return member_id->has_value();
  });
}

Status OnEnrollMember(Call& call, const v1::EnrollMemberRequest& request, v1::EnrollMemberResponse& response) {
  auto command = ToEnrollMember(call, request);
  if (!command) return command.error();
  auto asked = AskedFor::Count(call, call.deps(), *command);
  if (!asked) return asked.error();
  return SubmitWrite(call, *std::move(command), [&call, &response, asked = *std::move(asked)](const Answer& answer) {
    asked.Answered(answer);
    FillAnswer(call, answer, response);
  });
}

Status OnUpdateMember(Call& call, const v1::UpdateMemberRequest& request, v1::UpdateMemberResponse& response) {
  auto command = ToUpdateMember(call, request);
  if (!command) return command.error();
  return SubmitWrite(call, *std::move(command),
                     [&call, &response](const Answer& answer) { FillAnswer(call, answer, response); });
}

Status OnLinkIdentifier(Call& call, const v1::LinkIdentifierRequest& request, v1::LinkIdentifierResponse& response) {
  auto command = ToLinkIdentifier(call, request);
  if (!command) return command.error();
  auto asked = AskedFor::Count(call, call.deps(), *command);
  if (!asked) return asked.error();
  return SubmitWrite(call, *std::move(command), [&response, asked = *std::move(asked)](const Answer& answer) {
    asked.Answered(answer);
    TakeResult(answer, *response.mutable_result());
  });
}

// What the service desk does.
template <typename Request, typename Response>
Status OnDesk(Call& call, const Request& request, Response& response) {
  auto command = ToDesk(call, request);
  if (!command) return command.error();
  if (const auto asked = AskedFor::Count(call, call.deps(), *command); !asked) return asked.error();
  return SubmitWrite(call, *std::move(command),
                     [&response](const Answer& answer) { TakeResult(answer, *response.mutable_result()); });
}

Status GetMember(Call& call, const v1::GetMemberRequest& request, v1::GetMemberResponse& response) {
  if (const Status ok = CheckView(call, request.view()); !ok) return ok;
  if (const auto name = ParseMemberName("name", request.name()); !name) return name.error();
  return StartMemberRead(
      call, request.view(),
      [&call, &request, &response](storage::Session& session) -> Result<std::optional<std::int64_t>> {
        const storage::ReadTransaction transaction(session);
        const Instant now = call.deps().clock();
        const auto member =
            ReadMember(session, *ParseMemberName("name", request.name()), request.min_member_seq(), now);
        if (!member) return member.error();
        if (!*member) return std::optional<std::int64_t>();
        *response.mutable_member() = MemberMessage(session, **member, request.view(), *call.snapshot, now);
        return std::optional((*member)->row.id);
      });
}

Status LookupMember(Call& call, const v1::LookupMemberRequest& request, v1::LookupMemberResponse& response) {
  if (const Status ok = CheckView(call, request.view()); !ok) return ok;
  auto identifier = ToIdentifier(request.identifier(), call, call.caller.store_id);
  if (!identifier) return identifier.error();
  auto asked = AskedFor::Count(call, call.deps(), *identifier);
  if (!asked) return asked.error();
  return StartMemberRead(call, request.view(),
                         [&call, &request, &response, code = std::move(identifier->key),
                          asked = *std::move(asked)](storage::Session& session) -> Result<std::optional<std::int64_t>> {
                           const storage::ReadTransaction transaction(session);
                           const Instant now = call.deps().clock();
                           auto row = storage::FindMemberBy(session, code);
                           if (!row) return MemberUnknown();
                           const MemberNow member = AsOfNow(session, *std::move(row), now);
                           asked.Found(member.row.name());
                           *response.mutable_member() =
                               MemberMessage(session, member, request.view(), *call.snapshot, now);
                           return std::optional(member.row.id);
                         });
}

Status ListMembers(Call& call, const v1::ListMembersRequest& request, v1::ListMembersResponse& response) {
  if (!v1::MemberState_IsValid(request.state())) return InvalidField("state", "unknown");
  const std::string scope =
      "members|" + std::to_string(request.state()) + (request.enrolled_only() ? "|enrolled" : "|all");
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const Instant now = call.deps().clock();
    const auto state = static_cast<storage::MemberState>(request.state());
    const auto read = [&](std::int64_t before, int limit) {
      return storage::ReadMembers(session, state, request.enrolled_only(), before, limit);
    };
    const auto add = [&](const storage::MemberRow& row) {
      *response.add_members() = BasicMessage(AsOfNow(session, row, now), *call.snapshot, now);
    };
    FillNewestFirst(request, call.deps().keys, scope, read, add, response);
    return true;
  });
}

Status RegisterCardRange(Call& call, const v1::RegisterCardRangeRequest& request,
                         v1::RegisterCardRangeResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (!v1::CheckDigit_IsValid(request.check_digit())) return InvalidField("check_digit", "NONE, EAN13 or LUHN");
  CardRange range{request.first(), request.last(), CheckDigit::kNone};
  if (request.check_digit() != v1::CHECK_DIGIT_UNSPECIFIED)
    range.check_digit = static_cast<CheckDigit>(request.check_digit());
  if (const Status ok = ValidateCardRange(range); !ok) return ok;
  auto command = AdminCommandFor(call, request, [range](const AdminStep& step) -> Result<AdminOutcome> {
    for (const auto& [id, other, create_time] : storage::ReadCardRanges(step.session))
      if (other.first.size() == range.first.size() && other.first <= range.last && range.first <= other.last)
        return Error{Reason::kCardRangeOverlaps,
                     "the range overlaps a registered one",
                     {{"first", other.first}, {"last", other.last}}};
    step.set.Put(storage::CardRangeRow{step.draws.more[0], range, step.now()});
    v1::RegisterCardRangeResult result;
    result.set_first(range.first);
    result.set_last(range.last);
    return AdminOutcome{Made(result), "card_range.register", "cardRanges/" + range.first, ""};
  });
  return SubmitWrite(call, std::move(command),
                     [&response](const Answer& answer) { TakeResult(answer, *response.mutable_result()); });
}

}  // namespace

Methods MemberMethods() {
  return {
      Bind("loyalty.v1.MemberService.EnrollMember", OnEnrollMember),
      Bind("loyalty.v1.MemberService.GetMember", GetMember),
      Bind("loyalty.v1.MemberService.LookupMember", LookupMember),
      Bind("loyalty.v1.MemberService.ListMembers", ListMembers),
      Bind("loyalty.v1.MemberService.UpdateMember", OnUpdateMember),
      Bind("loyalty.v1.MemberService.LinkIdentifier", OnLinkIdentifier),
      Bind("loyalty.v1.MemberService.UnlinkIdentifier",
           OnDesk<v1::UnlinkIdentifierRequest, v1::UnlinkIdentifierResponse>),
      Bind("loyalty.v1.MemberService.BlockIdentifier", OnDesk<v1::BlockIdentifierRequest, v1::BlockIdentifierResponse>),
      Bind("loyalty.v1.MemberService.ReplaceCard", OnDesk<v1::ReplaceCardRequest, v1::ReplaceCardResponse>),
      Bind("loyalty.v1.MemberService.BlockMember", OnDesk<v1::BlockMemberRequest, v1::BlockMemberResponse>),
      Bind("loyalty.v1.MemberService.UnblockMember", OnDesk<v1::UnblockMemberRequest, v1::UnblockMemberResponse>),
      Bind("loyalty.v1.MemberService.RegisterCardRange", RegisterCardRange),
  };
}

}  // namespace loyalty
