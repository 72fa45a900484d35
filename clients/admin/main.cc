// loyalty-admin: stores, terminals, members, catalogue and ledger from a shell.
#include "clients/program.h"

int main(int argc, char** argv) {
  using namespace loyalty::client;
  Program program("loyalty-admin", "Administration of the loyalty program. Needs an admin key, but for retention.");
  ProgramCommands::AddTo(program);
  program.app().Footer(
      "Examples:\n"
      "  export LOYALTY_SERVER=localhost:50051 LOYALTY_KEY_FILE=admin.key LOYALTY_CA=server.pem\n"
      "  loyalty-admin apply -f catalogue.json --diff\n"
      "  loyalty-admin store create S1 --display-name 'Main Street' --time-zone Europe/Berlin\n"
      "  loyalty-admin terminal create stores/S1/terminals/T1\n"
      "  loyalty-admin terminal enroll stores/S1/terminals/T1 --out till.key\n"
      "  loyalty-admin member enroll --card 2600000017 --given-name Anna\n"
      "  loyalty-admin balance --card 2600000017\n"
      "  loyalty-admin verify\n"
      "  loyalty-admin retention fit --receipts receipts.csv.gz --until 2026-06-30\n"
      "  loyalty-admin retention classify\n"
      "  loyalty-admin retention candidates\n\n" +
      ExitCodesHelp());
  return program.Run(argc, argv);
}
