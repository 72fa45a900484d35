// The ledger, read: balances, entries, lots, and the proof that they agree.
#include "loyalty/v1/ledger_service.pb.h"
#include "services/codec/names.h"
#include "services/rpc/call.h"
#include "services/rpc/ledger_codec.h"
#include "services/rpc/page_token.h"
#include "services/rpc/read_member.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/services.h"
#include "storage/ledger_reads.h"
#include "storage/read_transaction.h"
#include "storage/verify.h"

namespace loyalty {
namespace {

constexpr int kExpiringMax = 5;

// The next dates, those of lots included that have become active and were not written yet.
std::vector<storage::ExpiringPoints> Expiring(storage::Session& session, const MemberNow& member, Instant now) {
  std::map<Instant, Points> dates;
  for (const auto& date : storage::ReadExpiring(session, member.row.id, now, kExpiringMax))
    dates[date.expire_time] += date.points;
  for (const Lot& lot : member.account.lots)
    if (lot.spendable() > 0 && lot.terms.expire_time != kNever && lot.terms.expire_time > now)
      dates[lot.terms.expire_time] += lot.spendable();
  std::vector<storage::ExpiringPoints> out;
  for (const auto& [time, points] : dates)
    if (static_cast<int>(out.size()) < kExpiringMax) out.push_back({time, points});
  return out;
}

// The lots of a page as of now: stored rows, with those in place that time has changed.
class LotPages {
 public:
  LotPages(storage::Session& session, const MemberNow& member) : session_(session), member_(member) {}

  // Open ones, up to `size` after `position`, which moves along. True: there are more.
  bool ReadOpen(storage::LotPosition& position, int size, std::vector<storage::LotRecord>& out) const {
    while (true) {
      const int limit = size + 1;
      auto rows = storage::ReadOpenLots(session_, member_.row.id, position, limit);
      for (auto& row : rows) {
        const storage::LotPosition at{row.lot.terms.expire_time, row.lot.terms.activate_time, row.lot.seq};
        BringToNow(row.lot);
        if (row.lot.state == LotState::kPending || row.lot.state == LotState::kActive) {
          if (static_cast<int>(out.size()) == size) return true;
          out.push_back(row);
        }
        position = at;
      }
      if (static_cast<int>(rows.size()) < limit) return false;
    }
  }

  // All that there ever were, newest first, below `before`.
  bool ReadAll(std::int64_t before, int size, std::vector<storage::LotRecord>& out) const {
    out = storage::ReadAllLots(session_, member_.row.id, before, size + 1);
    const bool more = static_cast<int>(out.size()) > size;
    if (more) out.pop_back();
    for (auto& row : out) BringToNow(row.lot);
    return more;
  }

 private:
  void BringToNow(Lot& stored) const {
    for (const Lot& lot : member_.account.lots)
      if (lot.seq == stored.seq) stored = lot;
  }

