#include "tests/fuzz/judge.h"

#include <algorithm>
#include <string_view>

#include "google/rpc/error_details.pb.h"

namespace loyalty::fuzz {
namespace {

// gRPC clients refuse more than 8 KB of metadata, and a proxy adds its own.
constexpr std::size_t kDetailsMax = 4'096;

// One caller, a database in memory: nothing is away, full, contended or a matter of chance, so these are no excuse.
bool IsDocumented(int code) {
  switch (code) {
    case google::rpc::INVALID_ARGUMENT:
    case google::rpc::UNAUTHENTICATED:
    case google::rpc::PERMISSION_DENIED:
    case google::rpc::NOT_FOUND:
    case google::rpc::ALREADY_EXISTS:
    case google::rpc::FAILED_PRECONDITION:
    case google::rpc::DEADLINE_EXCEEDED:
    case google::rpc::OUT_OF_RANGE: return true;
    default: return false;
  }
}

// What has changed since the caller looked; nobody else is there who could be in the way.
bool IsOutdated(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : status.details())
    if (detail.UnpackTo(&info)) return info.reason() == "CATALOGUE_CHANGED" || info.reason() == "ETAG_MISMATCH";
  return false;
}

std::string Text(const google::rpc::Status& status) {
  return "code " + std::to_string(status.code()) + ": " + status.message();
}

}  // namespace

std::string FaultOfStatus(const google::rpc::Status& status) {
  if (status.code() == google::rpc::OK) return {};
  if (!IsDocumented(status.code()) && !(status.code() == google::rpc::ABORTED && IsOutdated(status)))
    return "an undocumented status: " + Text(status);
  if (status.message().empty()) return "a refusal without a word: " + Text(status);
  if (status.ByteSizeLong() > kDetailsMax) return "a refusal too large to travel: " + Text(status);
  int reasons = 0;
  for (const auto& detail : status.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.Is<google::rpc::ErrorInfo>()) continue;
    if (detail.UnpackTo(&info) && info.domain() == "stammgast.loyalty" && !info.reason().empty()) ++reasons;
  }
  return reasons == 1 ? "" : "not exactly one reason: " + Text(status);
}

std::string OutcomeOf(const google::rpc::Status& status) {
  if (status.code() == google::rpc::OK) return "OK";
  for (const auto& detail : status.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.UnpackTo(&info)) continue;
    const auto field = info.metadata().find("field");
    return info.reason() + (field == info.metadata().end() ? "" : " " + field->second.substr(0, 40));
  }
  return "?";
}

std::string TraceIn(const RowsChanged& changes, bool settled) {
  // Ids are set aside in a block with its seal before anything is decided.
  constexpr std::string_view kBlocks[] = {"id_blocks", "seals"};
  constexpr std::string_view kSettled[] = {"members", "entries", "open_lots", "pending_lots", "allocations"};
  const auto holds = [](const auto& tables, std::string_view table) {
    return std::find(std::begin(tables), std::end(tables), table) != std::end(tables);
  };
  for (const auto& [table, rows] : changes) {
    if (holds(kBlocks, table) || (settled && holds(kSettled, table))) continue;
    return std::to_string(rows) + " rows of " + table;
  }
  return {};
}

}  // namespace loyalty::fuzz
