#include "tests/fuzz/vocabulary.h"

#include <algorithm>

namespace loyalty::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kTextsOfAField = 24;
constexpr std::size_t kTextMax = 200;  // longer ones are the mutator's own inventions

// Fields that hold the same kind of value under several names.
std::string KindOf(const std::string& field, const std::string& text) {
  if (field == "next_page_token") return "page_token";
  if (text.find("/redemptions/") != std::string::npos) return "redemption";
  if (text.find("/terminals/") != std::string::npos) return "terminal";
  if (text.rfind("members/", 0) == 0) return text.find('/', 8) == std::string::npos ? "member" : "below";
  if (text.rfind("stores/", 0) == 0) return "store";
  if (text.rfind("rewards/", 0) == 0) return "reward";
  if (text.rfind("operators/", 0) == 0) return "operator";
  if (text.rfind("alerts/", 0) == 0) return "alert";
  if (text.rfind("retentionRuns/", 0) == 0) return "run";
  return field;
}

}  // namespace

void Vocabulary::Add(const std::string& field, const std::string& text) {
  if (text.empty() || text.size() > kTextMax) return;
  auto& texts = texts_[KindOf(field, text)];
  if (std::find(texts.begin(), texts.end(), text) != texts.end()) return;
  if (texts.size() == kTextsOfAField) texts.pop_front();
  texts.push_back(text);
}

void Vocabulary::Learn(const Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? std::min(reflection.FieldSize(message, field), 4) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        Add(field->name(), field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                                : reflection.GetString(message, field));
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
        Learn(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                   : reflection.GetMessage(message, field));
    }
  }
}

std::string Vocabulary::Draw(const std::string& field, Chance& chance) const {
  if (texts_.empty()) return {};
  auto at = texts_.find(field);
  // `name` is a member's or a store's; and now and then something belongs to another field.
  if (field == "name") at = texts_.find(chance.OneIn(2) ? "member" : "store");
  if (at == texts_.end() || chance.OneIn(8))
    at = std::next(texts_.begin(), static_cast<std::ptrdiff_t>(chance.Below(texts_.size())));
  return chance.OneOf(at->second);
}

}  // namespace loyalty::fuzz
