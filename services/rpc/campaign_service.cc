// The catalogue: lay down a version, read one.
#include "domain/violations.h"
#include "loyalty/v1/campaign_service.pb.h"
#include "services/catalogue/catalogue_codec.h"
#include "services/catalogue/catalogue_roles.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/services.h"

namespace loyalty {
namespace {

// Every server reads a new version within a second; until this has passed, no sale may be judged by it.
constexpr Instant kLeadTime = 3 * kSecond;
// Later than that is a mistake in the year, and a version that never comes into force hides it.
constexpr Instant kLeadTimeMax = 366 * kDayLength;

// The version a catalogue would be, against the last one; no changes: the last one stays.
struct Proposal {
  storage::CatalogueRow row;
  v1::ApplyCatalogueResponse response;
};

// Of versions that wait and that this one would keep from ever coming into force.
Error Scheduled(const std::vector<storage::CatalogueTime>& waiting) {
  std::string names, versions;
  for (const auto& each : waiting) {
    const std::string version = std::to_string(each.version);
    names += (names.empty() ? "version " : ", version ") + version + " from " + FormatTime(each.effective_time);
    versions += (versions.empty() ? "" : ",") + version;
  }
  return Error{Reason::kCatalogueScheduled,
               "what waits would never come into force: " + names +
                   "; say drop_scheduled (--drop-scheduled) to drop it, or apply this one for a later time",
               {{"versions", versions}}};
}

// What may be absent and then means every field's default, written out: to begin such a part changes no default.
v1::Catalogue WithDefaults(v1::Catalogue catalogue) {
  catalogue.mutable_limits();
  catalogue.mutable_retention();
  return CanonicalCatalogue(catalogue);
}

// Versions that wait would be in force for a while, or for good: whoever drops one undoes what it changes.
Status LookAtDropped(const std::vector<storage::CatalogueTime>& dropped, const v1::Catalogue& after,
                     storage::Session& session, DeniedChanges& denied) {
  for (const auto& each : dropped) {
    const auto row = storage::FindCatalogue(session, each.version);
    const auto parsed = ParseCatalogue(row ? row->content : std::string());
    if (!parsed) return parsed.error();
    denied.Look(DiffCatalogues(WithDefaults(*parsed), after));
  }
  return Ok{};
}

// Whether `role` may put one in the place of the other, and drop those versions.
Status MayReplace(Role role, const v1::Catalogue& before, const v1::Catalogue& canonical,
                  const std::vector<storage::CatalogueTime>& dropped, storage::Session& session) {
  if (role == Role::kAdmin) return Ok{};
  DeniedChanges denied(role);
  const v1::Catalogue after = WithDefaults(canonical);
  denied.Look(DiffCatalogues(WithDefaults(before), after));
  if (const Status ok = LookAtDropped(dropped, after, session, denied); !ok) return ok.error();
  return denied.Done();
}

// It reads what it compares with from the session: under the lock of the program's row that is what is replaced.
Result<Proposal> Propose(const v1::Catalogue& canonical, const v1::ApplyCatalogueRequest& request, Role role,
                         storage::Session& session, Instant now) {
  if (request.has_effective_time() && ToInstant(request.effective_time()) > now + kLeadTimeMax)
    return InvalidField("effective_time", "at most 366 days ahead");
  if (request.expected_version() < 0) return InvalidField("expected_version", "0 or more");
  const auto last = storage::LastCatalogue(session);
  if (const std::int64_t newest = last ? last->version : 0;
      request.expected_version() != 0 && request.expected_version() != newest)
    return Error{Reason::kCatalogueChanged,
                 "the newest version is " + std::to_string(newest) + ", not " +
                     std::to_string(request.expected_version()) + ": look at what has changed and apply again",
                 {{"version", std::to_string(newest)}, {"field", "expected_version"}}};
  const Instant asked = request.has_effective_time() ? ToInstant(request.effective_time()) : 0;
  const Instant effective_time = std::max(asked, now + kLeadTime);
  const auto waiting = storage::CataloguesFrom(session, effective_time);
  Proposal proposal;
  v1::Catalogue before;
  if (last) {
    // The last one, unless that waits and is dropped.
    const auto parsed = ParseCatalogue(storage::CatalogueAt(session, effective_time).value_or(*last).content);
    if (!parsed) return parsed.error();
    before = CanonicalCatalogue(*parsed);
    proposal.row.version = last->version;
  }
  for (auto& one : DiffCatalogues(before, canonical)) *proposal.response.add_changes() = std::move(one.change);
  const auto dropped = request.drop_scheduled() ? waiting : std::vector<storage::CatalogueTime>();
  if (const Status may = MayReplace(role, before, canonical, dropped, session); !may) return may.error();
  // The first version is laid down even when it is empty: then it says that nothing earns.
  const bool is_new = !last || proposal.response.changes_size() > 0 || !waiting.empty();
  if (!waiting.empty() && !request.drop_scheduled()) return Scheduled(waiting);
  for (const auto& each : waiting) proposal.response.add_dropped_versions(each.version);
  if (is_new && !request.validate_only()) {
    ++proposal.row.version;
    proposal.row.content = CatalogueText(canonical);
    if (last) {
      proposal.row.effective_time = effective_time;
      *proposal.response.mutable_effective_time() = ToTimestamp(proposal.row.effective_time);
    }
  }
  proposal.response.set_version(proposal.row.version);
  return proposal;
}

Status CheckCatalogue(const v1::ApplyCatalogueRequest& request) {
  if (!request.has_catalogue()) return InvalidField("catalogue", "is required");
  const auto converted = ToCatalogueVersion(request.catalogue(), 0, 0);
  if (!converted) return converted.error();
  return Ok{};
}

Status Validate(Call& call, const v1::ApplyCatalogueRequest& request, v1::ApplyCatalogueResponse& response) {
  if (const Status ok = CheckCatalogue(request); !ok) return ok;
  return StartRead(call, [&call, &request, &response](storage::Session& session) -> Result<bool> {
    auto proposal = Propose(CanonicalCatalogue(request.catalogue()), request, call.caller.role, session, call.now);
    if (!proposal) return proposal.error();
    response = std::move(proposal->response);
    return true;
  });
}

Status ApplyCatalogue(Call& call, const v1::ApplyCatalogueRequest& request, v1::ApplyCatalogueResponse& response) {
  if (request.validate_only()) return Validate(call, request, response);
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  violations.Take(CheckCatalogue(request));
  if (const Status ok = violations.Done(); !ok) return ok;
  auto command = AdminCommandFor(call, request,
                                 [asked = request, canonical = CanonicalCatalogue(request.catalogue()),
                                  role = call.caller.role](const AdminStep& step) -> Result<AdminOutcome> {
                                   auto proposal = Propose(canonical, asked, role, step.session, step.now());
                                   if (!proposal) return proposal.error();
                                   AdminOutcome outcome{Made(proposal->response), "", "", ""};
                                   if (proposal->row.content.empty()) return outcome;
                                   proposal->row.create_time = step.now();
                                   proposal->row.created_by = step.principal_id;
                                   step.set.Put(proposal->row);
                                   outcome.action = "catalogue.apply";
                                   outcome.resource = "catalogue/" + std::to_string(proposal->row.version);
                                   for (const auto& change : proposal->response.changes())
                                     outcome.detail.append(outcome.detail.empty() ? "" : " ").append(change.path());
                                   return outcome;
                                 });
  return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
}

Status GetCatalogue(Call& call, const v1::GetCatalogueRequest& request, v1::GetCatalogueResponse& response) {
  return StartRead(call, [&call, &request, &response](storage::Session& session) -> Result<bool> {
    const Error unknown{Reason::kCatalogueUnknown, "there is no such version of the catalogue", {}};
    const std::int64_t version =
        request.version() != 0 ? request.version() : call.snapshot->catalogue.InForceAt(call.now).version;
    const auto row = storage::FindCatalogue(session, version);
    if (!row && request.version() != 0) return unknown;
    response.Clear();
    response.mutable_catalogue();
    if (row) {  // else nothing has been applied yet
      auto catalogue = ParseCatalogue(row->content);
      if (!catalogue) return catalogue.error();
      *response.mutable_catalogue() = *std::move(catalogue);
      response.set_version(row->version);
      if (row->effective_time != 0) *response.mutable_effective_time() = ToTimestamp(row->effective_time);
    }
    response.set_currency_code(call.snapshot->currency);
    response.set_time_zone(call.snapshot->zone_name);
    if (const auto name = call.snapshot->store_names.find(call.caller.store_id);
        name != call.snapshot->store_names.end())
      if (const auto store = call.snapshot->stores.find(name->second); store != call.snapshot->stores.end())
        response.set_store_time_zone(store->second.zone_name);
    return true;
  });
}

}  // namespace

Methods CampaignMethods() {
  return {
      Bind("loyalty.v1.CampaignService.ApplyCatalogue", ApplyCatalogue),
      Bind("loyalty.v1.CampaignService.GetCatalogue", GetCatalogue),
  };
}

}  // namespace loyalty
