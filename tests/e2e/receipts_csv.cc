#include "tests/e2e/receipts_csv.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>
#include <stdexcept>

#include "domain/time.h"
#include "tests/support/process.h"

namespace loyalty::test {
namespace {

constexpr char kHeader[] =
    "card,receipt_no,business_time,store,terminal,currency,kind,total,line_id,sku,category,quantity,amount,tax_rate";

std::string Money(int cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); }

// One file under construction; knows the number of the line it writes.
class Writer {
 public:
  explicit Writer(ReceiptsCsv& csv) : csv_(csv) { csv_.text = std::string(kHeader) + "\n"; }

  void Row(const std::string& row) {
    csv_.text += row + "\n";
    ++line_;
  }
  // A row that must come back.
  void Bad(const std::string& reason, const std::string& row) {
    Row(row);
    csv_.rejected.push_back({line_, reason, row});
  }

 private:
  ReceiptsCsv& csv_;
  int line_ = 1;
};

}  // namespace

ReceiptsCsv MakeReceiptsCsv(const ReceiptsCsvOptions& options) {
  std::mt19937_64 random(options.seed);
  const auto upto = [&random](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  ReceiptsCsv csv;
  Writer writer(csv);
  for (int n = 0; n < options.receipts; ++n) {
    const std::string card = upto(4) == 0 ? "" : fmt::format("26000{:05}", upto(20));
    const std::string terminal = fmt::format("T{}", 1 + upto(options.terminals - 1));
    const std::time_t at = options.first_day + n * std::int64_t{100 * 86'400} / options.receipts;
    std::tm utc{};
    gmtime_r(&at, &utc);
    char time[32];
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &utc);
    const int amounts[2] = {1 + upto(3'000), 1 + upto(3'000)};
    const int total = amounts[0] + amounts[1];
    const auto head = [&](const std::string& kind, const std::string& money) {
      return fmt::format("{},{},{},S1,{},EUR,{},{}", card, n, time, terminal, kind, money);
    };
    writer.Row(head("sale", Money(total)) + fmt::format(",1,A1,food;fresh,2,{},7", Money(amounts[0])));
    writer.Row(head("sale", Money(total)) + fmt::format(",2,\"B, blue\",home,1,{},19", Money(amounts[1])));
    ++csv.taken;
    ++csv.taken_at[terminal];
    if (!card.empty()) csv.points[card] += total / 100;
    if (!options.with_bad_rows || n % 10 != 5) continue;
    const std::string line = ",1,A1,food,1,5.00,7";
    switch (n / 10 % 5) {
      case 0:
        writer.Bad("RETURN_NOT_SUPPORTED",
                   fmt::format("{},R{},{},S1,{},EUR,return,-5.00,1,A1,food,-1,-5.00,7", card, n, time, terminal));
        break;
      case 1:
        writer.Bad("VALUE_INVALID", fmt::format("{},B{},{},S1,{},EUR,sale,five", card, n, time, terminal) + line);
        break;
      case 2:
        writer.Bad("VALUE_INVALID", fmt::format("{},B{},yesterday,S1,{},EUR,sale,5.00", card, n, terminal) + line);
        break;
      case 3:
        writer.Bad("TERMINAL_UNKNOWN", fmt::format("{},B{},{},S1,T99,EUR,sale,5.00", card, n, time) + line);
        break;
      case 4:
        writer.Bad("VALUE_INVALID", fmt::format("{},B{},{},S1,{},EURO,sale,5.00", card, n, time, terminal) + line);
        break;
      default: break;
    }
  }
  return csv;
}

int Today() { return DayOf(static_cast<Instant>(std::time(nullptr)) * kSecond, *LoadZone("Europe/Berlin")); }

std::string YearOfReceipts(int members) {
  constexpr int kDays = 350;
  std::mt19937 random(20'261'126);
  const auto uniform = [&] { return (static_cast<double>(random()) + 0.5) / 4294967296.0; };
  std::vector<std::string> rows;
  for (int member = 0; member < members; ++member) {
    const double gap = 10 + 50 * uniform();
    for (double at = 150 * uniform(); at < kDays; at += uniform() < 0.1 ? 0 : 1 - gap * std::log(uniform())) {
      rows.push_back(fmt::format("26000{:05},{},{}T{:02}:00:00Z,S1,T1,EUR,sale,{}.50\n", member, rows.size(),
                                 FormatDay(Today() - 1 - kDays + static_cast<int>(at)), 8 + rows.size() % 10,
                                 5 + static_cast<int>(30 * uniform())));
      if (uniform() < 0.15) break;
    }
  }
  std::shuffle(rows.begin(), rows.end(), random);
  std::string text = "card,receipt_no,business_time,store,terminal,currency,kind,total\n";
  for (const std::string& row : rows) text += row;
  return text;
}

std::vector<ReceiptsCsv::Rejected> ReadRejects(const std::filesystem::path& file) {
  std::vector<ReceiptsCsv::Rejected> rejected;
  std::istringstream text(ReadText(file));
  std::string line;
  std::getline(text, line);
  EXPECT_EQ(line, std::string("line,reason,message,") + kHeader);
  while (std::getline(text, line)) {
    const auto reason = line.find(',') + 1;
    const auto message = line.find(',', reason) + 1;
    // The message may hold commas and is quoted then.
    const auto row = line[message] == '"' ? line.find("\",", message) + 2 : line.find(',', message) + 1;
    EXPECT_GT(row, message + 1) << "no message: " << line;
    rejected.push_back({std::stoi(line), line.substr(reason, message - 1 - reason), line.substr(row)});
  }
  std::sort(rejected.begin(), rejected.end());
  return rejected;
}

void WriteGzip(const std::filesystem::path& file, const std::string& text) {
  gzFile out = gzopen(file.c_str(), "wb");
  const bool written =
      out != nullptr && gzwrite(out, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size());
  if (out == nullptr || gzclose(out) != Z_OK || !written) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace loyalty::test
