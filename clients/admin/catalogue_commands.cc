#include <memory>

#include "clients/arguments.h"
#include "clients/output.h"
#include "clients/program.h"
#include "clients/retention/figures.h"
#include "clients/table.h"
#include "loyalty/v1/campaign_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::CampaignService::Stub;

struct ApplyArguments {
  std::string file;
  std::string effective_time;
  bool validate_only = false;
  bool diff = false;
  bool drop_scheduled = false;
  std::int64_t expected_version = 0;
};

constexpr char kApplyHelp[] =
    "A catalogue, whole; what is not in it is gone, and every part may be left out:\n"
    "  {\n"
    "    \"earning\": {\"points\": 1, \"per_amount_minor\": 100, \"rounding\": \"ROUNDING_MODE_FLOOR\",\n"
    "                \"basis\": \"EARN_BASIS_GROSS\", \"excluded_category_ids\": [\"tobacco\"],\n"
    "                \"activation_delay_days\": 0, \"validity_months\": 12},\n"
    "    \"burn\": {\"points\": 100, \"value_minor\": 100, \"code_from_points\": 500, \"approval_from_points\": "
    "5000},\n"
    "    \"rewards\": [{\"name\": \"rewards/coffee\", \"display_name\": \"A coffee\", \"cost_points\": 150}],\n"
    "    \"retention\": {\"calibration_error_max_basis_points\": 500, \"total_bias_max_basis_points\": 2500},\n"
    "    \"limits\": {\"points_per_receipt\": 100000, \"earning_receipts_per_member_day\": 10}\n"
    "  }\n"
    "Amounts are in minor units: 1 point for every 1.00 EUR, and 100 points are 1.00 EUR. More fields:\n"
    "  earning  rounding: ROUNDING_MODE_FLOOR, _HALF_UP, _HALF_EVEN, _CEILING; basis: EARN_BASIS_GROSS, _NET;\n"
    "           validity_days in place of validity_months, neither: points never expire;\n"
    "           included_line_kinds, excluded_line_kinds: LINE_KIND_DEPOSIT and so on; without, goods earn\n"
    "  burn     code_from_points: more points of a member's day a printed number does not spend at a till\n"
    "  rewards  value_minor: money off the basket\n"
    "  limits   points_per_member_day, redemptions_per_member_day, redeemed_points_per_member_day,\n"
    "           redeemed_points_per_terminal_day, redeemed_points_per_store_day, redeemed_points_per_operator_day,\n"
    "           lookups_per_terminal_minute; 0: no limit\n"
    "  retention  from where on a backtest withholds a model's probabilities: 500 are 5 %\n\n"
    "Examples:\n"
    "  loyalty-admin apply -f catalogue.json --validate-only\n"
    "  loyalty-admin apply -f catalogue.json\n"
    "  loyalty-admin apply -f easter.json --effective-time 2027-03-26T06:00:00+01:00\n"
    "While a version waits for its time, one that would come before it is refused, for the one that waits would never\n"
    "come into force; --drop-scheduled says that this is meant.\n"
    "A key of role marketer may change rewards and retention.lifecycle.segments; what else differs from the version "
    "that\n"
    "would be in force then is named and refused.\n"
    "--expected-version N refuses to write when somebody has applied another version since N was read.\n"
    "To change the one in force:\n"
    "  loyalty-admin catalogue show --output json > catalogue.json\n"
    "  loyalty-admin apply -f catalogue.json --diff";

void PrintChanges(const v1::ApplyCatalogueResponse& response, bool applied) {
  if (response.changes().empty() && response.dropped_versions().empty()) {
    Print("no changes; version " + std::to_string(response.version()) + " stays\n");
    return;
  }
  Table table({{"what"}, {"before"}, {"after"}});
  for (const auto& change : response.changes()) table.AddRow({change.path(), change.before(), change.after()});
  Print(table.Render(StdoutWantsColour()));
  if (!response.dropped_versions().empty()) {
    std::string dropped;
    for (const auto version : response.dropped_versions())
      dropped += (dropped.empty() ? "" : ", ") + std::to_string(version);
    Print("never in force: version " + dropped + (applied ? "\n" : ", once this is applied\n"));
  }
  if (!applied) return;
  const std::string from = TimeText(response.has_effective_time(), response.effective_time());
  Print("version " + std::to_string(response.version()) + " in force " +
        (from.empty() ? "for all times" : "from " + from) + "\n");
}

