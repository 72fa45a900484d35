#include "clients/generate/writer.h"

#include <cerrno>
#include <cstring>

#include "domain/money.h"
#include "domain/time.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kPiece = 1U << 20U;
constexpr int kCents = 2, kThousandths = 3;

Error CannotWrite(const std::filesystem::path& path) {
  return Error{Reason::kUnavailable, "cannot write " + path.string() + ": " + std::strerror(errno), {}};
}

std::string TwoDigits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string DayText(int day) {
  static const Day first = *ParseDay(kFirstDay);
  return FormatDay(first + day);
}

}  // namespace

Result<OutputFile> OutputFile::Create(const std::filesystem::path& path) {
  OutputFile output;
  output.path_ = path;
  output.temporary_ = path.string() + ".part";
  output.file_.reset(std::fopen(output.temporary_.c_str(), "wb"));
  if (!output.file_) return CannotWrite(path);
  output.text_.reserve(2 * kPiece);
  return output;
}

OutputFile::~OutputFile() {
  if (!file_) return;
  file_.reset();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

Status OutputFile::Drain(bool all) {
  if (text_.empty() || (!all && text_.size() < kPiece)) return Ok{};
  if (std::fwrite(text_.data(), 1, text_.size(), file_.get()) != text_.size()) return CannotWrite(path_);
  text_.clear();
  return Ok{};
}

Status OutputFile::Finish() {
  if (auto drained = Drain(true); !drained) return drained;
  if (std::fclose(file_.release()) != 0) return CannotWrite(path_);
  std::error_code failed;
  std::filesystem::rename(temporary_, path_, failed);
  if (failed) return Error{Reason::kUnavailable, "cannot write " + path_.string() + ": " + failed.message(), {}};
  return Ok{};
}

std::string ReceiptsHeader() {
  return "card,receipt_no,business_time,store,terminal,currency,kind,total,original_receipt_no,original_date,payment,"
         "line_id,line_kind,sku,category,quantity,unit_price,amount,discount,tax_rate\n";
}

void AppendReceipt(const GeneratedReceipt& receipt, std::string& text) {
  const std::int64_t total = receipt.total();
  std::string head = receipt.card + "," + std::to_string(receipt.receipt_no) + "," + DayText(receipt.day) + "T" +
                     TwoDigits(receipt.second / 3'600) + ":" + TwoDigits(receipt.second / 60 % 60) + ":" +
                     TwoDigits(receipt.second % 60) + ",S" + std::to_string(receipt.store + 1) + ",T" +
                     std::to_string(receipt.terminal + 1) + ",EUR," + (receipt.is_return ? "return," : "sale,") +
                     FormatDecimal(total, kCents) + ",";
  if (receipt.is_return) {
    head += std::to_string(receipt.original_no) + "," + DayText(receipt.original_day) + ",,";
  } else if (receipt.points_paid > 0) {
    head += ",,points:" + FormatDecimal(receipt.points_paid, kCents);
    if (total > receipt.points_paid) head += ";other:" + FormatDecimal(total - receipt.points_paid, kCents);
    head += ",";
  } else {
    head += ",,,";
  }
  int number = 0;
  for (const BasketLine& line : receipt.lines) {
    text += head;
    text += std::to_string(++number);
    text.append(",").append(line.kind).append(",").append(line.sku).append(",").append(line.category).append(",");
    text += FormatDecimal(line.quantity, kThousandths) + "," + FormatDecimal(line.unit_price, kCents) + "," +
            FormatDecimal(line.amount, kCents) + "," + FormatDecimal(line.discount, kCents) + "," +
            std::to_string(line.tax_rate / 100) + "\n";
  }
}

std::string TruthHeader() {
  return "member,cards,k,lambda,dropout,mean_basket,join_date,last_purchase,alive,purchases,spend,season,deal_seeker,"
         "store\n";
}

void AppendTruth(std::int64_t number, const Member& member, std::string& text) {
  constexpr std::size_t kNumberLength = 32;
  char lambda[kNumberLength], dropout[kNumberLength];
  std::snprintf(lambda, sizeof lambda, "%.9g", member.lambda);
  std::snprintf(dropout, sizeof dropout, "%.9g", static_cast<double>(member.dropout));
  std::string cards;
  for (int which = 0; which < member.cards; ++which) cards += (which > 0 ? ";" : "") + CardNumber(number, which);
  const char* season = member.season == Season::kNone ? "none" : member.season == Season::kSummer ? "summer" : "winter";
  text += std::to_string(number + 1) + "," + cards + "," + std::to_string(member.k) + "," + lambda + "," + dropout +
          "," + FormatDecimal(static_cast<std::int64_t>(member.basket + 0.5F), kCents) + "," +
          DayText(member.join_day) + "," + (member.last_day < 0 ? "" : DayText(member.last_day)) + "," +
          (member.stopped ? "no" : "yes") + "," + std::to_string(member.purchases) + "," +
          FormatDecimal(member.spent, kCents) + "," + season + "," + (member.deal_seeker ? "yes" : "no") + ",S" +
          std::to_string(member.store + 1) + "\n";
}

}  // namespace loyalty::client
