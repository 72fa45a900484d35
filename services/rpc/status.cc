#include "services/rpc/status.h"

#include "domain/time.h"
#include "google/rpc/error_details.pb.h"

namespace loyalty {
namespace {

// How long a caller should wait before the same request is worth another try; 0: it is not.
Instant RetryAfter(Reason reason) {
  switch (reason) {
    case Reason::kContention: return kSecond / 10;
    case Reason::kQueueFull: return kSecond / 4;
    case Reason::kCatalogueStale:
    case Reason::kUnavailable: return kSecond;
    default: return 0;
  }
}

}  // namespace

google::rpc::Code CodeOf(Reason reason) {
  switch (reason) {
    case Reason::kInvalidArgument:
    case Reason::kBusinessTimeOutOfRange:
    case Reason::kPointsNotRedeemable:
    case Reason::kPageTokenInvalid: return google::rpc::INVALID_ARGUMENT;
    case Reason::kUnauthenticated: return google::rpc::UNAUTHENTICATED;
    case Reason::kPermissionDenied: return google::rpc::PERMISSION_DENIED;
    case Reason::kStoreUnknown:
    case Reason::kTerminalUnknown:
    case Reason::kMemberUnknown:
    case Reason::kRewardUnknown:
    case Reason::kRedemptionUnknown:
    case Reason::kCatalogueUnknown:
    case Reason::kRunUnknown:
    case Reason::kJobUnknown: return google::rpc::NOT_FOUND;
    case Reason::kRequestIdReused:
    case Reason::kReceiptConflict:
    case Reason::kIdentifierTaken:
    case Reason::kCardRangeOverlaps:
    case Reason::kStoreExists:
    case Reason::kTerminalExists: return google::rpc::ALREADY_EXISTS;
    case Reason::kReturnNotSupported:
    case Reason::kMemberBlocked:
    case Reason::kIdentifierBlocked:
    case Reason::kBurnNotEnabled:
    case Reason::kInsufficientPoints:
    case Reason::kRedemptionExceedsBasket:
    case Reason::kRedemptionAlreadyCancelled:
    case Reason::kTooLittleData:
    case Reason::kNotClassified:
    case Reason::kNotEnabled: return google::rpc::FAILED_PRECONDITION;
    case Reason::kContention: return google::rpc::ABORTED;
    case Reason::kNotAfterPassed:
    case Reason::kDeadlineExceeded: return google::rpc::DEADLINE_EXCEEDED;
    case Reason::kQueueFull: return google::rpc::RESOURCE_EXHAUSTED;
    case Reason::kCatalogueStale:
    case Reason::kUnavailable: return google::rpc::UNAVAILABLE;
    case Reason::kOverflow: return google::rpc::OUT_OF_RANGE;
    case Reason::kInternal: return google::rpc::INTERNAL;
  }
  return google::rpc::INTERNAL;
}

google::rpc::Status ToRpcStatus(const Error& error) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(CodeOf(error.reason)));
  status.set_message(error.message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(error.reason)));
  info.set_domain("loyalty");
  for (const auto& [key, value] : error.metadata) (*info.mutable_metadata())[key] = value;
  status.add_details()->PackFrom(info);
  if (const auto field = error.metadata.find("field"); field != error.metadata.end()) {
    google::rpc::BadRequest bad;
    auto* violation = bad.add_field_violations();
    violation->set_field(field->second);
    violation->set_description(error.message);
    status.add_details()->PackFrom(bad);
  }
  if (const Instant delay = RetryAfter(error.reason); delay > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(delay / kSecond);
    retry.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(delay % kSecond * 1'000));
    status.add_details()->PackFrom(retry);
  }
  return status;
}

}  // namespace loyalty
