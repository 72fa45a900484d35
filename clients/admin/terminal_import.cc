// The terminals of a whole chain at once: stores and terminals that are missing are made, and each store gets a sheet
// with the codes of its tills.
#include <filesystem>
#include <memory>

#include "clients/admin/import_check.h"
#include "clients/code_sheet.h"
#include "clients/enrollment.h"
#include "clients/files.h"
#include "clients/language.h"
#include "clients/names.h"
#include "clients/output.h"
#include "clients/program.h"
#include "clients/table.h"
#include "google/protobuf/struct.pb.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

constexpr std::size_t kSheetBytesMax = 16 << 20;

struct Arguments {
  std::string file, directory, valid = "7d";
  bool replace = false;
};

// What became of a store.
struct Done {
  std::string store, sheet, note;
  int made = 0, codes = 0;
};

// Somebody else may have made it meanwhile, or an earlier run whose answer was lost.
Outcome UnlessThere(Outcome outcome, std::string_view reason) {
  return outcome && outcome->reason == reason ? Outcome() : std::move(outcome);
}

Outcome MakeMissing(const Session& session, Stub& stub, const std::string& id, const ListedStore& listed,
                    const Known& known, Done& done) {
  if (known.stores.count(listed.store.name()) == 0) {
    v1::CreateStoreRequest request;
    request.set_store_id(id);
    *request.mutable_store() = listed.store;
    request.mutable_store()->clear_name();
    Mutation mutation{"create store " + id, {}, false};
    v1::CreateStoreResponse response;
    if (auto failed =
            UnlessThere(session.Mutate(stub, &Stub::CreateStore, mutation, request, &response), "STORE_EXISTS"))
      return failed;
  }
  for (const ListedTerminal& terminal : listed.terminals) {
    if (known.terminals.count(TerminalName(id, terminal.id)) > 0) continue;
    v1::CreateTerminalRequest request;
    request.set_store(listed.store.name());
    request.set_terminal_id(terminal.id);
    request.mutable_terminal()->set_display_name(terminal.display_name);
    Mutation mutation{"create terminal " + TerminalName(id, terminal.id), {}, false};
    v1::CreateTerminalResponse response;
    if (auto failed =
            UnlessThere(session.Mutate(stub, &Stub::CreateTerminal, mutation, request, &response), "TERMINAL_EXISTS"))
      return failed;
    ++done.made;
  }
  return {};
}

// To the minute: 2026-12-05 17:00 UTC.
std::string UntilText(const google::protobuf::Timestamp& time) {
  constexpr std::size_t kDate = 10, kMinutes = 5;
  const std::string text = TimeText(true, time);
  return text.substr(0, kDate) + " " + text.substr(kDate + 1, kMinutes) + " UTC";
}

// The sheet is written when all its codes are there. A run that ends before leaves no sheet, and the next one makes new
// codes, which take the place of these: a code that is on no paper is good for nobody.
Outcome WriteSheet(const Session& session, const std::string& id, const ListedStore& listed, const Known& known,
                   std::int64_t seconds, Done& done) {
  std::vector<SheetLine> lines;
  for (const ListedTerminal& terminal : listed.terminals) {
    const std::string name = TerminalName(id, terminal.id);
    if (known.with_key.count(name) > 0) continue;
    v1::CreateEnrollmentCodeResponse code;
    if (auto failed = CreateCode(session, name, seconds, code)) return failed;
    lines.push_back({name, terminal.display_name, code.code(), UntilText(code.result().expire_time())});
  }
  done.codes = static_cast<int>(lines.size());
  if (lines.empty()) {
    done.sheet = "";
    done.note = "all have a key";
    return {};
  }
  const auto named = known.store_names.find(listed.store.name());
  const std::string& store_name = named == known.store_names.end() ? listed.store.display_name() : named->second;
  if (auto written = WriteFileDurably(
          done.sheet, CodeSheet(OwnLanguage(), listed.store.name(), store_name, session.connection().server(), lines));
      !written)
    return LocalFailure(written.error().message, "the same command goes on with this store");
  return {};
}

// Whether there is a sheet that may stay. Its codes may be at the store already.
bool IsKept(const Done& done, const std::string& id, const ListedStore& listed, const Known& known,
            std::string& lacks) {
  const auto sheet = ReadSmallFile(done.sheet, kSheetBytesMax);
  if (!sheet) return false;
  for (const ListedTerminal& terminal : listed.terminals) {
    const std::string name = TerminalName(id, terminal.id);
    if (known.with_key.count(name) == 0 && !SheetHas(*sheet, name)) lacks += (lacks.empty() ? "" : ", ") + terminal.id;
  }
  return true;
}

