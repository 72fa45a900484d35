// What LedgerService reads beside the ledger itself.
#pragma once

#include "loyalty/v1/ledger_service.pb.h"
#include "services/rpc/call.h"

namespace loyalty {

// Errors in the order of the service. A terminal reads the receipts of its own store: others are not there for it.
Status GetReceipt(Call& call, const v1::GetReceiptRequest& request, v1::GetReceiptResponse& response);
Status ListReceipts(Call& call, const v1::ListReceiptsRequest& request, v1::ListReceiptsResponse& response);
Status GetRedemption(Call& call, const v1::GetRedemptionRequest& request, v1::GetRedemptionResponse& response);
Status ListRedemptions(Call& call, const v1::ListRedemptionsRequest& request, v1::ListRedemptionsResponse& response);

}  // namespace loyalty
