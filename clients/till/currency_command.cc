#include <memory>

#include "clients/demo/survey.h"
#include "clients/output.h"
#include "clients/till/commands.h"

namespace loyalty::client {
namespace {

Outcome PrintCurrency(const std::string& path) {
  std::string currency;
  if (auto failed = ReadCurrency(path, currency)) return failed;
  Print(currency + "\n");
  return {};
}

void AddCurrencyCommand(Program& program) {
  const auto command = program.app().AddCommand("currency", "Currency of the first receipt of a file; needs no server");
  auto path = std::make_shared<std::string>();
  command.Add("file", *path, "The receipts").Type("FILE.csv[.gz]").Required();
  command.Footer("Example:\n  loyalty-till currency receipts.csv.gz");
  command.OnUse([&program, path] { program.ChooseOffline([path] { return PrintCurrency(*path); }); });
}

const ProgramCommands kCurrencyCommand{AddCurrencyCommand};

}  // namespace
}  // namespace loyalty::client