void PrintDone(const Session& session, const std::vector<Done>& all) {
  if (session.format() == OutputFormat::kJson) {
    google::protobuf::Struct json;
    auto& list = *(*json.mutable_fields())["stores"].mutable_list_value();
    for (const Done& done : all) {
      auto& fields = *list.add_values()->mutable_struct_value()->mutable_fields();
      fields["store"].set_string_value(done.store);
      fields["terminals_made"].set_number_value(done.made);
      fields["codes"].set_number_value(done.codes);
      fields["sheet"].set_string_value(done.sheet);
      fields["note"].set_string_value(done.note);
    }
    PrintJson(json);
    return;
  }
  Table table({{"store"}, {"made", Align::kRight}, {"codes", Align::kRight}, {"sheet"}, {"note"}});
  for (const Done& done : all)
    table.AddRow({done.store, std::to_string(done.made), std::to_string(done.codes), done.sheet, done.note});
  Print(table.Render(StdoutWantsColour()));
}

Outcome Import(const Session& session, const Arguments& arguments) {
  const auto seconds = SecondsOf(arguments.valid);
  if (!seconds) return UsageFailure("--valid: '" + arguments.valid + "' is no time such as 90m, 48h or 30d");
  auto file = ReadTerminalsFile(arguments.file);
  if (!file) {
    const std::string why = arguments.file + ": " + file.error().message;
    return file.error().reason == Reason::kInvalidArgument ? UsageFailure(why) : LocalFailure(why);
  }
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Known known;
  if (auto failed = ReadKnown(session, *stub, *file, known)) return failed;
  if (auto failed = CheckImport(arguments.file, *file, known)) return failed;
  if (auto made = MakePrivateDirectory(arguments.directory); !made)
    return LocalFailure(made.error().message, "--codes-out names a directory for the sheets");
  std::vector<Done> all;
  Outcome failed;
  for (const auto& [id, listed] : file->stores) {
    Done done{listed.store.name(), (std::filesystem::path(arguments.directory) / (id + ".html")).string(), "", 0, 0};
    std::string lacks;
    if ((failed = MakeMissing(session, *stub, id, listed, known, done))) break;
    if (!arguments.replace && IsKept(done, id, listed, known, lacks)) {
      done.note = lacks.empty() ? "kept" : "kept; it lacks " + lacks + ": terminal code, or --replace";
    } else if ((failed = WriteSheet(session, id, listed, known, *seconds, done))) {
      break;
    }
    all.push_back(std::move(done));
  }
  PrintDone(session, all);
  return failed;
}

void AddTerminalImport(Program& program) {
  const auto terminals = program.app().AddCommand("terminals", "The terminals of many stores");
  terminals.RequireCommand();
  const auto import =
      terminals.AddCommand("import", "Make what is missing of a list, and a sheet of codes for each store");
  auto arguments = std::make_shared<Arguments>();
  import
      .Add("file", arguments->file,
           "CSV: store, terminal, and maybe display_name, store_name, store_time_zone, "
           "store_region, store_language")
      .Type("FILE")
      .Required();
  import
      .Add("--codes-out", arguments->directory, "Directory for the sheets, one HTML file a store, readable by you only")
      .Type("DIR")
      .Required();
  import.Add("--valid", arguments->valid, "How long the codes are good: 90m, 48h, 7d; at most 30 days").ShowDefault();
  import.AddFlag("--replace", arguments->replace, "New codes also where a sheet is there: those on it end");
  import.Footer(
      "A store or terminal that is missing is made by the columns store_name and display_name; without them it is\n"
      "told, with every other problem of the file, and nothing is done. Terminals that have a key get no code. Safe "
      "to\n"
      "repeat: what is there stays, and so does a sheet that is there.\n\n"
      "Example:\n  loyalty-admin terminals import tills.csv --codes-out sheets --valid 14d");
  import.OnUse([&program, arguments] {
    program.Choose([arguments](Session& session) { return Import(session, *arguments);
});
}  // namespace
);
}  // namespace loyalty::client

const ProgramCommands kTerminalImport{AddTerminalImport};

}  // namespace
}  // namespace loyalty::client
