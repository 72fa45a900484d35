// Members: enrolment goes through the write path, look-ups read.
#include "loyalty/v1/member_service.pb.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/identifier.h"
#include "services/rpc/member_writes.h"
#include "services/rpc/names.h"
#include "services/rpc/read_member.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/services.h"
#include "storage/ledger_reads.h"
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

void FillPerson(const storage::PersonRow& person, v1::Person& out) {
  out.set_given_name(person.given_name);
  out.set_family_name(person.family_name);
  out.set_greeting_name(person.greeting_name);
  out.set_birth_date(person.birth_date);
}

// `member` as of now. FULL adds what is kept apart. Throws storage::Failure.
v1::Member MemberMessage(storage::Session& session, const storage::MemberRecord& member, v1::MemberViewKind view,
                         const Snapshot& snapshot, Instant now) {
  v1::Member out;
  v1::MemberView sight;
  const auto statistics = storage::ReadStatistics(session, member.id);
  FillMemberView(SightOf(member, statistics, snapshot.zone), snapshot, now, sight);
  out.set_name(sight.name());
  out.set_state(static_cast<v1::MemberState>(member.state));
  out.set_anonymous(member.anonymous);
  out.set_language_code(member.language);
  *out.mutable_create_time() = ToTimestamp(member.create_time);
  *out.mutable_balance() = sight.balance();
  out.set_member_seq(member.account.seq);
  if (sight.has_lifecycle()) *out.mutable_lifecycle() = std::move(*sight.mutable_lifecycle());
  if (view != v1::MEMBER_VIEW_KIND_FULL) return out;
  for (const auto& record : storage::ReadIdentifiers(session, member.id)) {
    auto* linked = out.add_identifiers();
    *linked->mutable_identifier() = FromIdentifier(record.identifier);
    linked->set_blocked(record.state == IdentifierState::kBlocked);
  }
  if (const auto person = storage::ReadPerson(session, member.id)) FillPerson(*person, *out.mutable_person());
  v1::Acquisition acquisition;
  FillAcquisition(member.acquisition, acquisition);
  if (acquisition.ByteSizeLong() > 0) *out.mutable_acquisition() = std::move(acquisition);
  if (statistics) FillStatistics(statistics->summary, *out.mutable_statistics());
  return out;
}

Status CheckView(v1::MemberViewKind view) {
  if (!v1::MemberViewKind_IsValid(view)) return InvalidField("view", "BASIC or FULL");
  return Ok{};
}

Status EnrollMember(Call& call, const v1::EnrollMemberRequest& request, v1::EnrollMemberResponse& response) {
  auto command = ToEnrollMember(call, request);
  if (!command) return command.error();
  return SubmitWrite(call, *std::move(command), [&call, &response](const Answer& answer) {
    response.mutable_result()->ParseFromString(answer.result);
    if (answer.member)
      FillMemberView(*answer.member, *call.snapshot, call.deps().clock(), *response.mutable_member_view());
  });
}

Status LinkIdentifier(Call& call, const v1::LinkIdentifierRequest& request, v1::LinkIdentifierResponse& response) {
  auto command = ToLinkIdentifier(call, request);
  if (!command) return command.error();
  return SubmitWrite(call, *std::move(command),
                     [&response](const Answer& answer) { response.mutable_result()->ParseFromString(answer.result); });
}

Status GetMember(Call& call, const v1::GetMemberRequest& request, v1::GetMemberResponse& response) {
  if (const auto name = ParseMemberName("name", request.name()); !name) return name.error();
  if (const Status ok = CheckView(request.view()); !ok) return ok;
  return StartRead(call, [&call, &request, &response](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const Instant now = call.deps().clock();
    const auto member = ReadMember(session, *ParseMemberName("name", request.name()), request.min_member_seq(), now);
    if (!member) return member.error();
    if (!*member) return false;
    *response.mutable_member() = MemberMessage(session, **member, request.view(), *call.snapshot, now);
    return true;
  });
}

Status LookupMember(Call& call, const v1::LookupMemberRequest& request, v1::LookupMemberResponse& response) {
  if (const auto identifier = ToIdentifier(request.identifier()); !identifier) return identifier.error();
  if (const Status ok = CheckView(request.view()); !ok) return ok;
  return StartRead(call, [&call, &request, &response](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const Instant now = call.deps().clock();
    auto member = storage::FindMember(session, *ToIdentifier(request.identifier()));
    if (!member) return MemberUnknown();
    const std::int64_t seq = member->account.seq;
    storage::SettleForRead(session, member->id, member->account, now);
    member->account.seq = seq;
    *response.mutable_member() = MemberMessage(session, *member, request.view(), *call.snapshot, now);
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
    for (const CardRange& other : storage::ReadCardRanges(step.session))
      if (other.first.size() == range.first.size() && other.first <= range.last && range.first <= other.last)
        return Error{Reason::kCardRangeOverlaps,
                     "the range overlaps a registered one",
                     {{"first", other.first}, {"last", other.last}}};
    storage::InsertCardRange(step.session, step.ids.Take(), range, step.now);
    v1::RegisterCardRangeResult result;
    result.set_first(range.first);
    result.set_last(range.last);
    return AdminOutcome{result.SerializeAsString(), "card_range.register", "cardRanges/" + range.first, ""};
  });
  return SubmitWrite(call, std::move(command),
                     [&response](const Answer& answer) { response.mutable_result()->ParseFromString(answer.result); });
}

}  // namespace

Methods MemberMethods() {
  return {
      Bind("loyalty.v1.MemberService.EnrollMember", EnrollMember),
      Bind("loyalty.v1.MemberService.GetMember", GetMember),
      Bind("loyalty.v1.MemberService.LookupMember", LookupMember),
      Bind("loyalty.v1.MemberService.LinkIdentifier", LinkIdentifier),
      Bind("loyalty.v1.MemberService.RegisterCardRange", RegisterCardRange),
  };
}

}  // namespace loyalty
