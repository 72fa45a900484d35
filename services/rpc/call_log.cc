#include "services/rpc/call_log.h"

#include "domain/json_writer.h"
#include "google/rpc/code.pb.h"
#include "services/rpc/auth.h"
#include "services/rpc/request.h"
#include "services/rpc/status.h"
#include "services/rpc/trace_parent.h"

namespace loyalty {
namespace {

google::rpc::Code CodeOfCall(const EndedCall& call) {
  if (call.cancelled) return google::rpc::CANCELLED;
  return call.error == nullptr ? google::rpc::OK : CodeOf(call.error->reason);
}

bool IsOurs(google::rpc::Code code) {
  return code == google::rpc::INTERNAL || code == google::rpc::UNAVAILABLE || code == google::rpc::DEADLINE_EXCEEDED ||
         code == google::rpc::RESOURCE_EXHAUSTED || code == google::rpc::ABORTED;
}

// As it was sent, if it is one: whatever else a caller puts there does not get into the log.
std::string RequestIdOf(const EndedCall& call) {
  std::string id(call.request_id);
  const auto* field = call.request == nullptr ? nullptr : call.request->GetDescriptor()->FindFieldByName("request_id");
  if (field != nullptr && field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING &&
      !field->is_repeated())
    id = call.request->GetReflection()->GetString(*call.request, field);
  return CheckRequestId(id) ? id : "";
}

}  // namespace

void CallLog::Ended(const EndedCall& call) {
  std::int64_t left_out = 0;
  if (!HasRoom(left_out)) return;
  const auto code = CodeOfCall(call);
  JsonWriter json;
  json.BeginObject(JsonLayout::kDense);
  const auto add = [&json](std::string_view name, std::string_view value) {
    if (!value.empty()) json.Add(name, value);
  };
  add("method", call.method);
  add("code", google::rpc::Code_Name(code));
  if (call.error != nullptr) {
    add("reason", ReasonName(call.error->reason));
    if (const auto field = call.error->metadata.find("field"); field != call.error->metadata.end())
      add("field", field->second);
  }
  constexpr double kMilliseconds = 1'000;
  json.Add("ms", static_cast<std::int64_t>(call.seconds * kMilliseconds));
  add("principal", PrincipalOf(call));
  add("request_id", RequestIdOf(call));
  add("trace_id", TraceIdOf(call.trace_parent));
  if (left_out > 0) json.Add("left_out", left_out);
  json.End();
  write_(IsOurs(code), json.Take());
}

bool CallLog::HasRoom(std::int64_t& left_out) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    lines_ = 0;
  }
  if (lines_ >= kLinesPerSecond) {
    ++left_out_;
    return false;
  }
  ++lines_;
  left_out = std::exchange(left_out_, 0);
  return true;
}

// Whoever has no key that is good is nobody, and stays so in the log.
std::string CallLog::PrincipalOf(const EndedCall& call) const {
  const auto snapshot = snapshots_.Newest();
  const auto caller = Authenticate(*snapshot, call.authorization, clock_());
  return caller ? caller->principal : std::string();
}

}  // namespace loyalty
