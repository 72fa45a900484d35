#include <memory>

#include "clients/admin/commands.h"
#include "clients/admin/member_argument.h"
#include "clients/arguments.h"
#include "clients/output.h"
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
    case v1::Identifier::kToken: text = "token " + id.token(); break;
    case v1::Identifier::kPhone: text = "phone " + id.phone(); break;
    case v1::Identifier::kEmail: text = "e-mail " + id.email(); break;
    case v1::Identifier::KIND_NOT_SET: break;
  }
  return linked.blocked() ? text + " (blocked)" : text;
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
    return UsageFailure("no identifier given", "give --card, --phone, --email or --token");
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
  sheet.Add("Balance", BalanceText(response.member_view().balance(), session.Program().currency_code()));
  Print(sheet.Render());
  return {};
}

Outcome Show(Session& session, const MemberArgument& argument, bool full) {
  v1::GetMemberRequest request;
  request.set_view(full ? v1::MEMBER_VIEW_KIND_FULL : v1::MEMBER_VIEW_KIND_BASIC);
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
  if (identifier.empty()) return UsageFailure("nothing to link", "give --card, --phone, --email or --token");
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

void AddEnroll(Program& program, CLI::App& member) {
  auto* enroll = member.add_subcommand("enroll", "Make a member; without a name it stays anonymous");
  struct Arguments {
    std::vector<std::string> cards, phones, emails, tokens;
    v1::Person person;
    v1::Acquisition acquisition;
    std::string language, store;
  };
  auto a = std::make_shared<Arguments>();
  enroll->add_option("--card", a->cards, "Card number; may be repeated")->take_all()->type_name("CARD");
  enroll->add_option("--phone", a->phones, "Phone number, +49301234567")->take_all()->type_name("PHONE");
  enroll->add_option("--email", a->emails, "E-mail address")->take_all()->type_name("EMAIL");
  enroll->add_option("--token", a->tokens, "App token")->take_all()->type_name("TOKEN");
  enroll->add_option_function<std::string>("--given-name", [a](const auto& v) { a->person.set_given_name(v); });
  enroll->add_option_function<std::string>("--family-name", [a](const auto& v) { a->person.set_family_name(v); });
  enroll->add_option_function<std::string>("--greeting-name", [a](const auto& v) { a->person.set_greeting_name(v); });
  enroll->add_option_function<std::string>("--birth-date", [a](const auto& v) { a->person.set_birth_date(v); })
      ->type_name("YYYY-MM-DD");
  enroll->add_option("--language", a->language, "BCP 47");
  enroll->add_option("--store", a->store, "Store that enrols")->type_name("stores/S");
  enroll->add_option_function<std::string>(
      "--channel", [a](const auto& v) { a->acquisition.set_channel(v); },
      "Where the member came from: store, app, web");
  enroll->add_option_function<std::string>("--campaign", [a](const auto& v) { a->acquisition.set_campaign(v); });
  enroll->footer(
      "Example:\n  loyalty-admin member enroll --card 2600000017 --email a@example.org --given-name Anna --channel "
      "store");
  enroll->callback([&program, a] {
    v1::EnrollMemberRequest request;
    for (const auto& card : a->cards) request.add_identifiers()->set_card(card);
    for (const auto& phone : a->phones) request.add_identifiers()->set_phone(phone);
    for (const auto& email : a->emails) request.add_identifiers()->set_email(email);
    for (const auto& token : a->tokens) request.add_identifiers()->set_token(token);
    if (a->person.ByteSizeLong() > 0) *request.mutable_person() = a->person;
    if (a->acquisition.ByteSizeLong() > 0) *request.mutable_acquisition() = a->acquisition;
    request.set_language_code(a->language);
    request.set_store(FullName("stores", a->store));
    program.Choose([request](Session& session) { return Enroll(session, request); });
  });
}

}  // namespace

void AddMemberCommands(Program& program) {
  auto* member = program.app().add_subcommand("member", "Members: enroll, show, lookup, link");
  member->require_subcommand(1);
  AddEnroll(program, *member);

  auto* show = member->add_subcommand("show", "Everything about a member");
  auto to_show = std::make_shared<MemberArgument>();
  to_show->AddTo(*show);
  show->callback(
      [&program, to_show] { program.Choose([to_show](Session& session) { return Show(session, *to_show, true); }); });

  auto* lookup =
      member->add_subcommand("lookup", "Who a card, phone, e-mail or token belongs to, without personal data");
  auto to_look_up = std::make_shared<MemberArgument>();
  to_look_up->identifier.AddTo(*lookup);
  lookup->callback([&program, to_look_up] {
    program.Choose([to_look_up](Session& session) { return Show(session, *to_look_up, false); });
  });

  auto* link = member->add_subcommand("link", "Add an identifier to a member");
  auto to_link = std::make_shared<MemberArgument>();
  link->add_option("member", to_link->name)->type_name("members/M")->required();
  to_link->identifier.AddTo(*link);
  link->callback([&program, to_link] {
    program.Choose([to_link](Session& session) { return Link(session, to_link->name, to_link->identifier); });
  });
}

}  // namespace loyalty::client
