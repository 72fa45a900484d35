// Whose each field of the catalogue is, and that no difference escapes the comparison that this is judged by.
#include "services/catalogue/catalogue_roles.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace loyalty {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Fields = std::vector<const FieldDescriptor*>;

// Every field that holds a value, with the messages that it stands in.
void ForEachLeaf(const Descriptor& type, Fields& within, const std::function<void(const Fields&)>& look) {
  for (int i = 0; i < type.field_count(); ++i) {
    within.push_back(type.field(i));
    if (const Descriptor* below = type.field(i)->message_type(); below != nullptr) {
      ForEachLeaf(*below, within, look);
    } else {
      look(within);
    }
    within.pop_back();
  }
}
void ForEachLeaf(const std::function<void(const Fields&)>& look) {
  Fields within;
  ForEachLeaf(*v1::Catalogue::descriptor(), within, look);
}

std::string PathOf(const Fields& leaf) {
  std::string path;
  for (const FieldDescriptor* field : leaf) path += (path.empty() ? "" : ".") + field->name();
  return path;
}

// Items of lists are known by their names.
Message& Parent(Message& catalogue, const Fields& leaf) {
  Message* at = &catalogue;
  for (std::size_t i = 0; i + 1 < leaf.size(); ++i) {
    at = leaf[i]->is_repeated() ? at->GetReflection()->AddMessage(at, leaf[i])
                                : at->GetReflection()->MutableMessage(at, leaf[i]);
    const FieldDescriptor* name = at->GetDescriptor()->FindFieldByName("name");
    if (leaf[i]->is_repeated()) at->GetReflection()->SetString(at, name, "things/one");
  }
  return *at;
}

void Set(Message& message, const FieldDescriptor& field, int value) {
  const auto* set = message.GetReflection();
  const std::string text = "things/" + std::to_string(value);
  if (field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
    return set->AddString(&message, &field, text);
  if (field.is_repeated()) return set->AddEnumValue(&message, &field, value);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return set->SetInt32(&message, &field, value);
    case FieldDescriptor::CPPTYPE_INT64: return set->SetInt64(&message, &field, value);
    case FieldDescriptor::CPPTYPE_BOOL: return set->SetBool(&message, &field, value != 0);
    case FieldDescriptor::CPPTYPE_ENUM: return set->SetEnumValue(&message, &field, value);
    case FieldDescriptor::CPPTYPE_STRING: return set->SetString(&message, &field, text);
    default: FAIL() << field.full_name() << ": a kind that no catalogue has had yet";
  }
}

std::vector<std::string> FieldsOf(const std::vector<CatalogueDifference>& differences) {
  std::vector<std::string> fields;
  for (const auto& one : differences) fields.push_back(one.field);
  return fields;
}

// Whoever adds a part of the catalogue says here whose it is.
TEST(CatalogueRoles, EachPartIsSomebodysOnPurpose) {
  const std::set<std::string> marketers{"rewards"};
  // Of retention: but for the segments.
  const std::set<std::string> admins{"earning", "burn", "limits", "retention"};
  for (int i = 0; i < v1::Catalogue::descriptor()->field_count(); ++i) {
    const std::string& name = v1::Catalogue::descriptor()->field(i)->name();
    EXPECT_EQ(marketers.count(name) + admins.count(name), 1U) << name << ": say who may change it";
    EXPECT_EQ(MayChange(Role::kMarketer, name), marketers.count(name) == 1) << name;
  }
}

TEST(CatalogueRoles, AMarketerMayChangeRewardsAndSegmentsAndNothingElse) {
  std::vector<std::string> may;
  ForEachLeaf([&may](const Fields& leaf) {
    if (MayChange(Role::kMarketer, PathOf(leaf))) may.push_back(PathOf(leaf));
    EXPECT_TRUE(MayChange(Role::kAdmin, PathOf(leaf)));
    for (const Role role : kAllRoles)
      EXPECT_TRUE(role == Role::kAdmin || role == Role::kMarketer || !MayChange(role, PathOf(leaf)));
  });
  EXPECT_THAT(may,
              UnorderedElementsAre("rewards.name", "rewards.display_name", "rewards.cost_points", "rewards.value_minor",
                                   "retention.lifecycle.segments.name", "retention.lifecycle.segments.stage",
                                   "retention.lifecycle.segments.suggestion"));
  for (const char* field : {"rewards_of_partners", "reward", "retention.lifecycle.segments_max", "retention.lifecycle",
                            "retention", "tiers", ""})
    EXPECT_FALSE(MayChange(Role::kMarketer, field)) << field;
}

// Also from nothing to 0 where the default is something else: what the comparison does not see, anybody could change.
TEST(CatalogueRoles, NoDifferenceEscapesTheComparison) {
  int leaves = 0;
  ForEachLeaf([&leaves](const Fields& leaf) {
    if (leaf.back()->name() == "name") return;  // it is another item then
    ++leaves;
    const auto with = [&leaf](std::optional<int> value) {
      v1::Catalogue catalogue;
      Message& parent = Parent(catalogue, leaf);
      if (value) Set(parent, *leaf.back(), *value);
      return catalogue;
    };
    std::vector<std::pair<std::optional<int>, std::optional<int>>> steps{{std::nullopt, 1}, {1, std::nullopt}};
    if (leaf.back()->cpp_type() != FieldDescriptor::CPPTYPE_BOOL) steps.emplace_back(1, 2);
    if (leaf.back()->has_presence()) steps.insert(steps.end(), {{std::nullopt, 0}, {0, std::nullopt}, {0, 1}});
    for (const auto& [before, after] : steps)
      EXPECT_THAT(FieldsOf(DiffCatalogues(with(before), with(after))), ElementsAre(PathOf(leaf)))
          << before.value_or(-1) << " to " << after.value_or(-1);
    EXPECT_THAT(FieldsOf(DiffCatalogues(v1::Catalogue(), with(1))), Contains(PathOf(leaf)));
    EXPECT_THAT(FieldsOf(DiffCatalogues(with(1), v1::Catalogue())), Contains(PathOf(leaf)));
  });
  EXPECT_GT(leaves, 40);
}

TEST(DeniedChanges, NamesThemAllButNoMoreThanAPersonReads) {
  std::vector<CatalogueDifference> differences(40);
  for (int i = 0; i < 40; ++i) {
    auto& one = differences[static_cast<std::size_t>(i)];
    one.field = i % 4 == 0 ? "rewards.cost_points" : "limits.points_per_receipt";
    one.change.set_path("path" + std::to_string(100 + i));
  }
  DeniedChanges denied(Role::kMarketer);
  denied.Look(differences);
  denied.Look(differences);  // once is enough
  const Status refused = denied.Done();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kCatalogueNeedsAdmin);
  EXPECT_EQ(refused.error().metadata.at("count"), "30");
  const std::string& paths = refused.error().metadata.at("paths");
  EXPECT_EQ(std::count(paths.begin(), paths.end(), ','), 24);
  EXPECT_EQ(paths.substr(0, 15), "path101,path102");
  EXPECT_THAT(refused.error().message, ::testing::EndsWith("path133 and 5 more"));
  DeniedChanges admin(Role::kAdmin);
  admin.Look(differences);
  EXPECT_TRUE(admin.Done());
}

}  // namespace
}  // namespace loyalty