  storage::Session& session_;
  const MemberNow& member_;
};

Status CheckMember(const std::string& name) {
  if (const auto id = ParseMemberName("member", name); !id) return id.error();
  return Ok{};
}

template <typename Request>
Status CheckMemberPage(const Call& call, const Request& request, const std::string& scope) {
  if (const Status ok = CheckMember(request.member()); !ok) return ok;
  return CheckPage(request, call.deps().keys, scope);
}

Status Verify(const Call& call, const v1::VerifyLedgerRequest& request, v1::VerifyLedgerResponse& response,
              storage::Session& session) {
  const auto only = MemberOrAll(session, request.member());
  if (!only) return only.error();
  const auto progress = [&call](const storage::VerifyReport&) { return !call.IsCancelled(); };
  const storage::VerifyReport report = storage::VerifyLedger(session, call.deps().keys, *only, {}, progress);
  response.set_members(report.members);
  response.set_entries(report.entries);
  response.set_lots(report.lots);
  response.set_receipts(report.receipts);
  response.set_consistent(report.first_difference.empty());
  response.set_first_difference(report.first_difference);
  return Ok{};
}

Status GetBalance(Call& call, const v1::GetBalanceRequest& request, v1::GetBalanceResponse& response) {
  if (const Status ok = CheckMember(request.member()); !ok) return ok;
  return StartRead(call, [&call, &request, &response](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const Instant now = call.deps().clock();
    const auto member =
        ReadMember(session, *ParseMemberName("member", request.member()), request.min_member_seq(), now);
    if (!member) return member.error();
    if (!*member) return false;
    v1::MemberView sight;
    FillMemberView({"", "", "", (*member)->account.balance, {}, {}}, *call.snapshot, now, sight);
    response.Clear();
    *response.mutable_balance() = sight.balance();
    response.set_member_seq((*member)->account.seq);
    for (const auto& date : Expiring(session, **member, now)) {
      auto* expiring = response.add_expiring_soon();
      *expiring->mutable_expire_time() = ToTimestamp(date.expire_time);
      expiring->set_points(date.points);
    }
    return true;
  });
}

Status ListEntries(Call& call, const v1::ListEntriesRequest& request, v1::ListEntriesResponse& response) {
  const std::string scope = "entries|" + request.member();
  if (const Status ok = CheckMemberPage(call, request, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope](storage::Session& session) -> Result<bool> {
    const int size = *PageSize(request.page_size());
    const std::string position = *ReadPageToken(call.deps().keys, scope, request.page_token());
    const auto member = storage::FindMember(session, *ParseMemberName("member", request.member()));
    if (!member) return MemberUnknown();
    const std::int64_t before = position.empty() ? kNever : std::stoll(position);
    auto entries = storage::ReadEntries(session, member->id, before, size + 1);
    response.Clear();
    if (static_cast<int>(entries.size()) > size) {
      entries.pop_back();
      response.set_next_page_token(MakePageToken(call.deps().keys, scope, std::to_string(entries.back().entry.seq)));
    }
    for (const auto& entry : entries)
      *response.add_entries() = EntryMessage(request.member(), entry, *call.snapshot, *call.keys);
    return true;
  });
}

Status ListLots(Call& call, const v1::ListLotsRequest& request, v1::ListLotsResponse& response) {
  const std::string scope = (request.include_closed() ? "lots|all|" : "lots|open|") + request.member();
  if (const Status ok = CheckMemberPage(call, request, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const auto member = ReadMember(session, *ParseMemberName("member", request.member()), 0, call.deps().clock());
    if (!member) return member.error();
    const std::string token = *ReadPageToken(call.deps().keys, scope, request.page_token());
    const int size = *PageSize(request.page_size());
    std::vector<storage::LotRecord> lots;
    const LotPages pages(session, **member);
    std::string next;
    if (request.include_closed()) {
      if (pages.ReadAll(token.empty() ? kNever : std::stoll(token), size, lots))
        next = std::to_string(lots.back().lot.seq);
    } else {
      storage::LotPosition position = ParseLotPosition(token);
      if (pages.ReadOpen(position, size, lots)) next = LotPositionText(position);
    }
    response.Clear();
    for (const auto& lot : lots) *response.add_lots() = LotMessage(request.member(), lot);
    if (!next.empty()) response.set_next_page_token(MakePageToken(call.deps().keys, scope, next));
    return true;
  });
}

Status VerifyLedger(Call& call, const v1::VerifyLedgerRequest& request, v1::VerifyLedgerResponse& response) {
  if (!request.member().empty())
    if (const Status ok = CheckMember(request.member()); !ok) return ok;
  return StartLongRead(call, [&](storage::Session& session) { return Verify(call, request, response, session); });
}

}  // namespace

Methods LedgerMethods() {
  return {
      Bind("loyalty.v1.LedgerService.GetBalance", GetBalance),
      Bind("loyalty.v1.LedgerService.ListEntries", ListEntries),
      Bind("loyalty.v1.LedgerService.ListLots", ListLots),
      Bind("loyalty.v1.LedgerService.VerifyLedger", VerifyLedger),
  };
}

}  // namespace loyalty
