// The two files of a generated year: receipts for the server, and the truth for whoever judges an estimate.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "clients/generate/year.h"
#include "domain/result.h"

namespace loyalty::client {

// Collects text and writes it in large pieces to a new file beside the old one, which is replaced by Finish. A file
// that was not finished is removed: nobody takes half a year for a whole one.
class OutputFile {
 public:
  // Errors: kUnavailable, like all below.
  static Result<OutputFile> Create(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) = default;
  OutputFile& operator=(OutputFile&&) = delete;

  std::string& text() { return text_; }  // append here, then call Drain
  Status Drain(bool all = false);
  Status Finish();

 private:
  OutputFile() = default;
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::filesystem::path path_, temporary_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::string text_;
};

// Header and rows of the receipts CSV.
std::string ReceiptsHeader();
void AppendReceipt(const GeneratedReceipt& receipt, std::string& text);

// Header and row of the truth: `lambda` in purchases x k per day of the member's clock, `dropout` after each purchase,
// `mean_basket` and `spend` in EUR, `alive` whether the member would come again.
std::string TruthHeader();
void AppendTruth(std::int64_t number, const Member& member, std::string& text);

}  // namespace loyalty::client