Outcome Apply(Session& session, const ApplyArguments& arguments) {
  v1::ApplyCatalogueRequest request;
  if (auto failed = ReadJson(arguments.file, *request.mutable_catalogue())) return failed;
  if (!arguments.effective_time.empty()) {
    Instant at = 0;
    if (auto failed = ReadTime(session, arguments.effective_time, {}, at)) return failed;
    SetTime(at, *request.mutable_effective_time());
  }
  request.set_drop_scheduled(arguments.drop_scheduled);
  request.set_expected_version(arguments.expected_version);
  const auto stub = v1::CampaignService::NewStub(session.connection().channel());
  v1::ApplyCatalogueResponse response;
  const bool write = !arguments.validate_only && !arguments.diff;
  if (write) {
    Mutation mutation{"apply catalogue", {}, false};
    if (auto failed = session.Mutate(*stub, &Stub::ApplyCatalogue, mutation, request, &response)) return failed;
  } else {
    request.set_validate_only(true);
    if (auto failed = session.Read(*stub, &Stub::ApplyCatalogue, "check catalogue", request, &response)) return failed;
  }
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else if (arguments.validate_only && !arguments.diff) {
    Print("valid; " + Grouped(response.changes_size()) + " changes against version " +
          std::to_string(response.version()) + "\n");
  } else {
    PrintChanges(response, write);
  }
  return {};
}

// Those that are set.
std::string LimitsText(const v1::Limits& limits) {
  std::string text;
  const auto add = [&text](std::int64_t limit, const std::string& what) {
    if (limit > 0) text += (text.empty() ? "" : ", ") + Grouped(limit) + " " + what;
  };
  add(limits.points_per_receipt(), "points a receipt");
  add(limits.earning_receipts_per_member_day(), "earning receipts a member and day");
  add(limits.points_per_member_day(), "points a member and day");
  add(limits.redemptions_per_member_day(), "redemptions a member and day");
  add(limits.redeemed_points_per_member_day(), "points spent a member and day");
  add(limits.redeemed_points_per_terminal_day(), "points spent a terminal and day");
  add(limits.redeemed_points_per_store_day(), "points spent a store and day");
  add(limits.redeemed_points_per_operator_day(), "points spent an operator and day");
  add(limits.lookups_per_terminal_minute(), "look-ups a terminal and minute");
  return text.empty() ? "none" : text;
}

