#include "clients/journal.h"

#include <unistd.h>

#include <utility>

#include "clients/files.h"
#include "clients/request_ids.h"
#include "domain/check.h"
#include "google/protobuf/descriptor.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kEntryBytesMax = 1 << 20;  // a request is at most a server's message, 1 MiB

const google::protobuf::FieldDescriptor* RequestIdField(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  Check(field != nullptr && field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING,
        "a request that is kept has a request_id");
  return field;
}

// Stores the content unless the file is there, and answers what it holds then: of two programs that come at the same
// time both get the content of one.
Result<std::string> StoreOnce(const std::filesystem::path& file, std::string_view content) {
  constexpr int kTriesMax = 100;
  for (int tries = 1;; ++tries) {
    const auto created = CreateFileDurably(file, content);
    if (!created) return created.error();
    if (*created) return std::string(content);
    auto stored = ReadSmallFile(file, kEntryBytesMax);
    std::error_code problem;
    // Gone already: whoever stored it has finished meanwhile.
    if (stored || tries >= kTriesMax || std::filesystem::exists(file, problem)) return stored;
  }
}

}  // namespace

Journal::Journal(std::filesystem::path state_dir) : state_dir_(std::move(state_dir)) {}

Result<PendingRequest> Journal::Begin(std::string_view command, google::protobuf::Message& request) const {
  const auto* field = RequestIdField(request);
  const auto directory = state_dir_ / "pending";
  if (auto made = MakePrivateDirectory(directory); !made) return made.error();
  PendingRequest pending{directory / Fingerprint(command), NewRequestId(), false};
  request.GetReflection()->SetString(&request, field, pending.request_id);
  const std::string fresh = request.SerializeAsString();
  const auto stored = StoreOnce(pending.file, fresh);
  if (!stored) return stored.error();
  if (*stored == fresh) return pending;
  if (!request.ParseFromString(*stored) || request.GetReflection()->GetString(request, field).empty())
    return Error{Reason::kUnavailable,
                 "unfinished request " + pending.file.string() + " is damaged: remove it to start anew",
                 {}};
  pending.request_id = request.GetReflection()->GetString(request, field);
  pending.resumed = true;
  return pending;
}

void Journal::Forget(const PendingRequest& pending) const {
  // Without fsync: an entry that comes back after a power cut is resumed and answered with its first result.
  ::unlink(pending.file.c_str());
}

Result<std::string> Journal::RunId(std::string_view name) const {
  const auto directory = state_dir_ / "runs";
  if (auto made = MakePrivateDirectory(directory); !made) return made.error();
  const auto file = directory / Fingerprint(name);
  auto stored = StoreOnce(file, NewRequestId());
  if (stored && stored->empty())
    return Error{
        Reason::kUnavailable, "the id of the run in " + file.string() + " is lost: remove it to start anew", {}};
  return stored;
}

}  // namespace loyalty::client
