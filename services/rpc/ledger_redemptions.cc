// Redemptions, read back.
#include "services/codec/names.h"
#include "services/rpc/ledger_reads.h"
#include "services/rpc/page_token.h"
#include "services/rpc/read_member.h"
#include "services/rpc/recorded_codec.h"
#include "storage/names.h"
#include "storage/read_transaction.h"

namespace loyalty {

Status GetRedemption(Call& call, const v1::GetRedemptionRequest& request, v1::GetRedemptionResponse& response) {
  const auto name = ParseRedemptionName(request.name());
  if (!name) return InvalidField("name", "a name as members/{member}/redemptions/{redemption}");
  const std::int64_t id = Reveal(call.keys->names, NameOf::kRedemption, name->second);
  return StartRead(call, [&call, &response, id, public_id = name->first](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const auto member = storage::FindMember(session, public_id);
    const auto row = storage::FindRedemption(session, id);
    if (!member || !row || row->member_id != member->id)
      return Error{Reason::kRedemptionUnknown, "there is no such redemption", {{"field", "name"}}};
    v1::Redemption redemption =
        RedemptionMessage(*row, "members/" + storage::PublicName(public_id), *call.snapshot, *call.keys);
    FillShares(storage::ReadShares(session, id), redemption);
    redemption.set_principal(storage::ReadAskers(session, {row->command_id})[row->command_id]);
    *response.mutable_redemption() = std::move(redemption);
    return true;
  });
}

Status ListRedemptions(Call& call, const v1::ListRedemptionsRequest& request, v1::ListRedemptionsResponse& response) {
  const auto name = ParseMemberName("member", request.member());
  if (!name) return name.error();
  const std::string scope = "redemptions|" + request.member();
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call,
                   [&call, &request, &response, scope, public_id = *name](storage::Session& session) -> Result<bool> {
                     const storage::ReadTransaction transaction(session);
                     const auto member = storage::FindMember(session, public_id);
                     if (!member) return MemberUnknown();
                     std::map<std::int64_t, std::string> askers;
                     const auto read = [&](std::int64_t before, int limit) {
                       auto rows = storage::ReadRedemptionsOf(session, member->id, before, limit);
                       std::vector<std::int64_t> commands;
                       for (const auto& row : rows) commands.push_back(row.command_id);
                       askers = storage::ReadAskers(session, commands);
                       return rows;
                     };
                     const auto add = [&](const storage::RedemptionRow& row) {
                       v1::Redemption& redemption = *response.add_redemptions();
                       redemption = RedemptionMessage(row, request.member(), *call.snapshot, *call.keys);
                       redemption.set_principal(askers[row.command_id]);
                     };
                     FillNewestFirst(request, call.deps().keys, scope, read, add, response);
                     return true;
                   });
}

}  // namespace loyalty
