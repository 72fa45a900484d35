#include "domain/result.h"

namespace loyalty {

std::string_view ReasonName(Reason reason) {
  switch (reason) {
    case Reason::kInvalidArgument: return "INVALID_ARGUMENT";
    case Reason::kBusinessTimeOutOfRange: return "BUSINESS_TIME_OUT_OF_RANGE";
    case Reason::kPointsNotRedeemable: return "POINTS_NOT_REDEEMABLE";
    case Reason::kPageTokenInvalid: return "PAGE_TOKEN_INVALID";
    case Reason::kUnauthenticated: return "UNAUTHENTICATED";
    case Reason::kPermissionDenied: return "PERMISSION_DENIED";
    case Reason::kStoreUnknown: return "STORE_UNKNOWN";
    case Reason::kTerminalUnknown: return "TERMINAL_UNKNOWN";
    case Reason::kMemberUnknown: return "MEMBER_UNKNOWN";
    case Reason::kRewardUnknown: return "REWARD_UNKNOWN";
    case Reason::kRedemptionUnknown: return "REDEMPTION_UNKNOWN";
    case Reason::kCatalogueUnknown: return "CATALOGUE_UNKNOWN";
    case Reason::kRunUnknown: return "RUN_UNKNOWN";
    case Reason::kJobUnknown: return "JOB_UNKNOWN";
    case Reason::kRequestIdReused: return "REQUEST_ID_REUSED";
    case Reason::kReceiptConflict: return "RECEIPT_CONFLICT";
    case Reason::kIdentifierTaken: return "IDENTIFIER_TAKEN";
    case Reason::kCardRangeOverlaps: return "CARD_RANGE_OVERLAPS";
    case Reason::kStoreExists: return "STORE_EXISTS";
    case Reason::kTerminalExists: return "TERMINAL_EXISTS";
    case Reason::kReturnNotSupported: return "RETURN_NOT_SUPPORTED";
    case Reason::kMemberBlocked: return "MEMBER_BLOCKED";
    case Reason::kIdentifierBlocked: return "IDENTIFIER_BLOCKED";
    case Reason::kBurnNotEnabled: return "BURN_NOT_ENABLED";
    case Reason::kInsufficientPoints: return "INSUFFICIENT_POINTS";
    case Reason::kRedemptionExceedsBasket: return "REDEMPTION_EXCEEDS_BASKET";
    case Reason::kRedemptionAlreadyCancelled: return "REDEMPTION_ALREADY_CANCELLED";
    case Reason::kTooLittleData: return "TOO_LITTLE_DATA";
    case Reason::kNotClassified: return "NOT_CLASSIFIED";
    case Reason::kNotEnabled: return "NOT_ENABLED";
    case Reason::kContention: return "CONTENTION";
    case Reason::kNotAfterPassed: return "NOT_AFTER_PASSED";
    case Reason::kDeadlineExceeded: return "DEADLINE_EXCEEDED";
    case Reason::kQueueFull: return "QUEUE_FULL";
    case Reason::kCatalogueStale: return "CATALOGUE_STALE";
    case Reason::kUnavailable: return "UNAVAILABLE";
    case Reason::kOverflow: return "OVERFLOW";
    case Reason::kInternal: return "INTERNAL";
  }
  return "INTERNAL";
}

Error InvalidField(std::string field, std::string why) {
  return Error{Reason::kInvalidArgument, field + ": " + why, {{"field", field}}};
}

}  // namespace loyalty
