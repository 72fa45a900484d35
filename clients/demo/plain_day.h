// A small day of receipts for those who have none at hand.
#pragma once

#include <string>

namespace loyalty::client {

inline constexpr int kPlainStores = 3;
inline constexpr int kPlainTerminals = 2;  // of each store
inline constexpr int kPlainReceiptsPerTerminal = 100;
inline constexpr int kPlainMembersMax = 100'000;

// A receipts CSV of one Monday: 600 receipts of the cards of `members` members and of customers without one. The same
// text for the same arguments, always. `currency` must be one CurrencyExponent knows.
std::string PlainDayCsv(int members, const std::string& currency);

}  // namespace loyalty::client
