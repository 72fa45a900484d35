#include "clients/admin/member_argument.h"

#include "loyalty/v1/member_service.grpc.pb.h"

namespace loyalty::client {

void MemberArgument::AddTo(const Command& command) {
  command.Add("member", name, "The member, or give --card").Type("members/M");
  identifier.AddTo(command);
}

Outcome MemberArgument::Resolve(const Session& session, std::string& member) const {
  if (name.empty() == identifier.empty())
    return UsageFailure(name.empty() ? "no member given" : "two members given", "give members/M, or --card C");
  if (!name.empty()) {
    member = FullName("members", name);
    return {};
  }
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  v1::LookupMemberRequest request;
  *request.mutable_identifier() = identifier.Build();
  v1::LookupMemberResponse response;
  if (auto failed = session.Read(*stub, &v1::MemberService::Stub::LookupMember, "look up member", request, &response))
    return failed;
  member = response.member().name();
  return {};
}

}  // namespace loyalty::client
