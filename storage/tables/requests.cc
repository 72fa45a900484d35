#include "storage/tables/requests.h"

namespace loyalty::storage {
namespace {

constexpr std::size_t kUuidText = 36;
constexpr std::size_t kUuidBytes = 16;
constexpr std::string_view kDigits = "0123456789abcdef";

bool IsDash(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

// Its value; negative: none of kDigits. Each command's is asked for several times.
int ValueOf(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool IsUuid(std::string_view text) {
  if (text.size() != kUuidText) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (IsDash(i) ? text[i] != '-' : ValueOf(text[i]) < 0) return false;
  return true;
}

}  // namespace

Bytes PackRequestId(std::string_view text) {
  Bytes packed;
  if (!IsUuid(text)) {
    packed.value.assign(text);
    if (text.size() == kUuidBytes) packed.value += '\0';
    return packed;
  }
  packed.value.reserve(kUuidBytes);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    if (IsDash(i)) ++i;
    packed.value += static_cast<char>(ValueOf(text[i]) * 16 + ValueOf(text[i + 1]));
  }
  return packed;
}

std::string UnpackRequestId(const Bytes& packed) {
  if (packed.value.size() != kUuidBytes) {
    const bool padded = packed.value.size() == kUuidBytes + 1 && packed.value.back() == '\0';
    return packed.value.substr(0, packed.value.size() - (padded ? 1 : 0));
  }
  std::string text;
  for (const char c : packed.value) {
    if (IsDash(text.size())) text += '-';
    text += kDigits[static_cast<unsigned char>(c) >> 4U];
    text += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

const Table<CommandRow>& CommandRow::table() {
  using Row = CommandRow;
  constexpr unsigned kFact = kFixed | kSealed;
  static const Table<Row> kTable(
      {"commands", 15, Rank::kOwned},
      {Col<&Row::id>("id", kKey | kSealed), Col<&Row::kind>("kind", kFact),
       Col<&Row::member_id>("member_id", kFact | kNoneIsNull), Col<&Row::entry_seq>("entry_seq", kFact | kNoneIsNull),
       Col<&Row::entry_count>("entry_count", kFact), Col<&Row::principal_id>("principal_id", kFact),
       Col<&Row::operator_id>("operator", kFact), Col<&Row::operator_proven>("operator_proven", kFact),
       Col<&Row::approver>("approver", kFact | kNoneIsNull), Col<&Row::store_id>("store_id", kFact | kNoneIsNull),
       Col<&Row::terminal_id>("terminal_id", kFact | kNoneIsNull), Col<&Row::request_id>("request_id", kFact),
       Col<&Row::payload_hash>("payload_hash", kFact), Col<&Row::result>("result", kFact),
       Col<&Row::create_time>("create_time", kFact), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

const Table<RequestRow>& RequestRow::table() {
  using Row = RequestRow;
  static const Table<Row> kTable(
      {"requests", 16, Rank::kOwned},
      {Col<&Row::request_id>("request_id", kKey), Col<&Row::principal_id>("principal_id", kKey),
       Col<&Row::receipt_id>("receipt_id", kFixed | kNoneIsNull),
       Col<&Row::command_id>("command_id", kFixed | kNoneIsNull), Col<&Row::payload_hash>("payload_hash", kFixed),
       Col<&Row::day>("day", kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
