// The services this server offers: the methods of each.
#pragma once

#include "services/rpc/methods.h"

namespace loyalty {

Methods AdminMethods();
Methods CampaignMethods();
Methods FraudMethods();
Methods JobMethods();
Methods LedgerMethods();
Methods MemberMethods();
Methods RetentionMethods();
Methods TerminalMethods();

// All of them, in the order of their names.
const std::vector<Methods>& AllServices();

// Of these what a terminal may call, and what becomes one: the rest is administration.
const std::vector<Methods>& ShopServices();

}  // namespace loyalty
