#include "tests/fuzz/mutator.h"

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>

#include "tests/fuzz/interesting.h"
#include "tests/fuzz/seeds.h"

namespace loyalty::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::int64_t Number(std::int64_t before, Chance& chance) {
  switch (chance.Below(4)) {
    case 0: return static_cast<std::int64_t>(static_cast<std::uint64_t>(before) + chance.Below(3) - 1);
    case 1: return static_cast<std::int64_t>(static_cast<std::uint64_t>(before) ^ (1ULL << chance.Below(64)));
    case 2: return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(before));
    default: return InterestingNumber(chance);
  }
}

// Every message in it, itself included.
void Collect(Message& message, std::vector<Message*>& all) {
  all.push_back(&message);
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Collect(*reflection.MutableMessage(&message, field), all);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i)
      Collect(*reflection.MutableRepeatedMessage(&message, field, i), all);
  }
}

// Most requests are new ones of today: an old id, number or time would be all that is ever looked at.
void Refresh(Message& message, Instant now, Chance& chance) {
  std::vector<Message*> all;
  Collect(message, all);
  for (Message* part : all) {
    const Reflection& reflection = *part->GetReflection();
    for (const char* name : {"request_id", "receipt_no", "transaction_no"}) {
      const FieldDescriptor* field = part->GetDescriptor()->FindFieldByName(name);
      if (field == nullptr || chance.OneIn(4)) continue;
      const std::string text = reflection.GetString(*part, field);
      if (!text.empty() && text.size() <= 64)
        reflection.SetString(part, field, "fuzz-" + std::to_string(chance.Bits()));
    }
    const FieldDescriptor* time = part->GetDescriptor()->FindFieldByName("business_time");
    if (time == nullptr || !reflection.HasField(*part, time) || !chance.OneIn(2)) continue;
    auto* at = dynamic_cast<google::protobuf::Timestamp*>(reflection.MutableMessage(part, time));
    at->set_seconds(now / kSecond - static_cast<std::int64_t>(chance.Below(3) * 86'400));
  }
}

// What a parser meets and no sender of ours writes.
void AddOddBytes(std::string& bytes, Chance& chance) {
  switch (chance.Below(4)) {
    case 0: bytes += bytes; break;                                   // every field twice
    case 1: bytes += std::string("\xA2\x06\x03", 3) + "odd"; break;  // field 100, which nobody knows
    case 2: bytes.append(chance.OneOf(std::to_array<std::size_t>({50, 99, 101, 5'000})), '\xA3'); break;  // deep groups
    default: bytes += std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10); break;  // a tag too large
  }
}

}  // namespace

std::string Mutator::Text(const FieldDescriptor& field, std::string before, Chance& chance) const {
  switch (chance.Below(8)) {
    case 0:
    case 1:
    case 2:
    case 3: return vocabulary_.Draw(field.name(), chance);
    case 4: {
      MutateBytesPlainly(before, before.size() + 8, chance);
      return before;
    }
    case 5: return before.insert(chance.Below(before.size() + 1), InterestingText(chance));
    case 6:  // new, of the right shape for what callers choose themselves
      return before.substr(0, 12) + "-" + std::to_string(chance.Bits());
    default: return InterestingText(chance);
  }
}

void Mutator::MutateField(Message& message, const FieldDescriptor& field, Instant now, Chance& chance) const {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return MutateList(message, field, now, chance);
  if (reflection.HasField(message, &field) && chance.OneIn(8)) return reflection.ClearField(&message, &field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field,
                                 static_cast<std::int32_t>(Number(reflection.GetInt32(message, &field), chance)));
    case FieldDescriptor::CPPTYPE_INT64: {
      const bool is_time = message.GetDescriptor() == google::protobuf::Timestamp::descriptor();
      return reflection.SetInt64(
          &message, &field,
          is_time ? InterestingSeconds(chance, now) : Number(reflection.GetInt64(message, &field), chance));
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, !reflection.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(
          &message, &field,
          chance.OneIn(4) ? static_cast<int>(InterestingNumber(chance)) : static_cast<int>(chance.Below(10)));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&message, &field, Text(field, reflection.GetString(message, &field), chance));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MutateMessage(*reflection.MutableMessage(&message, &field), now, chance);
    default: return reflection.ClearField(&message, &field);  // the API has no other types
  }
}

void Mutator::MutateList(Message& message, const FieldDescriptor& field, Instant now, Chance& chance) const {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  const auto any = [&] { return static_cast<int>(chance.Below(static_cast<std::size_t>(size))); };
  if (size > 1 && chance.OneIn(4)) return reflection.SwapElements(&message, &field, any(), any());
  if (size > 0 && chance.OneIn(4)) return reflection.RemoveLast(&message, &field);
  // More of the last one: once, or so many that a limit is reached.
  constexpr int kTimes[] = {1, 1, 1, 1, 1, 1, 1, 1, 10, 21, 501};
  for (int times = chance.OneOf(kTimes); times > 0; --times) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        reflection.AddString(&message, &field, vocabulary_.Draw(field.name(), chance));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection.AddEnumValue(&message, &field, static_cast<int>(chance.Below(10)));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        Message& added = *reflection.AddMessage(&message, &field);
        if (size > 0) added.CopyFrom(reflection.GetRepeatedMessage(message, &field, size - 1));
        if (times == 1) MutateMessage(added, now, chance);
        break;
      }
      default: return;  // the API has no other lists
    }
  }
}

