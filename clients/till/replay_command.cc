#include <memory>

#include "clients/arguments.h"
#include "clients/names.h"
#include "clients/output.h"
#include "clients/replay.h"
#include "clients/table.h"
#include "clients/till/commands.h"
#include "domain/money.h"
#include "google/protobuf/struct.pb.h"

namespace loyalty::client {
namespace {

struct ReplayArguments {
  ReplayOptions options;
  std::string rejects;
  std::string time_zone;
  std::vector<std::string> stores;
};

constexpr char kHelp[] =
    "The file has a header row; one row is a receipt or, with line columns, a line of one. Rows of a receipt follow "
    "each\n"
    "other and repeat its columns. Columns in any order:\n"
    "  card           may be empty\n"
    "  receipt_no     the till's number\n"
    "  business_time  2026-01-31T10:00:00+01:00, or the store's local time or date without an offset\n"
    "  store, terminal, currency, total (12.34), kind (sale; return rows are rejected for now)\n"
    "Optional: business_date, original_receipt_no, original_date, payment (points:1.23;gift_card:5.00;other:2.00, or "
    "one\n"
    "  bare kind that paid all), and the line columns line_id, line_kind (goods, deposit, deposit_return, "
    "gift_card_sale,\n"
    "  fee, tip, donation, rounding), sku, category (several with ;), quantity (default 1), unit_price, amount (after\n"
    "  discount; default quantity x unit_price - discount), discount, tax_rate (in percent, at most four decimals)\n\n"
    "A receipt that is wrong or refused goes to FILE.rejects.csv with line, reason and message; that file can be\n"
    "corrected and replayed. One of an earlier run is kept as FILE.rejects.csv.1, .2 and so on. Running a file again\n"
    "changes nothing. A key that is not, or no longer, valid ends the replay; with a valid one it goes on.\n\n"
    "Examples:\n"
    "  loyalty-till replay receipts.csv.gz\n"
    "  loyalty-till replay receipts.csv --store S1 --time-zone Europe/Berlin";

void PrintSummary(const ReplaySummary& summary, OutputFormat format) {
  const double rate = summary.seconds > 0 ? static_cast<double>(summary.taken) / summary.seconds : 0;
  if (format == OutputFormat::kJson) {
    google::protobuf::Struct json;
    auto& fields = *json.mutable_fields();
    const auto set = [&](const char* name, auto value) { fields[name].set_number_value(static_cast<double>(value)); };
    set("receipts", summary.receipts);
    set("taken", summary.taken);
    set("replayed", summary.replayed);
    set("rejected", summary.rejected);
    set("points_earned", summary.points_earned);
    set("clock_off", summary.clock_off);
    set("seconds", summary.seconds);
    auto& parts = *fields["parts_rejected"].mutable_struct_value()->mutable_fields();
    for (const auto& [reason, count] : summary.parts_rejected)
      parts[reason].set_number_value(static_cast<double>(count));
    if (summary.rejected > 0) fields["rejects_file"].set_string_value(summary.rejects.string());
    PrintJson(json);
    return;
  }
  FactSheet sheet;
  sheet.Add("Receipts", Grouped(summary.receipts));
  std::string taken = Grouped(summary.taken);
  if (summary.replayed > 0) taken += ", " + Grouped(summary.replayed) + " of them were there before";
  sheet.Add("Taken", taken);
  sheet.Add("Rejected", Grouped(summary.rejected));
  sheet.Add("Points earned", Grouped(summary.points_earned));
  if (summary.clock_off > 0)
    sheet.Add("Counted as of now", Grouped(summary.clock_off) +
                                       ", their time is out of a till's range: an admin key brings in older receipts");
  for (const auto& [reason, count] : summary.parts_rejected)
    sheet.Add("Without effect", reason + ": " + Grouped(count));
  sheet.Add("Time", FormatDecimal(static_cast<std::int64_t>(summary.seconds * 10 + 0.5), 1) + " s, " +
                        Grouped(static_cast<std::int64_t>(rate)) + " receipts/s");
  Print(sheet.Render());
}

Outcome RunReplay(Session& session, const ReplayArguments& arguments) {
  ReplayOptions options = arguments.options;
  options.rejects = arguments.rejects;
  for (const auto& store : arguments.stores) options.stores.insert(ShortName("stores", store));
  if (auto failed = FindStoreZones(session, arguments.time_zone, options.zones)) return failed;
  ReplaySummary summary;
  auto outcome = Replay(session, options, {}, summary);
  if (!outcome || summary.receipts > 0) PrintSummary(summary, session.format());
  return outcome;
}

void AddReplayCommand(Program& program) {
  const auto command = program.app().AddCommand("replay", "Bring a CSV of receipts, plain or gzip, to the server");
  auto arguments = std::make_shared<ReplayArguments>();
  command.Add("file", arguments->options.file, "The receipts").Type("FILE.csv[.gz]").Required();
  command.Add("--streams", arguments->options.streams, "Streams at the same time").Range(1, kStreamsMax).ShowDefault();
  command.Add("--store", arguments->stores, "Only receipts of this store; may be repeated").Type("S");
  command.Add("--time-zone", arguments->time_zone, "Zone of local times; default: each store's own").Type("ZONE");
  command.Add("--rejects", arguments->rejects, "Where rejected receipts go; default: FILE.rejects.csv").Type("FILE");
  command.Footer(kHelp);
  command.OnUse([&program, arguments] {
    program.Choose([arguments](Session& session) { return RunReplay(session, *arguments); });
  });
}

const ProgramCommands kReplayCommand{AddReplayCommand};

}  // namespace
}  // namespace loyalty::client
