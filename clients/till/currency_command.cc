#include <memory>

#include "clients/input_file.h"
#include "clients/output.h"
#include "clients/receipt_reader.h"
#include "clients/till/commands.h"

namespace loyalty::client {
namespace {

Outcome PrintCurrency(const std::string& path) {
  auto file = InputFile::Open(path);
  if (!file) return LocalFailure(file.error().message);
  auto reader =
      ReceiptReader::Open([&](char* buffer, std::size_t size) { return file->Read(buffer, size); }, StoreZones(), 0);
  if (!reader) return UsageFailure(path + ": " + reader.error().message);
  for (;;) {
    const auto receipt = reader->Next();
    if (!receipt) return LocalFailure(receipt.error().message);
    if (!receipt->has_value()) return UsageFailure(path + ": no receipt in it");
    const std::string& currency = (*receipt)->request.receipt().currency_code();
    if (currency.empty()) continue;  // a row that cannot be read
    Print(currency + "\n");
    return {};
  }
}

}  // namespace

void AddCurrencyCommand(Program& program) {
  auto* command = program.app().add_subcommand("currency", "Currency of the first receipt of a file; needs no server");
  auto path = std::make_shared<std::string>();
  command->add_option("file", *path, "The receipts")->type_name("FILE.csv[.gz]")->required();
  command->footer("Example:\n  loyalty-till currency receipts.csv.gz");
  command->callback([&program, path] { program.ChooseOffline([path] { return PrintCurrency(*path); }); });
}

}  // namespace loyalty::client
