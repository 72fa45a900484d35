#include <memory>

#include "clients/admin/commands.h"
#include "clients/admin/member_argument.h"
#include "clients/arguments.h"
#include "clients/output.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/member_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::MemberService::Stub;

std::string IdentifierText(const v1::LinkedIdentifier& linked) {
  const auto& id = linked.identifier();
  std::string text;
  switch (id.kind_case()) {
    case v1::Identifier::kCard: text = "card " + id.card(); break;
    case v1::Identifier::kStaticToken: text = "token " + id.static_token(); break;
    case v1::Identifier::kPhone: text = "phone " + id.phone(); break;
    case v1::Identifier::kEmail: text = "e-mail " + id.email(); break;
    case v1::Identifier::KIND_NOT_SET: break;
  }
  return linked.state() == v1::IDENTIFIER_STATE_BLOCKED ? text + " (blocked)" : text;
}

void PrintMember(Session& session, const v1::Member& member) {
  const std::string& currency = session.Program().currency_code();
  FactSheet sheet;
  sheet.Add("Member", member.name());
  sheet.Add("State",
            EnumText(*v1::MemberState_descriptor(), member.state()) + (member.anonymous() ? ", anonymous" : ""));
  const auto& person = member.person();
  sheet.Add("Name", person.given_name() + (person.family_name().empty() ? "" : " " + person.family_name()));
  sheet.Add("Greeted as", person.greeting_name());
  sheet.Add("Born", person.birth_date());
  sheet.Add("Language", member.language_code());
  sheet.Add("Since", TimeText(member.has_create_time(), member.create_time()));
  for (const auto& linked : member.identifiers()) sheet.Add("Identifier", IdentifierText(linked));
  sheet.Add("Balance", BalanceText(member.balance(), currency));
  for (const auto& expiring : member.expiring_soon())
    sheet.Add("Expires", Grouped(expiring.points()) + " points at " + TimeText(true, expiring.expire_time()));
  sheet.Add("Entries", Grouped(member.member_seq()));
  if (const auto& origin = member.acquisition(); member.has_acquisition()) {
    sheet.Add("Channel", origin.channel());
    sheet.Add("Campaign", origin.campaign());
    sheet.Add("Partner", origin.partner());
    sheet.Add("Referral", origin.referral());
    sheet.Add("Touchpoint", origin.touchpoint());
  }
  if (const auto& statistics = member.statistics(); member.has_statistics()) {
    sheet.Add("Purchases", Grouped(statistics.receipts()) + " receipts on " + Grouped(statistics.purchase_days()) +
                               " days, " + MoneyText(statistics.amount_minor(), currency));
    if (!statistics.first_date().empty())
      sheet.Add("Purchase days", statistics.first_date() + " to " + statistics.last_date());
  }
  Print(sheet.Render());
}

Outcome Enroll(Session& session, const v1::EnrollMemberRequest& request) {
  if (request.identifiers().empty())
    return UsageFailure("no identifier given", "give --card, --phone, --email or --static-token");
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  Mutation mutation{"enroll member", {}, false};
  v1::EnrollMemberResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::EnrollMember, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  FactSheet sheet;
  sheet.Add("Member", response.result().member());
  sheet.Add("Made", response.result().created() ? "new" : "from an anonymous member, history kept");
  sheet.Add("Balance", BalanceText(response.member_snapshot().balance(), session.Program().currency_code()));
  Print(sheet.Render());
  return {};
}

Outcome Show(Session& session, const MemberArgument& argument, bool full) {
  v1::GetMemberRequest request;
  request.set_view(full ? v1::MEMBER_VIEW_FULL : v1::MEMBER_VIEW_BASIC);
  if (auto failed = argument.Resolve(session, *request.mutable_name())) return failed;
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  v1::GetMemberResponse response;
  if (auto failed = session.Read(*stub, &Stub::GetMember, "show member", request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintMember(session, response.member());
  }
  return {};
}

Outcome Link(Session& session, const std::string& member, const IdentifierArguments& identifier) {
  if (identifier.empty()) return UsageFailure("nothing to link", "give --card, --phone, --email or --static-token");
  v1::LinkIdentifierRequest request;
  request.set_member(FullName("members", member));
  *request.mutable_identifier() = identifier.Build();
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  Mutation mutation{"link identifier", {}, false};
  v1::LinkIdentifierResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::LinkIdentifier, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print(response.result().member() + (response.result().linked() ? " has it now\n" : " had it already\n"));
  }
  return {};
}

