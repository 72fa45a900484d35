// The ledger, read: balances, entries, lots, and the proof that they agree.
#include "loyalty/v1/ledger_service.pb.h"
#include "services/codec/names.h"
#include "services/rpc/call.h"
#include "services/rpc/ledger_codec.h"
#include "services/rpc/ledger_reads.h"
#include "services/rpc/page_token.h"
#include "services/rpc/read_member.h"
#include "services/rpc/recorded_codec.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/services.h"
#include "services/rpc/start_job.h"
#include "storage/ledger_reads.h"
#include "storage/read_transaction.h"

namespace loyalty {
namespace {

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

Status GetBalance(Call& call, const v1::GetBalanceRequest& request, v1::GetBalanceResponse& response) {
  if (const Status ok = CheckMember(request.member()); !ok) return ok;
  return StartRead(call, [&call, &request, &response](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const Instant now = call.deps().clock();
    const auto member =
        ReadMember(session, *ParseMemberName("member", request.member()), request.min_member_seq(), now);
    if (!member) return member.error();
    if (!*member) return false;
    v1::MemberSnapshot sight;
    FillMemberSnapshot({"", "", "", (*member)->account.balance}, *call.snapshot, now, sight);
    response.Clear();
    *response.mutable_balance() = sight.balance();
    response.set_member_seq((*member)->account.seq);
    FillExpiring(ExpiringSoon(session, **member, now), *response.mutable_expiring_soon());
    return true;
  });
}

// Errors: kInvalidArgument.
Result<storage::EntryFilter> FilterOf(const Call& call, const v1::ListEntriesRequest& request) {
  storage::EntryFilter filter;
  if (request.types_size() > 0) filter.types = 0;
  for (const int type : request.types()) {
    if (type == v1::ENTRY_TYPE_UNSPECIFIED || !v1::EntryType_IsValid(type))
      return InvalidField("types", "unknown type");
    filter.types |= std::int64_t{1} << type;
  }
  if (request.has_start_time()) filter.start = ToInstant(request.start_time());
  if (request.has_end_time()) filter.end = ToInstant(request.end_time());
  if (filter.end <= filter.start) return InvalidField("end_time", "after start_time");
  if (!request.receipt().empty()) {
    const auto id = ParseReceiptName("receipt", request.receipt(), *call.keys);
    if (!id) return id.error();
    filter.receipt_id = *id;
  }
  return filter;
}

std::string ScopeOf(const v1::ListEntriesRequest& request, const storage::EntryFilter& filter) {
  return "entries|" + request.member() + "|" + std::to_string(filter.types) + "|" + std::to_string(filter.start) + "|" +
         std::to_string(filter.end) + "|" + request.receipt();
}

Status ListEntries(Call& call, const v1::ListEntriesRequest& request, v1::ListEntriesResponse& response) {
  if (const Status ok = CheckMember(request.member()); !ok) return ok;
  const auto filter = FilterOf(call, request);
  if (!filter) return filter.error();
  const std::string scope = ScopeOf(request, *filter);
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call,
                   [&call, &request, &response, scope, filter = *filter](storage::Session& session) -> Result<bool> {
                     const int size = *PageSize(request.page_size());
                     const std::string position = *ReadPageToken(call.deps().keys, scope, request.page_token());
                     const auto member = storage::FindMember(session, *ParseMemberName("member", request.member()));
                     if (!member) return MemberUnknown();
                     const std::int64_t before = position.empty() ? kNever : std::stoll(position);
                     auto entries = storage::ReadEntries(session, member->id, before, size + 1, filter);
                     response.Clear();
                     if (static_cast<int>(entries.size()) > size) {
                       entries.pop_back();
                       response.set_next_page_token(
                           MakePageToken(call.deps().keys, scope, std::to_string(entries.back().entry.seq)));
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
  return StartMemberJob(call, v1::JOB_KIND_VERIFY_LEDGER, request, response);
}

}  // namespace

Methods LedgerMethods() {
  return {
      Bind("loyalty.v1.LedgerService.GetBalance", GetBalance),
      Bind("loyalty.v1.LedgerService.ListEntries", ListEntries),
      Bind("loyalty.v1.LedgerService.ListLots", ListLots),
      Bind("loyalty.v1.LedgerService.GetReceipt", GetReceipt),
      Bind("loyalty.v1.LedgerService.ListReceipts", ListReceipts),
      Bind("loyalty.v1.LedgerService.GetRedemption", GetRedemption),
      Bind("loyalty.v1.LedgerService.ListRedemptions", ListRedemptions),
      Bind("loyalty.v1.LedgerService.VerifyLedger", VerifyLedger),
  };
}

}  // namespace loyalty
