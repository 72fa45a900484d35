// Receipts and redemptions as the API shows them, from the rows that keep them.
#pragma once

#include <string>
#include <vector>

#include "loyalty/v1/ledger_service.pb.h"
#include "services/catalogue/snapshot.h"
#include "storage/receipt_reads.h"

namespace loyalty {

// The id behind `receipts/{receipt}`. Errors: kInvalidArgument (`field`).
Result<std::int64_t> ParseReceiptName(std::string_view field, std::string_view name, const ProgramKeys& keys);

// `member`: members/{member}, or empty. Without lines, payments and fiscal signature, which FillParts adds.
v1::RecordedReceipt ReceiptMessage(const storage::ReceiptRow& row, const std::string& member, const Snapshot& snapshot,
                                   const ProgramKeys& keys);
void FillParts(const storage::ReceiptRow& row, const std::vector<storage::ReceiptLineRow>& lines, v1::Receipt& out);

// Without allocations, which FillShares adds, and without the principal, which stands in its command.
v1::Redemption RedemptionMessage(const storage::RedemptionRow& row, const std::string& member, const Snapshot& snapshot,
                                 const ProgramKeys& keys);
void FillShares(const std::vector<storage::RedemptionShareRow>& shares, v1::Redemption& out);

}  // namespace loyalty
