// Members as the desk sees and corrects them.
#include <memory>

#include "clients/admin/commands.h"
#include "clients/admin/member_argument.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/member_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::MemberService::Stub;

struct ListArguments {
  bool enrolled_only = false;
  std::int64_t limit = 50;
};

Outcome List(Session& session, const ListArguments& arguments) {
  v1::ListMembersRequest request;
  request.set_enrolled_only(arguments.enrolled_only);
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  v1::ListMembersResponse list;
  if (auto failed = ReadPages(session, *stub, &Stub::ListMembers, "list members", request, arguments.limit, &list,
                              [](const auto& page) { return page.members_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"member"}, {"state"}, {"since"}, {"points", Align::kRight}, {"stage"}});
  for (const auto& member : list.members())
    table.AddRow({member.name(),
                  EnumText(*v1::MemberState_descriptor(), member.state()) + (member.anonymous() ? ", anonymous" : ""),
                  TimeText(true, member.create_time()), Grouped(member.balance().available()),
                  EnumText(*v1::LifecycleStage_descriptor(), member.lifecycle().standing().stage())});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

// What an update sets: only flags that were given.
struct UpdateArguments {
  MemberArgument member;
  v1::UpdateMemberRequest request;
};

Outcome Update(Session& session, const UpdateArguments& arguments) {
  v1::UpdateMemberRequest request = arguments.request;
  if (request.update_mask().paths().empty())
    return UsageFailure("nothing to change",
                        "give --given-name, --family-name, --greeting-name, --birth-date or "
                        "--language; an empty text takes away what was there");
  if (auto failed = arguments.member.Resolve(session, *request.mutable_member()->mutable_name())) return failed;
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  Mutation mutation{"update member", {}, false};
  v1::UpdateMemberResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::UpdateMember, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  std::string changed;
  for (const auto& path : response.result().changed()) changed += (changed.empty() ? "" : ", ") + path;
  Print(response.result().member() + (changed.empty() ? " was like this already" : ": changed " + changed) + "\n");
  return {};
}

void AddUpdate(const Command& member, Program& program) {
  const auto update = member.AddCommand("update", "Correct name, birth date or language of a member");
  auto a = std::make_shared<UpdateArguments>();
  a->member.AddTo(update);
  const auto add = [&](const char* flag, const char* path, auto set) {
    return update.Add(flag, [a, path, set](const std::string& value) {
      set(*a->request.mutable_member(), value);
      a->request.mutable_update_mask()->add_paths(path);
    });
  };
  add("--given-name", "person.given_name", [](auto& m, const auto& v) { m.mutable_person()->set_given_name(v); });
  add("--family-name", "person.family_name", [](auto& m, const auto& v) { m.mutable_person()->set_family_name(v); });
  add("--greeting-name", "person.greeting_name",
      [](auto& m, const auto& v) { m.mutable_person()->set_greeting_name(v); });
  add("--birth-date", "person.birth_date", [](auto& m, const auto& v) {
    m.mutable_person()->set_birth_date(v);
  }).Type("YYYY-MM-DD");
  add("--language", "language_code", [](auto& m, const auto& v) { m.set_language_code(v); });
  update.Add(
      "--etag", [a](const auto& v) { a->request.mutable_member()->set_etag(v); },
      "Refuse when somebody has changed the member since (member show --full tells it)");
  update.Footer("Example:\n  loyalty-admin member update --card 2600000017 --family-name Lovelace");
  update.OnUse([&program, a] { program.Choose([a](Session& session) { return Update(session, *a); }); });
}

void AddList(const Command& member, Program& program) {
  const auto list = member.AddCommand("list", "Members, newest first");
  auto arguments = std::make_shared<ListArguments>();
  list.AddFlag("--enrolled", arguments->enrolled_only, "Only those who gave a name, a phone number or an address");
  list.Add("--limit", arguments->limit, "At most this many").Positive().ShowDefault();
  list.Footer("Example:\n  loyalty-admin member list --enrolled --limit 20");
  list.OnUse(
      [&program, arguments] { program.Choose([arguments](Session& session) { return List(session, *arguments); }); });
}

}  // namespace

void AddMemberRecordCommands(const Command& group, Program& program) {
  AddList(group, program);
  AddUpdate(group, program);
}

}  // namespace loyalty::client