void Mutator::MutateMessage(Message& message, Instant now, Chance& chance) const {
  const auto& descriptor = *message.GetDescriptor();
  if (descriptor.field_count() == 0) return;
  MutateField(message,
              *descriptor.field(static_cast<int>(chance.Below(static_cast<std::size_t>(descriptor.field_count())))),
              now, chance);
}

Input Mutator::Mutate(Input input, std::size_t max, Instant now, bool fixed_method, Chance& chance,
                      const MutateBytes& mutate_bytes) const {
  const Input before = input;
  if (chance.OneIn(12)) {
    const std::uint8_t method = fixed_method ? input.method : static_cast<std::uint8_t>(chance.Below(Methods().size()));
    input = Seed(method, vocabulary_, now, chance);
  }
  if (chance.OneIn(8)) input.caller = static_cast<std::uint8_t>(chance.Bits());
  input.pause = chance.OneIn(64) ? static_cast<std::uint8_t>(251 + chance.Below(5)) : std::uint8_t{0};
  if (chance.OneIn(16)) {
    mutate_bytes(input.message, max - 3, chance);
    return input;
  }
  const std::unique_ptr<Message> message(input.target().request->New());
  (void)message->ParsePartialFromString(input.message);  // as far as it goes
  for (std::size_t times = chance.OneIn(2) ? 1 : 1 + chance.Below(4); times > 0; --times) {
    std::vector<Message*> all;
    Collect(*message, all);
    MutateMessage(*all[chance.Below(all.size())], now, chance);
  }
  Refresh(*message, now, chance);
  input.message.clear();
  message->SerializePartialToString(&input.message);
  if (chance.OneIn(32)) AddOddBytes(input.message, chance);
  return input.message.size() + 3 > max ? before : input;
}

Input Mutator::Cross(Input first, const Input& second, Chance& chance) const {
  if (&first.target() != &second.target()) {
    first.caller = second.caller;
    return first;
  }
  const std::unique_ptr<Message> one(first.target().request->New()), two(first.target().request->New());
  (void)one->ParsePartialFromString(first.message);
  (void)two->ParsePartialFromString(second.message);
  const auto& descriptor = *one->GetDescriptor();
  std::vector<const FieldDescriptor*> swapped;
  for (int i = 0; i < descriptor.field_count(); ++i)
    if (descriptor.field(i)->real_containing_oneof() == nullptr && chance.OneIn(2))
      swapped.push_back(descriptor.field(i));
  one->GetReflection()->SwapFields(one.get(), two.get(), swapped);
  one->SerializePartialToString(&first.message);
  return first;
}

void MutateBytesPlainly(std::string& bytes, std::size_t max, Chance& chance) {
  const std::size_t at = chance.Below(bytes.size() + 1);
  const std::size_t length = chance.Below(8) + 1;
  switch (chance.Below(4)) {
    case 0:
      if (at < bytes.size())
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << chance.Below(8)));
      break;
    case 1:
      if (at < bytes.size()) bytes[at] = static_cast<char>(chance.Bits());
      break;
    case 2: bytes.erase(at, length); break;
    default:
      for (std::size_t i = 0; i < length; ++i) bytes.insert(at, 1, static_cast<char>(chance.Bits()));
      break;
  }
  if (bytes.size() > max) bytes.resize(max);
}

}  // namespace loyalty::fuzz
