// Receipts, read back.
#include "services/codec/names.h"
#include "services/rpc/ledger_reads.h"
#include "services/rpc/page_token.h"
#include "services/rpc/read_member.h"
#include "services/rpc/recorded_codec.h"
#include "storage/names.h"
#include "storage/read_transaction.h"

namespace loyalty {
namespace {

Error ReceiptUnknown() { return {Reason::kReceiptUnknown, "there is no such receipt", {{"field", "name"}}}; }

Error OtherPlace(const char* field) {
  return {Reason::kPermissionDenied, "this key may name its own place only", {{"field", field}}};
}

// Whether the caller may see what a terminal of this id has sent: its own store's, or everybody's.
bool MaySee(const Call& call, std::int64_t terminal_id) {
  return call.caller.store_id == 0 || call.snapshot->StoreOf(terminal_id) == call.caller.store_id;
}

std::string MemberName(const std::map<std::int64_t, std::int64_t>& public_ids, std::int64_t member_id) {
  const auto at = public_ids.find(member_id);
  return at == public_ids.end() ? std::string() : "members/" + storage::PublicName(at->second);
}

// What receipts are listed of.
struct Asked {
  std::optional<std::int64_t> member;  // public id
  std::vector<storage::Numbering> numberings;
  Day day = 0;
};

void AddNumberings(const TerminalInfo& terminal, std::vector<storage::Numbering>& out) {
  const int first = terminal.epochs.empty() ? terminal.epoch : terminal.epochs.front().epoch - 1;
  for (int epoch = first; epoch <= terminal.epoch; ++epoch) out.push_back({terminal.id, epoch});
}

// Errors: kInvalidArgument, kTerminalUnknown, kStoreUnknown, kPermissionDenied.
Result<Asked> OfTerminal(const Call& call, const std::string& name) {
  if (const auto parts = ParseTerminalName("terminal", name); !parts) return parts.error();
  const auto terminal = call.snapshot->terminals.find(name);
  if (terminal == call.snapshot->terminals.end())
    return Error{Reason::kTerminalUnknown, "there is no such terminal", {{"field", "terminal"}}};
  const bool is_other = call.caller.terminal_id != 0 && call.caller.terminal_id != terminal->second.id;
  if (is_other || !MaySee(call, terminal->second.id)) return OtherPlace("terminal");
  Asked asked;
  AddNumberings(terminal->second, asked.numberings);
  return asked;
}

Result<Asked> OfStore(const Call& call, const std::string& store_name) {
  const auto name = ParseStoreName("store", store_name);
  if (!name) return name.error();
  const auto store = call.snapshot->stores.find(*name);
  if (store == call.snapshot->stores.end())
    return Error{Reason::kStoreUnknown, "there is no such store", {{"field", "store"}}};
  if (call.caller.store_id != 0 && call.caller.store_id != store->second.id) return OtherPlace("store");
  Asked asked;
  for (const auto& [terminal_name, terminal] : call.snapshot->terminals)
    if (terminal.store_id == store->second.id) AddNumberings(terminal, asked.numberings);
  return asked;
}

Result<Asked> ToAsked(const Call& call, const v1::ListReceiptsRequest& request) {
  const int named =
      (request.member().empty() ? 0 : 1) + (request.store().empty() ? 0 : 1) + (request.terminal().empty() ? 0 : 1);
  if (named != 1) return InvalidField("member", "exactly one of member, store and terminal");
  if (!request.member().empty()) {
    const auto member = ParseMemberName("member", request.member());
    if (!member) return member.error();
    if (!request.business_date().empty()) return InvalidField("business_date", "with a store or a terminal only");
    Asked asked;
    asked.member = *member;
    return asked;
  }
  auto asked = request.store().empty() ? OfTerminal(call, request.terminal()) : OfStore(call, request.store());
  if (!asked) return asked.error();
  const auto day = ParseDay(request.business_date());
  if (!day) return InvalidField("business_date", "a day: YYYY-MM-DD");
  asked->day = *day;
  return asked;
}

// A page of rows as messages; `position(row)`: where the next page begins.
template <typename Position>
void FillPage(const Call& call, storage::Session& session, std::vector<storage::ReceiptRow> rows, int size,
              const std::string& scope, const Position& position, v1::ListReceiptsResponse& response) {
  response.Clear();
  if (static_cast<int>(rows.size()) > size) {
    rows.pop_back();
    response.set_next_page_token(MakePageToken(call.deps().keys, scope, std::to_string(position(rows.back()))));
  }
  std::vector<std::int64_t> members;
  for (const auto& row : rows)
    if (row.member_id != 0) members.push_back(row.member_id);
  const auto public_ids = storage::ReadPublicIds(session, members);
  for (const auto& row : rows)
    if (MaySee(call, row.terminal_id))
      *response.add_receipts() = ReceiptMessage(row, MemberName(public_ids, row.member_id), *call.snapshot, *call.keys);
}

}  // namespace

Status GetReceipt(Call& call, const v1::GetReceiptRequest& request, v1::GetReceiptResponse& response) {
  const auto named = ParseReceiptName("name", request.name(), *call.keys);
  if (!named) return named.error();
  return StartRead(call, [&call, &response, id = *named](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const auto row = storage::FindReceipt(session, id);
    if (!row || !MaySee(call, row->terminal_id)) return ReceiptUnknown();
    const auto public_ids = storage::ReadPublicIds(session, {row->member_id});
    v1::RecordedReceipt receipt =
        ReceiptMessage(*row, MemberName(public_ids, row->member_id), *call.snapshot, *call.keys);
    FillParts(*row, storage::ReadReceiptLines(session, id), *receipt.mutable_receipt());
    *response.mutable_receipt() = std::move(receipt);
    return true;
  });
}

Status ListReceipts(Call& call, const v1::ListReceiptsRequest& request, v1::ListReceiptsResponse& response) {
  const auto asked = ToAsked(call, request);
  if (!asked) return asked.error();
  const std::string scope =
      "receipts|" + request.member() + "|" + request.store() + "|" + request.terminal() + "|" + request.business_date();
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(
      call, [&call, &request, &response, scope, asked = *asked](storage::Session& session) -> Result<bool> {
        const storage::ReadTransaction transaction(session);
        const int size = *PageSize(request.page_size());
        const std::string position = *ReadPageToken(call.deps().keys, scope, request.page_token());
        if (!asked.member) {
          const std::int64_t after = position.empty() ? 0 : std::stoll(position);
          FillPage(
              call, session, storage::ReadReceiptsOfDay(session, asked.numberings, asked.day, after, size + 1), size,
              scope, [](const auto& row) { return row.id; }, response);
          return true;
        }
        const auto member = storage::FindMember(session, *asked.member);
        if (!member) return MemberUnknown();
        const std::int64_t before = position.empty() ? kNever : std::stoll(position);
        FillPage(
            call, session, storage::ReadReceiptsOf(session, member->id, before, size + 1), size, scope,
            [](const auto& row) { return row.entry_seq; }, response);
        return true;
      });
}

}  // namespace loyalty
