#include "services/rpc/services.h"

namespace loyalty {

const std::vector<Methods>& AllServices() {
  static const std::vector<Methods> kAll{AdminMethods(),  CampaignMethods(),  JobMethods(),     LedgerMethods(),
                                         MemberMethods(), RetentionMethods(), TerminalMethods()};
  return kAll;
}

}  // namespace loyalty
