// Why something is refused, as callers see it: each reason once, with its name, its code, and whether waiting helps.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace loyalty {

// Every reason a caller can see, as ErrorInfo.reason or in rejected[]. Its text may change, a reason may not. Each has
// its row below, in the same order.
enum class Reason : std::uint8_t {
  kInvalidArgument,
  kBusinessTimeOutOfRange,
  kPointsNotRedeemable,
  kPageTokenInvalid,
  kUnauthenticated,
  kPermissionDenied,
  kStoreUnknown,
  kTerminalUnknown,
  kMemberUnknown,
  kIdentifierUnknown,
  kRewardUnknown,
  kRedemptionUnknown,
  kCatalogueUnknown,
  kRunUnknown,
  kJobUnknown,
  kReceiptUnknown,
  kKeyUnknown,
  kRequestIdReused,
  kReceiptConflict,
  kIdentifierTaken,
  kCardRangeOverlaps,
  kStoreExists,
  kTerminalExists,
  kKeyExists,
  kReturnNotSupported,
  kMemberBlocked,
  kIdentifierBlocked,
  kBurnNotEnabled,
  kInsufficientPoints,
  kRedemptionExceedsBasket,
  kRedemptionAlreadyCancelled,
  kTooLittleData,
  kNotClassified,
  kCatalogueScheduled,
  kCatalogueChanged,
  kEtagMismatch,
  kMemberAnonymous,
  kServiceDeskNeeded,
  kKeyNotEnding,
  kTooManyKeys,
  kCatalogueNeedsAdmin,
  kLookupLimit,
  kNotEnabled,       // in rejected[] for what a later version brings
  kLineKindUnknown,  // in rejected[]
  kContention,
  kNotAfterPassed,
  kDeadlineExceeded,
  kQueueFull,
  kCatalogueStale,
  kUnavailable,
  kOverflow,
  kInternal,
};

// The codes of gRPC, by their numbers.
enum class Code : std::uint8_t {
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kInternal = 13,
  kUnavailable = 14,
  kUnauthenticated = 16,
};