void PrintCatalogue(const v1::GetCatalogueResponse& response) {
  const auto& catalogue = response.catalogue();
  const std::string& currency = response.currency_code();
  FactSheet sheet;
  const std::string from = TimeText(response.has_effective_time(), response.effective_time());
  sheet.Add("Version", std::to_string(response.version()) + (from.empty() ? "" : ", in force from " + from));
  sheet.Add("Program", currency + ", " + response.time_zone());
  if (const auto& earning = catalogue.earning(); catalogue.has_earning()) {
    sheet.Add("Earning", Grouped(earning.points()) + " points for every " +
                             MoneyText(earning.per_amount_minor(), currency) + ", rounding " +
                             EnumText(*v1::RoundingMode_descriptor(), earning.rounding()));
    std::string excluded;
    for (const auto& category : earning.excluded_category_ids()) excluded += (excluded.empty() ? "" : ", ") + category;
    sheet.Add("Not earning", excluded);
    if (earning.activation_delay_days() > 0)
      sheet.Add("Active", "after " + std::to_string(earning.activation_delay_days()) + " days");
    if (earning.validity_months() > 0) sheet.Add("Valid", std::to_string(earning.validity_months()) + " months");
    if (earning.validity_days() > 0) sheet.Add("Valid", std::to_string(earning.validity_days()) + " days");
  } else {
    sheet.Add("Earning", "nothing");
  }
  if (catalogue.has_burn())
    sheet.Add("Burning",
              Grouped(catalogue.burn().points()) + " points are " +
                  MoneyText(catalogue.burn().value_minor(), currency) +
                  (catalogue.burn().has_code_from_points()
                       ? "; by a printed number up to " + Grouped(catalogue.burn().code_from_points()) + " a day"
                       : std::string()));
  if (catalogue.burn().approval_from_points() > 0)
    sheet.Add("Approval",
              "from " + Grouped(catalogue.burn().approval_from_points()) + " points on, of a second person");
  if (catalogue.has_limits()) sheet.Add("Limits", LimitsText(catalogue.limits()));
  if (const auto& rules = catalogue.retention(); catalogue.has_retention())
    sheet.Add("Probabilities", "withheld above a calibration error of " +
                                   LimitText(rules.calibration_error_max_basis_points() / 10'000.0) +
                                   " or a total bias of " + LimitText(rules.total_bias_max_basis_points() / 10'000.0));
  Print(sheet.Render());
  if (catalogue.rewards().empty()) return;
  Table table({{"reward"}, {"name"}, {"points", Align::kRight}, {"money off", Align::kRight}});
  for (const auto& reward : catalogue.rewards())
    table.AddRow({reward.name(), reward.display_name(), Grouped(reward.cost_points()),
                  reward.value_minor() == 0 ? std::string() : MoneyText(reward.value_minor(), currency)});
  Print("\n" + table.Render(StdoutWantsColour()));
}

Outcome Show(Session& session, std::int64_t version) {
  const auto stub = v1::CampaignService::NewStub(session.connection().channel());
  v1::GetCatalogueRequest request;
  request.set_version(version);
  v1::GetCatalogueResponse response;
  if (auto failed = session.Read(*stub, &Stub::GetCatalogue, "show catalogue", request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response.catalogue());  // what apply -f takes
  } else {
    PrintCatalogue(response);
  }
  return {};
}

void AddCatalogueCommands(Program& program) {
  const auto apply =
      program.app().AddCommand("apply", "Lay down a new version of the catalogue, and show what changes");
  auto arguments = std::make_shared<ApplyArguments>();
  apply.Add("-f,--file", arguments->file, "Catalogue (loyalty.v1.Catalogue) as proto JSON").Type("FILE").Required();
  apply.AddFlag("--validate-only", arguments->validate_only, "Only check it");
  apply.AddFlag("--diff", arguments->diff, "Only check it and show what would change");
  apply.Add("--effective-time", arguments->effective_time, "When it comes into force; default: in 3 seconds")
      .Type("TIME");
  apply.AddFlag("--drop-scheduled", arguments->drop_scheduled,
                "Drop versions that wait to come into force later than this one");
  apply.Add("--expected-version", arguments->expected_version, "Refuse when the newest version is another one")
      .Positive();
  apply.Footer(kApplyHelp);
  apply.OnUse(
      [&program, arguments] { program.Choose([arguments](Session& session) { return Apply(session, *arguments); }); });

  const auto catalogue = program.app().AddCommand("catalogue", "The catalogue");
  catalogue.RequireCommand();
  const auto show =
      catalogue.AddCommand("show", "The catalogue in force, or a version; as JSON it can be applied again");
  auto version = std::make_shared<std::int64_t>(0);
  show.Add("--version", *version, "This version").Positive();
  show.Footer("Example:\n  loyalty-admin catalogue show --version 1");
  show.OnUse([&program, version] { program.Choose([version](Session& session) { return Show(session, *version); }); });
}

const ProgramCommands kCatalogueCommands{AddCatalogueCommands};

}  // namespace
}  // namespace loyalty::client
