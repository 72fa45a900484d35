#include "storage/tables/members.h"

#include <algorithm>

#include "storage/tables/days.h"

namespace loyalty::storage {
namespace {

using retention::LifecycleState;
using retention::MemberSummary;
using retention::Standing;

constexpr int kYearBits = 16;
constexpr std::int64_t kYearsMax = (1 << (kYearBits - 1)) - 1;

std::int64_t YearsOf(const MemberRow& row) { return PackYears(row.summary); }
void SetYears(MemberRow& row, std::int64_t packed) { UnpackYears(packed, row.summary); }

template <std::size_t Quarter>
std::int64_t AmountOf(const MemberRow& row) {
  return row.summary.quarter_amount[Quarter];
}
template <std::size_t Quarter>
void SetAmount(MemberRow& row, std::int64_t amount) {
  row.summary.quarter_amount[Quarter] = amount;
}
template <std::size_t Quarter>
constexpr Column<MemberRow> QuarterAmount(const char* name) {
  return Computed<AmountOf<Quarter>, SetAmount<Quarter>, MemberRow>(name);
}

Column<MemberRow> RecentDays() {
  return {"recent_days",
          kPlain,
          Type::kBytes,
          [](const MemberRow& row) { return Cell(PackDays(row.recent_days)); },
          [](MemberRow& row, const ResultRow& from, std::size_t column) {
            row.recent_days = UnpackDays(from.Text(column));
          },
          [](const MemberRow& a, const MemberRow& b) { return a.recent_days == b.recent_days; }};
}

template <auto Member>
constexpr auto Summary(const char* name, unsigned traits = kPlain) {
  return Col<&MemberRow::summary, Member>(name, traits);
}
template <auto Member>
constexpr auto OfStanding(const char* name) {
  return Col<&MemberRow::lifecycle, &LifecycleState::standing, Member>(name, kSealed | kSeldom);
}

}  // namespace

std::int64_t PackYears(const MemberSummary& summary) {
  std::int64_t packed = 0;
  for (std::size_t i = summary.quarter_years.size(); i-- > 0;)
    packed = (packed << kYearBits) | std::min(summary.quarter_years[i], kYearsMax);
  return packed;
}

void UnpackYears(std::int64_t packed, MemberSummary& summary) {
  for (std::int64_t& years : summary.quarter_years) {
    years = packed & kYearsMax;
    packed >>= kYearBits;
  }
}

const Table<MemberRow>& MemberRow::table() {
  static const Table<MemberRow> kTable(
      {"members", 1, Rank::kMember},
      {Col<&MemberRow::id>("id", kKey | kSealed),
       Col<&MemberRow::public_id>("public_id", kFixed | kSealed),
       Col<&MemberRow::state>("state", kAlone | kSealed),
       Col<&MemberRow::anonymous>("anonymous", kAlone | kSealed),
       Col<&MemberRow::language>("language", kAlone | kSealed),
       Col<&MemberRow::greeting>("greeting", kAlone | kNoneIsNull),
       Col<&MemberRow::birthday>("birthday", kAlone),
       Col<&MemberRow::store_id>("store_id", kAlone | kSealed | kNoneIsNull),
       Col<&MemberRow::merged_into>("merged_into", kAlone | kSealed | kNoneIsNull),
       Col<&MemberRow::create_time>("create_time", kFixed | kSealed),
       Col<&MemberRow::created_by>("created_by", kFixed | kSealed),
       Col<&MemberRow::balance, &Balances::available>("available"),
       Col<&MemberRow::balance, &Balances::pending>("pending", kSeldom),
       Col<&MemberRow::balance, &Balances::held>("held", kSeldom),
       Col<&MemberRow::balance, &Balances::debt>("debt", kSeldom),
       Col<&MemberRow::next_due_time>("next_due_time"),
       Col<&MemberRow::seq>("member_seq"),
       Col<&MemberRow::record_time>("record_time"),
       Col<&MemberRow::version>("version", kVersion),
       Col<&MemberRow::chain_head>("chain_head"),
       Summary<&MemberSummary::first_day>("first_day", kSeldom),
       Summary<&MemberSummary::last_day>("last_day"),
       Summary<&MemberSummary::days>("days"),
       Summary<&MemberSummary::receipts>("receipts"),
       Summary<&MemberSummary::amount>("amount"),
       Summary<&MemberSummary::discount>("discount"),
       Summary<&MemberSummary::first_day_amount>("first_day_amount", kSeldom),
       Summary<&MemberSummary::last_day_amount>("last_day_amount"),
       Summary<&MemberSummary::sum_gap_squared>("sum_gap_squared"),
       Summary<&MemberSummary::sum_ln_gap>("sum_ln_gap"),
       QuarterAmount<0>("q1_amount"),
       QuarterAmount<1>("q2_amount"),
       QuarterAmount<2>("q3_amount"),
       QuarterAmount<3>("q4_amount"),
       Computed<YearsOf, SetYears, MemberRow>("quarter_years"),
       Col<&MemberRow::unlinked_returns>("unlinked_returns", kSeldom),
       RecentDays(),
       OfStanding<&Standing::stage>("stage"),
       OfStanding<&Standing::segment>("segment"),
       OfStanding<&Standing::lost>("lost_stage"),
       Col<&MemberRow::lifecycle, &LifecycleState::rule>("rule", kSealed | kSeldom),
       Col<&MemberRow::lifecycle, &LifecycleState::since_day>("since_day", kSealed | kSeldom),
       Col<&MemberRow::lifecycle, &LifecycleState::retained>("retained", kSealed | kSeldom),
       Col<&MemberRow::transitions>("transitions", kSealed | kSeldom),
       Col<&MemberRow::lifecycle, &LifecycleState::due_day>("due_day", kAlone),
       Col<&MemberRow::seal>("seal", kSeal | kSeldom)});
  return kTable;
}

const Table<MemberNameRow>& MemberNameRow::table() {
  static const Table<MemberNameRow> kTable(
      {"members", 0, Rank::kNone},
      {Col<&MemberNameRow::public_id>("public_id", kKey | kFixed), Col<&MemberNameRow::id>("id", kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
