#include "tests/fuzz/judge.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace loyalty::fuzz {
namespace {

// gRPC clients refuse more than 8 KB of metadata, and a proxy adds its own.
constexpr std::size_t kDetailsMax = 4'096;

// One caller, a database in memory: nothing is away, full, contended or a matter of chance, so these are no excuse.
bool IsDocumented(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::OUT_OF_RANGE: return true;
    default: return false;
  }
}

std::string Text(const grpc::Status& status) {
  return "code " + std::to_string(static_cast<int>(status.error_code())) + ": " + status.error_message();
}

}  // namespace

std::string FaultOfStatus(const grpc::Status& status) {
  if (status.ok()) return {};
  if (!IsDocumented(status.error_code())) return "an undocumented status: " + Text(status);
  if (status.error_message().empty()) return "a refusal without a word: " + Text(status);
  if (status.error_details().size() > kDetailsMax) return "a refusal too large to travel: " + Text(status);
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return "details that cannot be read: " + Text(status);
  if (details.code() != static_cast<int>(status.error_code()) || details.message() != status.error_message())
    return "details of another error: " + Text(status);
  int reasons = 0;
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.Is<google::rpc::ErrorInfo>()) continue;
    if (detail.UnpackTo(&info) && info.domain() == "loyalty" && !info.reason().empty()) ++reasons;
  }
  return reasons == 1 ? "" : "not exactly one reason: " + Text(status);
}

std::string OutcomeOf(const grpc::Status& status) {
  if (status.ok()) return "OK";
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return "?";
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.UnpackTo(&info)) continue;
    const auto field = info.metadata().find("field");
    return info.reason() + (field == info.metadata().end() ? "" : " " + field->second.substr(0, 40));
  }
  return "?";
}

std::string TraceIn(const RowsChanged& changes, bool settled) {
  for (const auto& [table, rows] : changes) {
    if (table == "id_blocks") continue;  // ids are set aside before anything is decided
    if (settled && (table == "members" || table == "lots" || table == "entries")) continue;
    return std::to_string(rows) + " rows of " + table;
  }
  return {};
}

}  // namespace loyalty::fuzz
