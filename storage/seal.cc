#include "storage/seal.h"

#include <sodium.h>

#include <charconv>
#include <vector>

#include "storage/ids.h"
#include "storage/read_table.h"

namespace loyalty::storage {
namespace {

constexpr std::string_view kForm = "1";
constexpr unsigned char kHashEncoding = 1;

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> NumberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<Bytes> BytesOf(std::string_view hex) {
  Bytes bytes{std::string(hex.size() / 2, '\0')};
  std::size_t size = 0;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.value.data()), bytes.value.size(), hex.data(), hex.size(),
                     nullptr, &size, nullptr) != 0 ||
      size * 2 != hex.size())
    return std::nullopt;
  return bytes;
}

}  // namespace

void SealBuilder::Add(const SealRow& block) {
  if (!block.closed) {
    AddAsOpen(block.first_id, block.sealed_rows, block.head);
    return;
  }
  closed_.Add(block.first_id);
  closed_.Add(block.sealed_rows);
  closed_.Add(block.head.value);
}

ProgramSeal SealBuilder::Finish(std::int64_t next_id) {
  seal_.next_id = next_id;
  seal_.closed = Stamped(kHashEncoding, key_id_, closed_.Finish());
  return seal_;
}

ProgramSeal ReadSeal(Session& session, const ProgramKeys& keys) {
  SealBuilder builder(keys.current);
  const std::int64_t next_id = ReadNextId(session);
  for (const SealRow& block : ReadRows<SealRow>(session, " ORDER BY first_id")) builder.Add(block);
  return builder.Finish(next_id);
}

std::string SealText(const ProgramSeal& seal) {
  std::string text = std::string(kForm) + "." + std::to_string(seal.next_id) + "." + Hex(seal.closed);
  for (const auto& [first_id, block] : seal.open)
    text += "." + std::to_string(first_id) + "-" + std::to_string(block.rows) + "-" + Hex(block.head);
  return text;
}

std::optional<ProgramSeal> ParseSeal(std::string_view text) {
  const auto parts = Split(text, '.');
  if (parts.size() < 3 || parts[0] != kForm) return std::nullopt;
  const auto next_id = NumberOf(parts[1]);
  const auto closed = BytesOf(parts[2]);
  if (!next_id || !closed || closed->value.size() != kStampBytes + Digest::kBytes) return std::nullopt;
  ProgramSeal seal{*next_id, *closed, {}};
  for (std::size_t i = 3; i < parts.size(); ++i) {
    const auto block = Split(parts[i], '-');
    if (block.size() != 3) return std::nullopt;
    const auto first_id = NumberOf(block[0]), rows = NumberOf(block[1]);
    const auto head = BytesOf(block[2]);
    if (!first_id || !rows || !head) return std::nullopt;
    seal.open[*first_id] = {*rows, *head};
  }
  return seal;
}

}  // namespace loyalty::storage
