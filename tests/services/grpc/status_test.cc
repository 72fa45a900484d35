// How each refusal travels: from a rule's Reason by way of gRPC to what a client makes of it and what its program ends
// with. One row for every reason; each is what users' programs and scripts rely on, so a row that is here never
// changes.
#include "services/grpc/status.h"

#include <gmock/gmock.h>

#include <array>

#include "clients/server_error.h"
#include "services/rpc/status.h"

namespace loyalty {
namespace {

using client::ExitCode;
using grpc::StatusCode;

enum class Again : std::uint8_t { kNo, kYes };       // the same request may be sent again
enum class Fate : std::uint8_t { kNone, kUnknown };  // it may have taken effect: its id is kept

struct Row {
  Reason reason;
  std::string_view name;
  StatusCode code;
  int retry_after_ms;  // 0: no RetryInfo
  Again again;
  Fate outcome;
  ExitCode exit;
};

constexpr auto kRefused = ExitCode::kRefused;
constexpr auto kUnreachable = ExitCode::kUnreachable;
constexpr auto kNo = Again::kNo;
constexpr auto kYes = Again::kYes;
constexpr auto kNone = Fate::kNone;
constexpr auto kUnknown = Fate::kUnknown;

constexpr std::array kRows{
    Row{Reason::kInvalidArgument, "INVALID_ARGUMENT", StatusCode::INVALID_ARGUMENT, 0, kNo, kNone, kRefused},
    Row{Reason::kBusinessTimeOutOfRange, "BUSINESS_TIME_OUT_OF_RANGE", StatusCode::INVALID_ARGUMENT, 0, kNo, kNone,
        kRefused},
    Row{Reason::kPointsNotRedeemable, "POINTS_NOT_REDEEMABLE", StatusCode::INVALID_ARGUMENT, 0, kNo, kNone, kRefused},
    Row{Reason::kPageTokenInvalid, "PAGE_TOKEN_INVALID", StatusCode::INVALID_ARGUMENT, 0, kNo, kNone, kRefused},
    // Refused before the request was looked at: an earlier try of it may have been accepted.
    Row{Reason::kUnauthenticated, "UNAUTHENTICATED", StatusCode::UNAUTHENTICATED, 0, kNo, kUnknown, kRefused},
    Row{Reason::kEnrollmentCodeWrong, "ENROLLMENT_CODE_WRONG", StatusCode::UNAUTHENTICATED, 0, kNo, kNone, kRefused},
    Row{Reason::kCertificateRevoked, "CERTIFICATE_REVOKED", StatusCode::UNAUTHENTICATED, 0, kNo, kUnknown, kRefused},
    Row{Reason::kPermissionDenied, "PERMISSION_DENIED", StatusCode::PERMISSION_DENIED, 0, kNo, kUnknown, kRefused},
    Row{Reason::kCertificateOfAnotherTerminal, "CERTIFICATE_OF_ANOTHER_TERMINAL", StatusCode::PERMISSION_DENIED, 0, kNo,
        kUnknown, kRefused},
    Row{Reason::kStoreUnknown, "STORE_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kTerminalUnknown, "TERMINAL_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kMemberUnknown, "MEMBER_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kIdentifierUnknown, "IDENTIFIER_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kRewardUnknown, "REWARD_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kRedemptionUnknown, "REDEMPTION_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kCatalogueUnknown, "CATALOGUE_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kRunUnknown, "RUN_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kJobUnknown, "JOB_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kReceiptUnknown, "RECEIPT_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kKeyUnknown, "KEY_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kOperatorUnknown, "OPERATOR_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kOperatorUnknownOrPinWrong, "OPERATOR_UNKNOWN_OR_PIN_WRONG", StatusCode::PERMISSION_DENIED, 0, kNo,
        kUnknown, kRefused},
    Row{Reason::kAlertUnknown, "ALERT_UNKNOWN", StatusCode::NOT_FOUND, 0, kNo, kNone, kRefused},
    Row{Reason::kRequestIdReused, "REQUEST_ID_REUSED", StatusCode::ALREADY_EXISTS, 0, kNo, kNone, kRefused},
    Row{Reason::kReceiptConflict, "RECEIPT_CONFLICT", StatusCode::ALREADY_EXISTS, 0, kNo, kNone, kRefused},
    Row{Reason::kIdentifierTaken, "IDENTIFIER_TAKEN", StatusCode::ALREADY_EXISTS, 0, kNo, kNone, kRefused},
    Row{Reason::kCardRangeOverlaps, "CARD_RANGE_OVERLAPS", StatusCode::ALREADY_EXISTS, 0, kNo, kNone, kRefused},
    Row{Reason::kStoreExists, "STORE_EXISTS", StatusCode::ALREADY_EXISTS, 0, kNo, kNone, kRefused},
    Row{Reason::kTerminalExists, "TERMINAL_EXISTS", StatusCode::ALREADY_EXISTS, 0, kNo, kNone, kRefused},
    Row{Reason::kKeyExists, "KEY_EXISTS", StatusCode::ALREADY_EXISTS, 0, kNo, kNone, kRefused},
    Row{Reason::kReturnNotSupported, "RETURN_NOT_SUPPORTED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kMemberBlocked, "MEMBER_BLOCKED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kIdentifierBlocked, "IDENTIFIER_BLOCKED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kBurnNotEnabled, "BURN_NOT_ENABLED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kInsufficientPoints, "INSUFFICIENT_POINTS", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kRedemptionExceedsBasket, "REDEMPTION_EXCEEDS_BASKET", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone,
        kRefused},
    Row{Reason::kRedemptionAlreadyCancelled, "REDEMPTION_ALREADY_CANCELLED", StatusCode::FAILED_PRECONDITION, 0, kNo,
        kNone, kRefused},
    Row{Reason::kTooLittleData, "TOO_LITTLE_DATA", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kNotClassified, "NOT_CLASSIFIED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kCatalogueScheduled, "CATALOGUE_SCHEDULED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    // The code of what may be run again, but not by sending the same: what it was decided on has changed.
    Row{Reason::kCatalogueChanged, "CATALOGUE_CHANGED", StatusCode::ABORTED, 0, kNo, kNone, kRefused},
    Row{Reason::kEtagMismatch, "ETAG_MISMATCH", StatusCode::ABORTED, 0, kNo, kNone, kRefused},
    Row{Reason::kMemberAnonymous, "MEMBER_ANONYMOUS", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kServiceDeskNeeded, "SERVICE_DESK_NEEDED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kKeyNotEnding, "KEY_NOT_ENDING", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kTooManyKeys, "TOO_MANY_KEYS", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kOperatorLocked, "OPERATOR_LOCKED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kOperatorNeeded, "OPERATOR_NEEDED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kApprovalRequired, "APPROVAL_REQUIRED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kApproverNotAllowed, "APPROVER_NOT_ALLOWED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kProofNeeded, "PROOF_NEEDED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kLimitExceeded, "LIMIT_EXCEEDED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kCatalogueNeedsAdmin, "CATALOGUE_NEEDS_ADMIN", StatusCode::PERMISSION_DENIED, 0, kNo, kUnknown,
        kRefused},
    // No program waits a minute at a till; an earlier try of a redemption may have been accepted.
    Row{Reason::kLookupLimit, "LOOKUP_LIMIT", StatusCode::RESOURCE_EXHAUSTED, 5'000, kNo, kUnknown, kRefused},
    Row{Reason::kNotEnabled, "NOT_ENABLED", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kLineKindUnknown, "LINE_KIND_UNKNOWN", StatusCode::FAILED_PRECONDITION, 0, kNo, kNone, kRefused},
    Row{Reason::kContention, "CONTENTION", StatusCode::ABORTED, 100, kYes, kUnknown, kUnreachable},
    // A refusal, although the code says that time ran out.
    Row{Reason::kNotAfterPassed, "NOT_AFTER_PASSED", StatusCode::DEADLINE_EXCEEDED, 0, kNo, kNone, kRefused},
    Row{Reason::kDeadlineExceeded, "DEADLINE_EXCEEDED", StatusCode::DEADLINE_EXCEEDED, 0, kYes, kUnknown, kUnreachable},
    Row{Reason::kQueueFull, "QUEUE_FULL", StatusCode::RESOURCE_EXHAUSTED, 250, kYes, kUnknown, kUnreachable},
    Row{Reason::kTooManyWrongCodes, "TOO_MANY_WRONG_CODES", StatusCode::RESOURCE_EXHAUSTED, 60'000, kNo, kUnknown,
        kRefused},
    Row{Reason::kCatalogueStale, "CATALOGUE_STALE", StatusCode::UNAVAILABLE, 1'000, kYes, kUnknown, kUnreachable},
    Row{Reason::kUnavailable, "UNAVAILABLE", StatusCode::UNAVAILABLE, 1'000, kYes, kUnknown, kUnreachable},
    Row{Reason::kOverflow, "OVERFLOW", StatusCode::OUT_OF_RANGE, 0, kNo, kNone, kRefused},
    Row{Reason::kInternal, "INTERNAL", StatusCode::INTERNAL, 0, kNo, kUnknown, kRefused},
};

TEST(StatusRows, ThereIsOneForEveryReason) {
  for (std::size_t i = 0; i < std::max(kRows.size(), kReasons.size()); ++i) {
    ASSERT_LT(i, kRows.size()) << ReasonName(static_cast<Reason>(i)) << ", and what comes behind it, has none";
    ASSERT_EQ(static_cast<std::size_t>(kRows[i].reason), i) << "one is left out before " << kRows[i].name;
  }
}

class StatusTable : public ::testing::TestWithParam<Row> {};
INSTANTIATE_TEST_SUITE_P(Reasons, StatusTable, ::testing::ValuesIn(kRows),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_P(StatusTable, EachReasonTravelsAsItsRowSays) {
  const Row& row = GetParam();
  const grpc::Status sent = ToGrpc(Error{row.reason, "why", {{"key", "value"}}});
  EXPECT_EQ(sent.error_code(), row.code);
  EXPECT_EQ(sent.error_message(), "why");
  // What a client has read is what was sent, in a call of its own as on a stream.
  for (const auto& error :
       {client::Explain(sent), client::Explain(ToRpcStatus(Error{row.reason, "why", {{"key", "value"}}}))}) {
    EXPECT_EQ(error.code, row.code);
    EXPECT_EQ(error.reason, row.name);
    EXPECT_EQ(error.message, "why");
    EXPECT_EQ(error.retry_delay.value_or(std::chrono::milliseconds(0)), std::chrono::milliseconds(row.retry_after_ms));
    EXPECT_EQ(client::IsRetryable(error, true), row.again == kYes);
    EXPECT_EQ(client::OutcomeUnknown(error), row.outcome == kUnknown);
    EXPECT_FALSE(client::WasCutOnTheWay(error)) << "our server has said it";
    const client::Failure failure = client::ToFailure(error, "scan");
    EXPECT_EQ(failure.code, row.exit);
    EXPECT_EQ(failure.reason, row.name);
    EXPECT_EQ(failure.what, "scan: " + std::string(row.name) + ": why");
  }
}

TEST(RetryInfo, SaysWhatTheErrorKnowsBetterThanItsReason) {
  Error error{Reason::kLookupLimit, "why", {}};
  error.retry_after_ms = 42'000;
  EXPECT_EQ(client::Explain(ToGrpc(error)).retry_delay, std::chrono::milliseconds(42'000));
}

}  // namespace
}  // namespace loyalty
