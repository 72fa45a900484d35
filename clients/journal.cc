#include "clients/journal.h"

#include <unistd.h>

#include <cassert>
#include <utility>

#include "clients/files.h"
#include "clients/request_ids.h"
#include "google/protobuf/descriptor.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kEntryBytesMax = 1 << 20;  // a request is at most a server's message, 1 MiB

const google::protobuf::FieldDescriptor* RequestIdField(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  assert(field != nullptr && field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING);
  return field;
}

}  // namespace

Journal::Journal(std::filesystem::path state_dir) : state_dir_(std::move(state_dir)) {}

Result<PendingRequest> Journal::Begin(std::string_view command, google::protobuf::Message& request) const {
  const auto* field = RequestIdField(request);
  const auto directory = state_dir_ / "pending";
  if (auto made = MakePrivateDirectory(directory); !made) return made.error();
  PendingRequest pending{directory / Fingerprint(command), {}, false};
  std::error_code problem;
  if (std::filesystem::exists(pending.file, problem)) {
    auto stored = ReadSmallFile(pending.file, kEntryBytesMax);
    if (!stored) return stored.error();
    if (request.ParseFromString(*stored) && !request.GetReflection()->GetString(request, field).empty()) {
      pending.request_id = request.GetReflection()->GetString(request, field);
      pending.resumed = true;
      return pending;
    }
    return Error{Reason::kUnavailable,
                 "unfinished request " + pending.file.string() + " is damaged: remove it to start anew",
                 {}};
  }
  pending.request_id = NewRequestId();
  request.GetReflection()->SetString(&request, field, pending.request_id);
  if (auto written = WriteFileDurably(pending.file, request.SerializeAsString()); !written) return written.error();
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
  std::error_code problem;
  if (std::filesystem::exists(file, problem)) {
    auto stored = ReadSmallFile(file, kEntryBytesMax);
    if (!stored) return stored.error();
    if (!stored->empty()) return stored;
  }
  std::string run_id = NewRequestId();
  if (auto written = WriteFileDurably(file, run_id); !written) return written.error();
  return run_id;
}

}  // namespace loyalty::client
