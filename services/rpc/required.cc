#include "services/rpc/required.h"

#include <algorithm>

#include "domain/violations.h"
#include "google/api/field_behavior.pb.h"

namespace loyalty {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsRequired(const FieldDescriptor& field) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i)
    if (field.options().GetExtension(google::api::field_behavior, i) == google::api::REQUIRED) return true;
  return false;
}

bool IsGiven(const Message& message, const FieldDescriptor& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                             : message.GetReflection()->HasField(message, &field);
}

// What is required inside of a part is so where the part is given. A request inside a request (a quote's) needs no id
// of its own.
void Look(const Message& message, const std::string& path, bool is_whole, Violations& missing) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    const bool given = IsGiven(message, field);
    if (!given && IsRequired(field) && (is_whole || field.name() != "request_id"))
      missing.Add(path + field.name(), "required");
    if (!given || field.message_type() == nullptr || field.is_map()) continue;
    const auto& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      Look(reflection.GetMessage(message, &field), path + field.name() + ".", false, missing);
      continue;
    }
    for (int n = 0; n < reflection.FieldSize(message, &field); ++n)
      Look(reflection.GetRepeatedMessage(message, &field, n), path + field.name() + "[" + std::to_string(n) + "].",
           false, missing);
  }
}

}  // namespace

void AddMissing(const Message& request, Error& error) {
  if (error.reason != Reason::kInvalidArgument || error.violations.empty()) return;
  Violations missing;
  Look(request, "", true, missing);
  const Status found = missing.Done();
  if (found) return;
  Violations all;
  all.Take(error);
  for (const Violation& violation : found.error().violations)
    if (std::none_of(error.violations.begin(), error.violations.end(),
                     [&violation](const Violation& known) { return known.field == violation.field; }))
      all.Add(violation.field, violation.why);
  error = all.Done().error();
}

}  // namespace loyalty
