// A file of receipts as a retailer exports it, good rows and bad ones, and what must become of it.
#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace loyalty::test {

struct ReceiptsCsvOptions {
  std::uint64_t seed = 1;
  int receipts = 60;
  int terminals = 2;          // T1 to Tn of store S1
  std::time_t first_day = 0;  // midnight UTC of the first day; receipts lie on the 100 days from there
  bool with_bad_rows = true;
};

// What must become of it with the catalogue of SetUpProgram: 1 point for every full 1.00 EUR of a receipt.
struct ReceiptsCsv {
  std::string text;
  int taken = 0;
  std::map<std::string, std::int64_t> points;  // by card
  struct Rejected {
    int line;  // in the file, from 1
    std::string reason;
    std::string row;  // as it stands in the file

    auto operator<=>(const Rejected&) const = default;
  };
  std::vector<Rejected> rejected;       // in order of lines
  std::map<std::string, int> taken_at;  // receipts by terminal, `T1`
};

ReceiptsCsv MakeReceiptsCsv(const ReceiptsCsvOptions& options);

// The day in Berlin, as days since 1970: that of the program of tests.
int Today();

// A year, until yesterday, of members with the cards 2600000000 and on, who buy at rates of their own and leave with
// probability 0.15 after a purchase. Neither the members nor their receipts come in order, and one day in ten has two.
std::string YearOfReceipts(int members);

// What FILE.rejects.csv says, in order of lines; the messages are for people and left out, but none may be empty.
std::vector<ReceiptsCsv::Rejected> ReadRejects(const std::filesystem::path& file);

// Writes the text compressed.
void WriteGzip(const std::filesystem::path& file, const std::string& text);

}  // namespace loyalty::test
