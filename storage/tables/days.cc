#include "storage/tables/days.h"

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::MemberDay;

void Append(std::string& out, std::int64_t number) {
  auto bits = (static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63U);
  for (; bits >= 0x80; bits >>= 7U) out += static_cast<char>(bits | 0x80U);
  out += static_cast<char>(bits);
}

// 0 behind the end.
std::int64_t Take(std::string_view& in) {
  std::uint64_t bits = 0;
  for (unsigned shift = 0; !in.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    bits |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) break;
  }
  return static_cast<std::int64_t>(bits >> 1U) ^ -static_cast<std::int64_t>(bits & 1U);
}

}  // namespace

Bytes PackDays(const std::vector<MemberDay>& days) {
  Bytes packed;
  Day before = 0;
  for (const MemberDay& day : days) {
    Append(packed.value, std::int64_t{day.day} - before);
    for (const std::int64_t number : {day.amount, day.discount, day.receipts}) Append(packed.value, number);
    before = day.day;
  }
  return packed;
}

std::vector<MemberDay> UnpackDays(std::string_view packed) {
  std::vector<MemberDay> days;
  Day before = 0;
  while (!packed.empty()) {
    MemberDay& day = days.emplace_back();
    day.day = before += static_cast<Day>(Take(packed));
    day.amount = Take(packed);
    day.discount = Take(packed);
    day.receipts = Take(packed);
  }
  return days;
}

const Table<MemberDayRow>& MemberDayRow::table() {
  static const Table<MemberDayRow> kTable(
      {"member_day", 2, Rank::kOwned},
      {Col<&MemberDayRow::member_id>("member_id", kKey), Col<&MemberDayRow::day, &MemberDay::day>("day", kKey),
       Col<&MemberDayRow::day, &MemberDay::amount>("amount"), Col<&MemberDayRow::day, &MemberDay::discount>("discount"),
       Col<&MemberDayRow::day, &MemberDay::receipts>("receipts")});
  return kTable;
}

const Table<DayNeighboursRow>& DayNeighboursRow::table() {
  static const Table<DayNeighboursRow> kTable(
      {"member_day", 0, Rank::kNone},
      {Col<&DayNeighboursRow::member_id>("member_id", kKey), Col<&DayNeighboursRow::day>("day", kKey),
       Col<&DayNeighboursRow::before>("day_before"), Col<&DayNeighboursRow::after>("day_after")},
      "SELECT v.member_id, v.day, "
      "(SELECT MAX(b.day) FROM member_day b WHERE b.member_id = v.member_id AND b.day < v.day AND b.receipts > 0) "
      "AS day_before, "
      "(SELECT MIN(a.day) FROM member_day a WHERE a.member_id = v.member_id AND a.day > v.day AND a.receipts > 0) "
      "AS day_after FROM (SELECT ? AS member_id, ? AS day) v");
  return kTable;
}

}  // namespace loyalty::storage
