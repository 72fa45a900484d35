// The difference of two catalogues, found by walking the fields, so that a new field needs no line here.
#include <google/protobuf/descriptor.h>

#include <map>

#include "domain/check.h"
#include "services/catalogue/catalogue_codec.h"

namespace loyalty {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class Differ {
 public:
  // Where it is: as callers are told, and by fields alone.
  struct At {
    std::string path, field;

    At Below(const FieldDescriptor& next) const {
      return {path.empty() ? next.name() : path + "." + next.name(),
              field.empty() ? next.name() : field + "." + next.name()};
    }
  };

  // Either side may be missing. `named` skips the field that is part of the path already.
  void Compare(const At& at, const Message* before, const Message* after, bool named) {
    const Message& any = before != nullptr ? *before : *after;
    for (int i = 0; i < any.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = any.GetDescriptor()->field(i);
      if (named && field->name() == "name") continue;
      const At below = at.Below(*field);
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        CompareValues(below, field, before, after);
      } else if (field->is_repeated()) {
        CompareNamed(below, field, before, after);
      } else {
        const Message* a = Sub(before, field);
        const Message* b = Sub(after, field);
        if (a != nullptr || b != nullptr) Compare(below, a, b, false);
      }
    }
  }
  std::vector<CatalogueDifference> Take() { return std::move(differences_); }

 private:
  static const Message* Sub(const Message* message, const FieldDescriptor* field) {
    if (message == nullptr || !message->GetReflection()->HasField(*message, field)) return nullptr;
    return &message->GetReflection()->GetMessage(*message, field);
  }

  void CompareValues(const At& at, const FieldDescriptor* field, const Message* before, const Message* after) {
    // A default value beside a missing message is no news. Where absence means something else than 0, it is told apart.
    const bool both = before != nullptr && after != nullptr && !field->has_presence();
    const std::string a = before == nullptr ? "" : Text(*before, field, both);
    const std::string b = after == nullptr ? "" : Text(*after, field, both);
    if (a == b) return;
    CatalogueDifference difference;
    difference.field = at.field;
    difference.change.set_path(at.path);
    difference.change.set_before(a);
    difference.change.set_after(b);
    differences_.push_back(std::move(difference));
  }

  // Lists of messages are sets by name.
  void CompareNamed(const At& at, const FieldDescriptor* field, const Message* before, const Message* after) {
    std::map<std::string, std::pair<const Message*, const Message*>> items;
    Collect(field, before, [&items](const std::string& name) -> const Message*& { return items[name].first; });
    Collect(field, after, [&items](const std::string& name) -> const Message*& { return items[name].second; });
    for (const auto& [name, sides] : items) Compare({name, at.field}, sides.first, sides.second, true);
  }
  template <typename Slot>
  static void Collect(const FieldDescriptor* field, const Message* message, Slot slot) {
    if (message == nullptr) return;
    const auto* name = field->message_type()->FindFieldByName("name");
    for (int i = 0; i < message->GetReflection()->FieldSize(*message, field); ++i) {
      const Message& item = message->GetReflection()->GetRepeatedMessage(*message, field, i);
      slot(item.GetReflection()->GetString(item, name)) = &item;
    }
  }

  static std::string Text(const Message& message, const FieldDescriptor* field, bool with_defaults) {
    const auto* reflection = message.GetReflection();
    if (field->is_repeated()) {
      std::string text;
      for (int i = 0; i < reflection->FieldSize(message, field); ++i)
        text += (i == 0 ? "" : ", ") + (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM
                                            ? EnumText(field, reflection->GetRepeatedEnumValue(message, field, i))
                                            : reflection->GetRepeatedString(message, field, i));
      return text;
    }
    if (!with_defaults && !reflection->HasField(message, field)) return "";
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: return std::to_string(reflection->GetInt32(message, field));
      case FieldDescriptor::CPPTYPE_INT64: return std::to_string(reflection->GetInt64(message, field));
      case FieldDescriptor::CPPTYPE_BOOL: return reflection->GetBool(message, field) ? "true" : "false";
      case FieldDescriptor::CPPTYPE_ENUM: return EnumText(field, reflection->GetEnumValue(message, field));
      case FieldDescriptor::CPPTYPE_STRING: return reflection->GetString(message, field);
      default: break;
    }
    throw BrokenPromise("a catalogue has whole numbers, flags, enums and texts only");
  }
  static std::string EnumText(const FieldDescriptor* field, int number) {
    const auto* value = field->enum_type()->FindValueByNumber(number);
    return value == nullptr ? std::to_string(number) : value->name();
  }

  std::vector<CatalogueDifference> differences_;
};

}  // namespace

std::vector<CatalogueDifference> DiffCatalogues(const v1::Catalogue& before, const v1::Catalogue& after) {
  Differ differ;
  differ.Compare({}, &before, &after, false);
  return differ.Take();
}

}  // namespace loyalty
