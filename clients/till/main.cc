// loyalty-till: what a store terminal does, from a shell.
#include "clients/program.h"

int main(int argc, char** argv) {
  using namespace loyalty::client;
  Program program("loyalty-till", "A store terminal of the loyalty program.");
  program.TakePersons();
  ProgramCommands::AddTo(program);
  program.app().Footer(
      "Examples:\n"
      "  export LOYALTY_SERVER=localhost:50051 LOYALTY_KEY_FILE=till.key LOYALTY_CA=server.pem\n"
      "  loyalty-till scan --card 2600000017\n"
      "  loyalty-till scan --card 2600000017 --receipt-no 4711 --total 12.34 --currency EUR\n"
      "  loyalty-till sign-on operators/48213377 --session-file till.session\n"
      "  loyalty-till redeem --card 2600000017 --points 100\n"
      "  loyalty-till replay receipts.csv.gz\n"
      "With an admin key, which belongs to no till, scan and redeem need --terminal stores/S1/terminals/T1.\n\n"
      "A command that was interrupted is repeated with the same arguments: it is then the same request, and nothing\n"
      "happens twice.\n\n" +
      ExitCodesHelp());
  return program.Run(argc, argv);
}
