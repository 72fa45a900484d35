#include "services/rpc/auth.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace loyalty {
namespace {

// Longer values are no tokens of ours and are not worth a hash.
constexpr std::size_t kTokenBytesMax = 256;

bool IsBearer(std::string_view scheme) {
  constexpr std::string_view kBearer = "bearer ";
  return scheme.size() == kBearer.size() &&
         std::equal(scheme.begin(), scheme.end(), kBearer.begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

std::string TokenHash(std::string_view token) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     nullptr, 0);
  std::string hex(hash.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  hex.pop_back();
  return hex;
}

Result<Caller> Authenticate(const Snapshot& snapshot, std::string_view authorization, Instant now) {
  const auto refused = [] {
    return Error{Reason::kUnauthenticated, "a valid key is needed: authorization: Bearer KEY", {}};
  };
  constexpr std::size_t kScheme = 7;
  if (!IsBearer(authorization.substr(0, kScheme))) return refused();
  const std::string_view token = authorization.substr(kScheme);
  if (token.empty() || token.size() > kTokenBytesMax) return refused();
  const auto at = snapshot.access_keys.find(TokenHash(token));
  if (at == snapshot.access_keys.end()) return refused();
  const KeyInfo& info = at->second;
  if (info.revoked || info.expire_time <= now || info.role == Role::kNone) return refused();
  return Caller{info.role, info.principal_id, info.store_id, info.terminal_id};
}

const std::vector<MethodRoles>& RoleTable() {
  static const std::vector<MethodRoles> kTable{
      {"loyalty.v1.AdminService.CreateStore", true, false},
      {"loyalty.v1.AdminService.GetStore", true, false},
      {"loyalty.v1.AdminService.ListStores", true, false},
      {"loyalty.v1.AdminService.CreateTerminal", true, false},
      {"loyalty.v1.AdminService.ListTerminals", true, false},
      {"loyalty.v1.AdminService.RestartTerminalNumbering", true, false},
      {"loyalty.v1.AdminService.EnrollTerminal", true, false},
      {"loyalty.v1.AdminService.RevokeTerminal", true, false},
      {"loyalty.v1.CampaignService.ApplyCatalogue", true, false},
      {"loyalty.v1.CampaignService.GetCatalogue", true, true},
      {"loyalty.v1.JobService.GetJob", true, false},
      {"loyalty.v1.JobService.ListJobs", true, false},
      {"loyalty.v1.JobService.CancelJob", true, false},
      {"loyalty.v1.JobService.WatchJob", true, false},
      {"loyalty.v1.LedgerService.GetBalance", true, true},
      {"loyalty.v1.LedgerService.ListEntries", true, false},
      {"loyalty.v1.LedgerService.ListLots", true, false},
      {"loyalty.v1.LedgerService.VerifyLedger", true, false},
      {"loyalty.v1.MemberService.EnrollMember", true, true},
      {"loyalty.v1.MemberService.GetMember", true, true},
      {"loyalty.v1.MemberService.LookupMember", true, true},
      {"loyalty.v1.MemberService.LinkIdentifier", true, true},
      {"loyalty.v1.MemberService.RegisterCardRange", true, false},
      {"loyalty.v1.RetentionService.FitModels", true, false},
      {"loyalty.v1.RetentionService.BacktestModels", true, false},
      {"loyalty.v1.RetentionService.ClassifyMembers", true, false},
      {"loyalty.v1.RetentionService.GetRun", true, false},
      {"loyalty.v1.RetentionService.GetLifecycle", true, false},
      {"loyalty.v1.RetentionService.GetLifecycleSummary", true, false},
      {"loyalty.v1.RetentionService.GetLifecycleMatrix", true, false},
      {"loyalty.v1.RetentionService.ListTransitions", true, false},
      {"loyalty.v1.RetentionService.WatchTransitions", true, false},
      {"loyalty.v1.RetentionService.ListReactivationCandidates", true, false},
      {"loyalty.v1.RetentionService.GetRfmMatrix", true, false},
      {"loyalty.v1.RetentionService.ScoreRfm", true, false},
      {"loyalty.v1.RetentionService.ListRfmMembers", true, false},
      {"loyalty.v1.RetentionService.ListRuns", true, false},
      {"loyalty.v1.RetentionService.GetCohortReport", true, false},
      {"loyalty.v1.RetentionService.VerifyStatistics", true, false},
      {"loyalty.v1.TerminalService.Scan", true, true},
      {"loyalty.v1.TerminalService.ScanStream", true, true},
      {"loyalty.v1.TerminalService.Quote", true, true},
      {"loyalty.v1.TerminalService.Redeem", true, true},
      {"loyalty.v1.TerminalService.CancelRedemption", true, true},
  };
  return kTable;
}

Status Authorise(std::string_view method, const Caller& caller) {
  for (const MethodRoles& row : RoleTable()) {
    if (row.method != method) continue;
    if ((caller.role == Role::kAdmin && row.admin) || (caller.role == Role::kTerminal && row.terminal)) return Ok{};
    break;
  }
  return Error{Reason::kPermissionDenied, "this key may not call this method", {{"method", std::string(method)}}};
}

}  // namespace loyalty
