#include "clients/server_error.h"

#include <utility>

#include "clients/language.h"
#include "google/rpc/error_details.pb.h"

namespace loyalty::client {
namespace {

std::string_view CodeName(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK: return "OK";
    case grpc::StatusCode::CANCELLED: return "CANCELLED";
    case grpc::StatusCode::UNKNOWN: return "UNKNOWN";
    case grpc::StatusCode::INVALID_ARGUMENT: return "INVALID_ARGUMENT";
    case grpc::StatusCode::DEADLINE_EXCEEDED: return "DEADLINE_EXCEEDED";
    case grpc::StatusCode::NOT_FOUND: return "NOT_FOUND";
    case grpc::StatusCode::ALREADY_EXISTS: return "ALREADY_EXISTS";
    case grpc::StatusCode::PERMISSION_DENIED: return "PERMISSION_DENIED";
    case grpc::StatusCode::UNAUTHENTICATED: return "UNAUTHENTICATED";
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return "RESOURCE_EXHAUSTED";
    case grpc::StatusCode::FAILED_PRECONDITION: return "FAILED_PRECONDITION";
    case grpc::StatusCode::ABORTED: return "ABORTED";
    case grpc::StatusCode::OUT_OF_RANGE: return "OUT_OF_RANGE";
    case grpc::StatusCode::UNIMPLEMENTED: return "UNIMPLEMENTED";
    case grpc::StatusCode::INTERNAL: return "INTERNAL";
    case grpc::StatusCode::UNAVAILABLE: return "UNAVAILABLE";
    case grpc::StatusCode::DATA_LOSS: return "DATA_LOSS";
    case grpc::StatusCode::DO_NOT_USE: break;
  }
  return "UNKNOWN";
}

}  // namespace

ServerError Explain(const google::rpc::Status& status) {
  ServerError error{static_cast<grpc::StatusCode>(status.code()), {}, status.message(), {}, {}, {}};
  for (const auto& detail : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    google::rpc::RetryInfo retry;
    google::rpc::LocalizedMessage localized;
    if (detail.UnpackTo(&info)) {
      error.reason = info.reason();
    } else if (detail.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations())
        error.violations.push_back({violation.field(), violation.description()});
    } else if (detail.UnpackTo(&localized)) {
      error.localized = localized.message();
    } else if (detail.UnpackTo(&retry)) {
      error.retry_delay =
          std::chrono::milliseconds(retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1'000'000);
    }
  }
  return error;
}

ServerError Explain(const grpc::Status& status) {
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) {
    ServerError error = Explain(details);
    error.code = status.error_code();
    if (error.message.empty()) error.message = status.error_message();
    return error;
  }
  return ServerError{status.error_code(), {}, status.error_message(), {}, {}, {}};
}

bool IsRetryable(const ServerError& error, bool has_request_id) {
  switch (error.code) {
    case grpc::StatusCode::ABORTED: return error.reason.empty() || error.reason == "CONTENTION";
    case grpc::StatusCode::UNAVAILABLE: return true;
    // Waiting for room in a minute is for people to decide, not for a program that is asked for an answer now.
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return error.reason != "LOOKUP_LIMIT";
    case grpc::StatusCode::DEADLINE_EXCEEDED: return has_request_id && error.reason != "NOT_AFTER_PASSED";
    default: return false;
  }
}

bool OutcomeUnknown(const ServerError& error) {
  switch (error.code) {
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS: return true;
    // Refused before the request was looked at: an earlier try of it may still have been accepted.
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return true;
    default: return IsRetryable(error, true);
  }
}

bool WasCutOnTheWay(const ServerError& error) {
  return error.reason.empty() && (error.code == grpc::StatusCode::INTERNAL || error.code == grpc::StatusCode::UNKNOWN);
}

std::string ReasonOf(const ServerError& error) {
  return error.reason.empty() ? std::string(CodeName(error.code)) : error.reason;
}

std::string ReasonText(v1::ErrorReason reason) {
  constexpr std::string_view kPrefix = "ERROR_REASON_";
  const std::string& name = v1::ErrorReason_Name(reason);
  return name.empty() ? std::to_string(reason) : name.substr(kPrefix.size());
}

std::string MessageOf(const ServerError& error) {
  std::string text = error.message;
  for (const auto& violation : error.violations) {
    // Our servers say the same in both places, with or without the field in front of it.
    const bool named = violation.field.empty() || violation.why.rfind(violation.field + ": ", 0) == 0;
    const std::string sentence = named ? violation.why : violation.field + ": " + violation.why;
    if (text.empty() || text == violation.why) {
      text = sentence;
    } else if (text.find(sentence) == std::string::npos) {
      text.append("; ").append(sentence);
    }
  }
  return text;
}

Failure ToFailure(const ServerError& error, std::string_view doing) {
  const Language language = OwnLanguage();
  const std::string reason = ReasonOf(error);
  Failure failure{ExitCode::kRefused, std::string(doing) + ": " + reason, {}, reason};
  // What the server says in detail is for those who read its documents, in English.
  if (language != Language::kEnglish && !error.localized.empty()) failure.what += ": " + error.localized;
  if (const std::string message = MessageOf(error); !message.empty()) failure.what += ": " + message;
  if (const std::string key = "advice." + reason; HasText(key)) failure.advice = Text(language, key);
  if (error.code == grpc::StatusCode::UNIMPLEMENTED) failure.advice = Text(language, "advice.other_version");
  if (IsRetryable(error, true) || error.code == grpc::StatusCode::CANCELLED) {
    failure.code = ExitCode::kUnreachable;
    failure.advice = Text(language, "advice.no_answer");
  }
  return failure;
}

}  // namespace loyalty::client
