// Reads of receipts and redemptions. Plain reads: whoever needs several that agree opens a ReadTransaction around them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/receipts.h"
#include "storage/tables/redemptions.h"

namespace loyalty::storage {

// All of these throw Failure. What people and programs ask for by name.
std::optional<ReceiptRow> FindReceipt(Session& session, std::int64_t id);
std::optional<RedemptionRow> FindRedemption(Session& session, std::int64_t id);
// In the order of the slip, or of the basket.
std::vector<ReceiptLineRow> ReadReceiptLines(Session& session, std::int64_t receipt_id);
std::vector<RedemptionShareRow> ReadShares(Session& session, std::int64_t redemption_id);

// Receipts of a member whose first entry has a seq below `before_seq`, newest first, at most `limit`.
std::vector<ReceiptRow> ReadReceiptsOf(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit);

// The numbering of a terminal at a time.
struct Numbering {
  std::int64_t terminal_id = 0;
  int epoch = 0;
};
// Receipts of a business day with an id above `after`, in the order of their ids, at most `limit`.
std::vector<ReceiptRow> ReadReceiptsOfDay(Session& session, const std::vector<Numbering>& numberings, Day day,
                                          std::int64_t after, int limit);

// Redemptions of a member with an id below `before`, newest first, at most `limit`.
std::vector<RedemptionRow> ReadRedemptionsOf(Session& session, std::int64_t member_id, std::int64_t before, int limit);

// Names of those whose requests these commands were, by the command's id.
std::map<std::int64_t, std::string> ReadAskers(Session& session, const std::vector<std::int64_t>& command_ids);

}  // namespace loyalty::storage
