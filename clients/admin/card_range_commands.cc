#include <map>
#include <memory>

#include "clients/output.h"
#include "clients/program.h"
#include "loyalty/v1/member_service.grpc.pb.h"

namespace loyalty::client {
namespace {

Outcome Register(Session& session, const v1::RegisterCardRangeRequest& request) {
  const auto stub = v1::MemberService::NewStub(session.connection().channel());
  Mutation mutation{"register card range", {}, false};
  v1::RegisterCardRangeResponse response;
  if (auto failed = session.Mutate(*stub, &v1::MemberService::Stub::RegisterCardRange, mutation, request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print("cards " + response.result().first() + " to " + response.result().last() +
          " make a member at their first scan\n");
  }
  return {};
}

void AddCardRangeCommands(Program& program) {
  const auto range = program.app().AddCommand("card-range", "Ranges of card numbers");
  range.RequireCommand();
  const auto command = range.AddCommand("register", "Unknown cards of the range make an anonymous member");
  struct Arguments {
    std::string first, last, check = "none";
  };
  auto arguments = std::make_shared<Arguments>();
  static const std::map<std::string, v1::CheckDigit> kChecks{
      {"none", v1::CHECK_DIGIT_NONE}, {"ean13", v1::CHECK_DIGIT_EAN13}, {"luhn", v1::CHECK_DIGIT_LUHN}};
  command.Add("first", arguments->first, "First number").Required();
  command.Add("last", arguments->last, "Last number, of the same length").Required();
  command.Add("--check-digit", arguments->check, "Check digit of the cards")
      .OneOf({"none", "ean13", "luhn"})
      .ShowDefault();
  command.Footer("Example:\n  loyalty-admin card-range register 2600000000000 2600009999999 --check-digit ean13");
  command.OnUse([&program, arguments] {
    v1::RegisterCardRangeRequest request;
    request.set_first(arguments->first);
    request.set_last(arguments->last);
    request.set_check_digit(kChecks.at(arguments->check));
    program.Choose([request](Session& session) { return Register(session, request); });
  });
}

const ProgramCommands kCardRangeCommands{AddCardRangeCommands};

}  // namespace
}  // namespace loyalty::client
