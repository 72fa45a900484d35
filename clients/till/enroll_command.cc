#include <unistd.h>

#include <iostream>
#include <memory>

#include "clients/enrollment.h"
#include "clients/files.h"
#include "clients/output.h"
#include "clients/program.h"
#include "clients/table.h"
#include "domain/enrollment_code.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kCodeFileBytesMax = 4'096;

struct Arguments {
  std::string code_file, out, terminal;
};

// The code in its file, or as it is typed. What is no code is not said again: it may be one that was mistyped.
Outcome ReadCode(const std::string& file, std::string& code) {
  std::string typed;
  if (file.empty() || file == "-") {
    if (file.empty() && ::isatty(STDIN_FILENO) != 0) std::cerr << "Code: " << std::flush;
    std::getline(std::cin, typed);
  } else {
    auto text = ReadSmallFile(file, kCodeFileBytesMax);
    if (!text) return LocalFailure(text.error().message, "--code-file names the file with the code");
    typed = text->substr(0, text->find('\n'));
  }
  auto read = ReadEnrollmentCode(typed);
  if (!read)
    return UsageFailure("this is no code, or one with a typing error",
                        "a code has four groups of four letters and digits, such as 7KQ2-M4XB-0D9T-VE3H");
  code = *std::move(read);
  return {};
}

Outcome Enroll(const Session& session, const Arguments& arguments) {
  std::string code;
  if (auto failed = ReadCode(arguments.code_file, code)) return failed;
  v1::EnrollTerminalResponse response;
  if (auto failed = EnrollByCode(session, code, arguments.terminal, arguments.out, response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response.result());
    return {};
  }
  FactSheet sheet;
  sheet.Add("Terminal", response.result().terminal());
  sheet.Add("Key", "in " + arguments.out);
  sheet.Add("Ends", TimeText(true, response.result().expire_time()));
  Print(sheet.Render());
  return {};
}

void AddEnrollCommand(Program& program) {
  const auto command =
      program.app().AddCommand("enroll", "Make this till a terminal, by the code that was given to it");
  auto arguments = std::make_shared<Arguments>();
  command.Add("--out", arguments->out, "File for the key, readable by you only").Type("FILE").Required();
  command.Add("--code-file", arguments->code_file, "File whose first line is the code, - for stdin; default: asks")
      .Type("FILE");
  command.Add("--terminal", arguments->terminal, "What this till should be; the code of another one is refused")
      .Type("stores/S/terminals/T");
  command.Footer(
      "No key is needed. A code works once; after a lost answer the same command gets the same key, for 10 minutes.\n\n"
      "Examples:\n  loyalty-till enroll --out till.key\n"
      "  loyalty-till enroll --code-file code.txt --out till.key --terminal stores/S1/terminals/T1");
  command.OnUse([&program, arguments] {
    program.ChooseWithoutKey([arguments](Session& session) { return Enroll(session, *arguments); });
  });
}

const ProgramCommands kEnrollCommand{AddEnrollCommand};

}  // namespace
}  // namespace loyalty::client
