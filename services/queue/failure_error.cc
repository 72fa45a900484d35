#include "services/queue/failure_error.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include "storage/working_set.h"

namespace loyalty {

Error InternalError(std::string_view what) {
  std::int64_t random = 0;
  randombytes_buf(&random, sizeof random);
  const std::string id = storage::PublicName(random);
  spdlog::error("internal error {}: {}", id, what);
  return Error{Reason::kInternal, "internal error " + id + "; the log of the server says more", {{"id", id}}};
}

Error ForCaller(Error error) {
  return error.reason == Reason::kInternal && error.metadata.empty() ? InternalError(error.message) : std::move(error);
}

Error ErrorOf(const storage::Failure& failure) {
  switch (failure.kind()) {
    case storage::FailureKind::kConflict:
    case storage::FailureKind::kDuplicate:
      return Error{Reason::kContention, "others change the same rows; repeat with the same request id", {}};
    case storage::FailureKind::kLost:
      spdlog::warn("database lost: {}", failure.what());
      return Error{Reason::kUnavailable, "the database is away; repeat with the same request id", {}};
    case storage::FailureKind::kFull:
      spdlog::error("database full: {}", failure.what());
      return Error{Reason::kUnavailable, "the database has no space left", {}};
    case storage::FailureKind::kOther: return InternalError(failure.what());
  }
  return InternalError(failure.what());
}

}  // namespace loyalty