struct ReasonFacts {
  Reason reason;
  std::string_view name;  // as callers see it
  Code code;
  int retry_after_ms = 0;  // when the same request is worth another try; 0: it is not
};
inline constexpr std::array kReasons{
    ReasonFacts{Reason::kInvalidArgument, "INVALID_ARGUMENT", Code::kInvalidArgument},
    ReasonFacts{Reason::kBusinessTimeOutOfRange, "BUSINESS_TIME_OUT_OF_RANGE", Code::kInvalidArgument},
    ReasonFacts{Reason::kPointsNotRedeemable, "POINTS_NOT_REDEEMABLE", Code::kInvalidArgument},
    ReasonFacts{Reason::kPageTokenInvalid, "PAGE_TOKEN_INVALID", Code::kInvalidArgument},
    ReasonFacts{Reason::kUnauthenticated, "UNAUTHENTICATED", Code::kUnauthenticated},
    ReasonFacts{Reason::kPermissionDenied, "PERMISSION_DENIED", Code::kPermissionDenied},
    ReasonFacts{Reason::kStoreUnknown, "STORE_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kTerminalUnknown, "TERMINAL_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kMemberUnknown, "MEMBER_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kIdentifierUnknown, "IDENTIFIER_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kRewardUnknown, "REWARD_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kRedemptionUnknown, "REDEMPTION_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kCatalogueUnknown, "CATALOGUE_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kRunUnknown, "RUN_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kJobUnknown, "JOB_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kReceiptUnknown, "RECEIPT_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kKeyUnknown, "KEY_UNKNOWN", Code::kNotFound},
    ReasonFacts{Reason::kRequestIdReused, "REQUEST_ID_REUSED", Code::kAlreadyExists},
    ReasonFacts{Reason::kReceiptConflict, "RECEIPT_CONFLICT", Code::kAlreadyExists},
    ReasonFacts{Reason::kIdentifierTaken, "IDENTIFIER_TAKEN", Code::kAlreadyExists},
    ReasonFacts{Reason::kCardRangeOverlaps, "CARD_RANGE_OVERLAPS", Code::kAlreadyExists},
    ReasonFacts{Reason::kStoreExists, "STORE_EXISTS", Code::kAlreadyExists},
    ReasonFacts{Reason::kTerminalExists, "TERMINAL_EXISTS", Code::kAlreadyExists},
    ReasonFacts{Reason::kKeyExists, "KEY_EXISTS", Code::kAlreadyExists},
    ReasonFacts{Reason::kReturnNotSupported, "RETURN_NOT_SUPPORTED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kMemberBlocked, "MEMBER_BLOCKED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kIdentifierBlocked, "IDENTIFIER_BLOCKED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kBurnNotEnabled, "BURN_NOT_ENABLED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kInsufficientPoints, "INSUFFICIENT_POINTS", Code::kFailedPrecondition},
    ReasonFacts{Reason::kRedemptionExceedsBasket, "REDEMPTION_EXCEEDS_BASKET", Code::kFailedPrecondition},
    ReasonFacts{Reason::kRedemptionAlreadyCancelled, "REDEMPTION_ALREADY_CANCELLED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kTooLittleData, "TOO_LITTLE_DATA", Code::kFailedPrecondition},
    ReasonFacts{Reason::kNotClassified, "NOT_CLASSIFIED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kCatalogueScheduled, "CATALOGUE_SCHEDULED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kCatalogueChanged, "CATALOGUE_CHANGED", Code::kAborted},
    ReasonFacts{Reason::kEtagMismatch, "ETAG_MISMATCH", Code::kAborted},
    ReasonFacts{Reason::kMemberAnonymous, "MEMBER_ANONYMOUS", Code::kFailedPrecondition},
    ReasonFacts{Reason::kServiceDeskNeeded, "SERVICE_DESK_NEEDED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kKeyNotEnding, "KEY_NOT_ENDING", Code::kFailedPrecondition},
    ReasonFacts{Reason::kTooManyKeys, "TOO_MANY_KEYS", Code::kFailedPrecondition},
    ReasonFacts{Reason::kCatalogueNeedsAdmin, "CATALOGUE_NEEDS_ADMIN", Code::kPermissionDenied},
    ReasonFacts{Reason::kLookupLimit, "LOOKUP_LIMIT", Code::kResourceExhausted, 5'000},
    ReasonFacts{Reason::kNotEnabled, "NOT_ENABLED", Code::kFailedPrecondition},
    ReasonFacts{Reason::kLineKindUnknown, "LINE_KIND_UNKNOWN", Code::kFailedPrecondition},
    ReasonFacts{Reason::kContention, "CONTENTION", Code::kAborted, 100},
    ReasonFacts{Reason::kNotAfterPassed, "NOT_AFTER_PASSED", Code::kDeadlineExceeded},
    ReasonFacts{Reason::kDeadlineExceeded, "DEADLINE_EXCEEDED", Code::kDeadlineExceeded},
    ReasonFacts{Reason::kQueueFull, "QUEUE_FULL", Code::kResourceExhausted, 250},
    ReasonFacts{Reason::kCatalogueStale, "CATALOGUE_STALE", Code::kUnavailable, 1'000},
    ReasonFacts{Reason::kUnavailable, "UNAVAILABLE", Code::kUnavailable, 1'000},
    ReasonFacts{Reason::kOverflow, "OVERFLOW", Code::kOutOfRange},
    ReasonFacts{Reason::kInternal, "INTERNAL", Code::kInternal},
};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kReasons.size(); ++i)
    if (kReasons[i].reason != static_cast<Reason>(i) || kReasons[i].name.empty()) return false;
  return kReasons.back().reason == Reason::kInternal;
}
static_assert(InOrder(), "each reason has its row, in the order of the enum; kInternal is the last");

constexpr const ReasonFacts& About(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }
constexpr std::string_view ReasonName(Reason reason) { return About(reason).name; }

}  // namespace loyalty