// What the service desk's methods answer alike; `done` says what the member is now.
template <typename Request, typename Response>
Outcome AtDesk(Session& session, const char* doing, const char* done, const Request& request,
               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  Mutation mutation{doing, {}, false};
  Response response;
  if (auto failed = session.Mutate(*stub, method, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print(response.result().member() + ": " + done + (response.result().changed() ? "\n" : " already\n"));
  }
  return {};
}

template <typename Request, typename Response>
Outcome IdentifierAtDesk(Session& session, const char* doing, const char* done, const MemberArgument& member,
                         const std::string& reason,
                         grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  if (member.identifier.empty()) return UsageFailure("no identifier given", "give --card, --phone, --email or --token");
  Request request;
  request.set_member(FullName("members", member.name));
  *request.mutable_identifier() = member.identifier.Build();
  request.set_reason(reason);
  return AtDesk(session, doing, done, request, method);
}

template <typename Request, typename Response>
Outcome MemberAtDesk(Session& session, const char* doing, const char* done, const MemberArgument& member,
                     const std::string& reason,
                     grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  Request request;
  request.set_member(FullName("members", member.name));
  request.set_reason(reason);
  return AtDesk(session, doing, done, request, method);
}

void AddDesk(Program& program, const Command& member) {
  struct Arguments {
    MemberArgument member;
    std::string reason, card, new_card;
  };
  const auto add = [&](const char* name, const char* description, const char* example, auto run) {
    const auto command = member.AddCommand(name, description);
    auto arguments = std::make_shared<Arguments>();
    command.Add("member", arguments->member.name).Type("members/M").Required();
    command.Add("--reason", arguments->reason, "Why; in the audit").Type("TEXT").Required();
    command.Footer(std::string("Example:\n  loyalty-admin member ") + example);
    command.OnUse([&program, arguments, run] {
      program.Choose([arguments, run](Session& session) { return run(session, *arguments); });
    });
    return std::pair(command, arguments);
  };
  const auto [unlink, to_unlink] = add(
      "unlink", "Take an identifier from a member: it is nobody's again",
      "unlink members/00c0ffee00c0ffee --card 2600000024 --reason not-hers", [](Session& session, const Arguments& a) {
        return IdentifierAtDesk(session, "unlink identifier", "unlinked", a.member, a.reason, &Stub::UnlinkIdentifier);
      });
  to_unlink->member.identifier.AddTo(unlink);
  const auto [block_card, to_block_card] =
      add("block-identifier", "Block a card, or another identifier, for good",
          "block-identifier members/00c0ffee00c0ffee --card 2600000024 --reason lost",
          [](Session& session, const Arguments& a) {
            return IdentifierAtDesk(session, "block identifier", "blocked", a.member, a.reason, &Stub::BlockIdentifier);
          });
  to_block_card->member.identifier.AddTo(block_card);
  const auto [replace, to_replace] =
      add("replace-card", "Another card in place of one, which is blocked for good",
          "replace-card members/00c0ffee00c0ffee --card 2600000017 --new-card 2600000024 --reason lost",
          [](Session& session, const Arguments& a) {
            v1::ReplaceCardRequest request;
            request.set_member(FullName("members", a.member.name));
            request.set_card(a.card);
            request.set_new_card(a.new_card);
            request.set_reason(a.reason);
            return AtDesk(session, "replace card", "replaced", request, &Stub::ReplaceCard);
          });
  replace.Add("--card", to_replace->card, "The old card").Type("CARD").Required();
  replace.Add("--new-card", to_replace->new_card, "The new card").Type("CARD").Required();
  add("block", "The member neither earns nor burns", "block members/00c0ffee00c0ffee --reason fraud",
      [](Session& session, const Arguments& a) {
        return MemberAtDesk(session, "block member", "blocked", a.member, a.reason, &Stub::BlockMember);
      });
  add("unblock", "The member earns and burns again", "unblock members/00c0ffee00c0ffee --reason checked",
      [](Session& session, const Arguments& a) {
        return MemberAtDesk(session, "unblock member", "unblocked", a.member, a.reason, &Stub::UnblockMember);
      });
}

void AddEnroll(Program& program, const Command& member) {
  const auto enroll = member.AddCommand("enroll", "Make a member; without a name it stays anonymous");
  struct Arguments {
    std::vector<std::string> cards, phones, emails, tokens;
    v1::Person person;
    v1::Acquisition acquisition;
    std::string language, store;
  };
  auto a = std::make_shared<Arguments>();
  enroll.Add("--card", a->cards, "Card number; may be repeated").Type("CARD");
  enroll.Add("--phone", a->phones, "Phone number as it is written, +49 30 1234567").Type("PHONE");
  enroll.Add("--email", a->emails, "E-mail address").Type("EMAIL");
  enroll.Add("--static-token", a->tokens, "Token that never changes (wallet pass, key ring)").Type("TOKEN");
  enroll.Add("--given-name", [a](const auto& v) { a->person.set_given_name(v); });
  enroll.Add("--family-name", [a](const auto& v) { a->person.set_family_name(v); });
  enroll.Add("--greeting-name", [a](const auto& v) { a->person.set_greeting_name(v); });
  enroll.Add("--birth-date", [a](const auto& v) { a->person.set_birth_date(v); }).Type("YYYY-MM-DD");
  enroll.Add("--language", a->language, "BCP 47");
  enroll.Add("--store", a->store, "Store that enrols").Type("stores/S");
  enroll.Add(
      "--channel", [a](const auto& v) { a->acquisition.set_channel(v); },
      "Where the member came from: store, app, web");
  enroll.Add("--campaign", [a](const auto& v) { a->acquisition.set_campaign(v); });
  enroll.Footer(
      "Example:\n  loyalty-admin member enroll --card 2600000017 --email a@example.org --given-name Anna --channel "
      "store");
  enroll.OnUse([&program, a] {
    v1::EnrollMemberRequest request;
    for (const auto& card : a->cards) request.add_identifiers()->set_card(card);
    for (const auto& phone : a->phones) request.add_identifiers()->set_phone(phone);
    for (const auto& email : a->emails) request.add_identifiers()->set_email(email);
    for (const auto& token : a->tokens) request.add_identifiers()->set_static_token(token);
    if (a->person.ByteSizeLong() > 0) *request.mutable_person() = a->person;
    if (a->acquisition.ByteSizeLong() > 0) *request.mutable_acquisition() = a->acquisition;
    request.set_language_code(a->language);
    request.set_store(FullName("stores", a->store));
    program.Choose([request](Session& session) { return Enroll(session, request); });
  });
}

void AddMemberCommands(Program& program) {
  const auto member = program.app().AddCommand("member", "Members: enroll, show, lookup, link, block");
  member.RequireCommand();
  AddEnroll(program, member);
  AddDesk(program, member);

  const auto show = member.AddCommand("show", "Everything about a member");
  auto to_show = std::make_shared<MemberArgument>();
  to_show->AddTo(show);
  show.Footer("Example:\n  loyalty-admin member show --card 2600000017");
  show.OnUse(
      [&program, to_show] { program.Choose([to_show](Session& session) { return Show(session, *to_show, true); }); });

  const auto lookup =
      member.AddCommand("lookup", "Who a card, phone, e-mail or token belongs to, without personal data");
  auto to_look_up = std::make_shared<MemberArgument>();
  to_look_up->identifier.AddTo(lookup);
  lookup.Footer("Example:\n  loyalty-admin member lookup --phone +49301234567");
  lookup.OnUse([&program, to_look_up] {
    program.Choose([to_look_up](Session& session) { return Show(session, *to_look_up, false); });
  });

  AddMemberRecordCommands(member, program);

  const auto link = member.AddCommand("link", "Add an identifier to a member");
  auto to_link = std::make_shared<MemberArgument>();
  link.Add("member", to_link->name).Type("members/M").Required();
  to_link->identifier.AddTo(link);
  link.Footer("Example:\n  loyalty-admin member link members/00c0ffee00c0ffee --card 2600000024");
  link.OnUse([&program, to_link] {
    program.Choose([to_link](Session& session) { return Link(session, to_link->name, to_link->identifier); });
  });
}

const ProgramCommands kMemberCommands{AddMemberCommands};

}  // namespace
}  // namespace loyalty::client
