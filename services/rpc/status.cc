#include "services/rpc/status.h"

#include "google/rpc/error_details.pb.h"

namespace loyalty {
google::rpc::Code CodeOf(Reason reason) {
  static_assert(static_cast<int>(Code::kInvalidArgument) == google::rpc::INVALID_ARGUMENT &&
                static_cast<int>(Code::kFailedPrecondition) == google::rpc::FAILED_PRECONDITION &&
                static_cast<int>(Code::kUnauthenticated) == google::rpc::UNAUTHENTICATED);
  return static_cast<google::rpc::Code>(About(reason).code);
}

google::rpc::Status ToRpcStatus(const Error& error, Language language) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(CodeOf(error.reason)));
  status.set_message(error.message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(error.reason)));
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : error.metadata) (*info.mutable_metadata())[key] = value;
  status.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  const auto add = [&bad](const std::string& field, const std::string& why) {
    auto* violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(why);
  };
  for (const Violation& violation : error.violations) add(violation.field, violation.why);
  // Something else than a rule of its own is wrong with it.
  if (const auto field = error.metadata.find("field"); field != error.metadata.end() && error.violations.empty())
    add(field->second, error.message);
  if (bad.field_violations_size() > 0) status.add_details()->PackFrom(bad);
  google::rpc::LocalizedMessage localized;
  localized.set_locale(std::string(TagOf(language)));
  localized.set_message(Text(language, "reason." + std::string(ReasonName(error.reason)), error.metadata));
  status.add_details()->PackFrom(localized);
  const int usual_ms = About(error.reason).retry_after_ms;
  if (const int delay_ms = error.retry_after_ms > 0 ? error.retry_after_ms : usual_ms; delay_ms > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(delay_ms / 1'000);
    retry.mutable_retry_delay()->set_nanos(delay_ms % 1'000 * 1'000'000);
    status.add_details()->PackFrom(retry);
  }
  return status;
}

}  // namespace loyalty
