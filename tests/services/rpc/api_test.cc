// What holds of every method and message of the API, so that nobody has to remember it.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "google/api/field_behavior.pb.h"
#include "services/rpc/services.h"

namespace loyalty {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto& service : AllServices())
    for (const Method& method : service)
      methods.push_back(google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(method.name)));
  return methods;
}

std::set<const FileDescriptor*> Files() {
  std::set<const FileDescriptor*> files;
  std::function<void(const FileDescriptor*)> add = [&](const FileDescriptor* file) {
    if (file->package() != "loyalty.v1" || !files.insert(file).second) return;
    for (int i = 0; i < file->dependency_count(); ++i) add(file->dependency(i));
  };
  for (const auto* method : Methods()) add(method->file());
  return files;
}

std::set<int> BehaviorOf(const FieldDescriptor& field) {
  std::set<int> all;
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i)
    all.insert(field.options().GetExtension(google::api::field_behavior, i));
  return all;
}

bool Only(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  return BehaviorOf(field) == std::set<int>{behavior};
}

// AIP-203: of every field that a caller may fill it is said whether it must.
TEST(Api, EveryFieldOfARequestSaysWhetherItIsRequired) {
  std::set<const Descriptor*> seen;
  std::function<void(const Descriptor*)> look = [&](const Descriptor* message) {
    if (message->file()->package() != "loyalty.v1" || !seen.insert(message).second) return;
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      EXPECT_EQ(BehaviorOf(field).size(), 1U) << field.full_name();
      const bool written = !Only(field, google::api::OUTPUT_ONLY);
      if (written && field.message_type() != nullptr) look(field.message_type());
    }
  };
  for (const auto* method : Methods()) look(method->input_type());
  EXPECT_GT(seen.size(), 50U);
}

bool Reads(const MethodDescriptor& method) {
  for (const char* verb : {"Get", "List", "Lookup", "Quote", "Watch"})
    if (method.name().rfind(verb, 0) == 0) return true;
  return false;
}

TEST(Api, ReadsSayThatTheyAreAndAllElseHasARequestId) {
  for (const auto* method : Methods()) {
    const bool reads = method->options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
    EXPECT_EQ(reads, Reads(*method)) << method->full_name();
    if (reads || method->client_streaming()) continue;
    const FieldDescriptor* id = method->input_type()->FindFieldByName("request_id");
    ASSERT_NE(id, nullptr) << method->full_name();
    EXPECT_EQ(id->number(), 1) << method->full_name();
  }
}

TEST(Api, EveryPageIsAskedForInTheSameWay) {
  for (const auto* method : Methods()) {
    if (method->name().rfind("List", 0) != 0) continue;
    EXPECT_NE(method->input_type()->FindFieldByName("page_size"), nullptr) << method->full_name();
    EXPECT_NE(method->input_type()->FindFieldByName("page_token"), nullptr) << method->full_name();
    EXPECT_NE(method->output_type()->FindFieldByName("next_page_token"), nullptr) << method->full_name();
  }
}

// What is planned is a comment: a reserved number would be lost for it.
TEST(Api, NothingIsReserved) {
  for (const FileDescriptor* file : Files())
    for (int i = 0; i < file->message_type_count(); ++i) {
      EXPECT_EQ(file->message_type(i)->reserved_range_count(), 0) << file->message_type(i)->full_name();
      EXPECT_EQ(file->message_type(i)->reserved_name_count(), 0) << file->message_type(i)->full_name();
    }
}

TEST(Api, HasANameInEveryLanguage) {
  const auto files = Files();
  EXPECT_GE(files.size(), 12U);
  for (const FileDescriptor* file : files) {
    const auto& options = file->options();
    EXPECT_EQ(options.java_package(), "org.stammgast.loyalty.v1") << file->name();
    EXPECT_TRUE(options.java_multiple_files()) << file->name();
    EXPECT_EQ(options.csharp_namespace(), "Stammgast.Loyalty.V1") << file->name();
    EXPECT_EQ(options.go_package(), "stammgast.org/loyalty/v1;loyaltyv1") << file->name();
    EXPECT_EQ(options.swift_prefix(), "SGL") << file->name();
    EXPECT_EQ(options.php_namespace(), "Stammgast\\Loyalty\\V1") << file->name();
  }
}

}  // namespace
}  // namespace loyalty
