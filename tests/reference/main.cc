// Compares retention/ with answers that were computed independently, from receipts to figures. ./dev check-reference
#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <iostream>

#include "tests/reference/model_check.h"
#include "tests/reference/report.h"
#include "tests/reference/rfm_check.h"

int main(int argc, char** argv) {
  CLI::App app("Compares statistics and models with reference answers; exit 1 when something differs.");
  std::filesystem::path data;
  app.add_option("--data", data, "Folder with the receipts and the folder reference/")
      ->required()
      ->check(CLI::ExistingDirectory);
  CLI11_PARSE(app, argc, argv);
  try {
    loyalty::reference::Report report;
    loyalty::reference::CheckModels(data, report);
    int failures = 0;
    loyalty::reference::CheckRfm(data, std::cout, failures);
    return report.Summarise() && failures == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "check_reference: " << error.what() << "\n";
    return 1;
  }
}
