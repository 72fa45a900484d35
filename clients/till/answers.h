// Answers of the till's calls, for people.
#pragma once

#include "clients/session.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::client {

// `currency`: the program's, for the value of a balance.
void PrintScan(const v1::ScanResponse& response, std::string_view currency, bool replayed);
void PrintRedemption(const v1::RedeemResponse& response, std::string_view currency, bool replayed);
void PrintCancellation(const v1::CancelRedemptionResponse& response, std::string_view currency, bool replayed);

}  // namespace loyalty::client
