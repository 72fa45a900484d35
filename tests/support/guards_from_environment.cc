// The switch for guards, read once from the environment: LOYALTY_SABOTAGE names those that are off, separated by
// commas. Without member_lock there is no member_version, without request_lookup no receipt_lookup: each pair guards
// the same. A program that links this file has it in place of storage/guards.cc; nothing that is shipped does.
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

#include "storage/guards.h"

namespace loyalty::storage {
namespace {

constexpr std::pair<const char*, bool Guards::*> kNames[] = {{"member_version", &Guards::member_version},
                                                             {"member_lock", &Guards::member_lock},
                                                             {"held_is_unknown", &Guards::held_is_unknown},
                                                             {"names_again", &Guards::names_again},
                                                             {"waiting", &Guards::waiting},
                                                             {"refusal_undone", &Guards::refusal_undone},
                                                             {"block_seal", &Guards::block_seal},
                                                             {"request_lookup", &Guards::request_lookup},
                                                             {"batch_requests", &Guards::batch_requests},
                                                             {"payload_hash", &Guards::payload_hash},
                                                             {"receipt_lookup", &Guards::receipt_lookup},
                                                             {"receipt_content", &Guards::receipt_content},
                                                             {"unique_retry", &Guards::unique_retry},
                                                             {"conflict_retry", &Guards::conflict_retry},
                                                             {"lost_is_unknown", &Guards::lost_is_unknown},
                                                             {"not_after", &Guards::not_after},
                                                             {"business_time", &Guards::business_time},
                                                             {"record_time", &Guards::record_time},
                                                             {"settle_due", &Guards::settle_due},
                                                             {"cancel_once", &Guards::cancel_once},
                                                             {"cancel_member", &Guards::cancel_member},
                                                             {"cancel_store", &Guards::cancel_store},
                                                             {"link_owner", &Guards::link_owner},
                                                             {"job_lease", &Guards::job_lease},
                                                             {"advance", &Guards::advance},
                                                             {"callbacks", &Guards::callbacks},
                                                             {"full_sync", &Guards::full_sync},
                                                             {"principal", &Guards::principal},
                                                             {"ready", &Guards::ready},
                                                             {"new_member_sums", &Guards::new_member_sums},
                                                             {"quotes_read", &Guards::quotes_read},
                                                             {"renew_idle", &Guards::renew_idle},
                                                             {"migrate_limit", &Guards::migrate_limit},
                                                             {"migrate_wait", &Guards::migrate_wait},
                                                             {"causal_reads", &Guards::causal_reads},
                                                             {"limits_in_batch", &Guards::limits_in_batch},
                                                             {"whole_batch", &Guards::whole_batch}};

Guards FromEnvironment() {
  Guards guards;
  const char* names = std::getenv("LOYALTY_SABOTAGE");
  std::istringstream list(names == nullptr ? "" : names);
  for (std::string name; std::getline(list, name, ',');) {
    bool known = false;
    for (const auto& [guard, member] : kNames) {
      if (name != guard) continue;
      guards.*member = false;
      known = true;
    }
    if (known) continue;
    // A test that switches off nothing would be content with anything.
    std::fprintf(stderr, "LOYALTY_SABOTAGE: there is no guard '%s'\n", name.c_str());
    std::abort();
  }
  if (!guards.member_lock) guards.member_version = false;
  if (!guards.request_lookup) guards.receipt_lookup = false;
  return guards;
}

}  // namespace

const Guards& TheGuards() {
  static const Guards kGuards = FromEnvironment();
  return kGuards;
}

}  // namespace loyalty::storage
