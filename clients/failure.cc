#include "clients/failure.h"

#include <cstdio>

#include "clients/output.h"
#include "clients/text.h"
#include "google/protobuf/struct.pb.h"

namespace loyalty::client {
namespace {

std::string ReasonText(const Failure& failure) {
  if (!failure.reason.empty()) return failure.reason;
  switch (failure.code) {
    case ExitCode::kOk: break;
    case ExitCode::kRefused: return "REFUSED";
    case ExitCode::kUsage: return "USAGE";
    case ExitCode::kSomeRejected: return "SOME_REJECTED";
    case ExitCode::kUnreachable: return "UNREACHABLE";
    case ExitCode::kLocalIo: return "LOCAL_IO";
  }
  return {};
}

void PrintError(const Failure& failure) {
  google::protobuf::Struct json;
  auto& error = *(*json.mutable_fields())["error"].mutable_struct_value()->mutable_fields();
  error["code"].set_number_value(static_cast<int>(failure.code));
  error["reason"].set_string_value(ReasonText(failure));
  error["message"].set_string_value(Printable(failure.what));
  PrintJson(json);
}

}  // namespace

int Report(const char* program, const Outcome& outcome, bool json) {
  if (!outcome) return static_cast<int>(ExitCode::kOk);
  std::fprintf(stderr, "%s: %s\n", program, Printable(outcome->what).c_str());
  if (!outcome->advice.empty()) std::fprintf(stderr, "  -> %s\n", Printable(outcome->advice).c_str());
  if (json) PrintError(*outcome);
  return static_cast<int>(outcome->code);
}

}  // namespace loyalty::client
