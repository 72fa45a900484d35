#include "clients/output.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdio>

#include "clients/files.h"
#include "clients/table.h"
#include "clients/timestamps.h"
#include "domain/money.h"
#include "domain/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kJsonFileBytesMax = 16 << 20;

std::atomic<std::size_t> printed_bytes = 0;

}  // namespace

void Print(std::string_view text) {
  printed_bytes += text.size();
  std::fwrite(text.data(), 1, text.size(), stdout);
}

std::size_t PrintedBytes() { return printed_bytes; }

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  if (google::protobuf::util::MessageToJsonString(message, &json, options).ok()) Print(json + "\n");
}

Outcome ReadJson(const std::string& file, google::protobuf::Message& message) {
  const auto content = ReadSmallFile(file, kJsonFileBytesMax);
  if (!content) return LocalFailure(content.error().message);
  const auto status = google::protobuf::util::JsonStringToMessage(*content, &message);
  if (!status.ok())
    return UsageFailure(file + ": not a " + message.GetDescriptor()->name() + ": " + std::string(status.message()),
                        "give proto JSON; field names as in the .proto files or in camel case");
  return {};
}

std::string TimeText(bool has, const google::protobuf::Timestamp& time) {
  if (!has) return {};
  return FormatTime(InstantOf(time));
}

std::string EnumText(const google::protobuf::EnumDescriptor& type, int value) {
  const auto* found = type.FindValueByNumber(value);
  if (found == nullptr) return std::to_string(value);
  // The zero value is TYPE_NAME_UNSPECIFIED by the style guide: what comes before its last word is the prefix.
  const std::string& zero = type.value(0)->name();
  const std::size_t prefix = zero.rfind('_') + 1;
  std::string text = found->name().substr(std::min(prefix, found->name().size()));
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string OperatorText(const std::string& name, bool proven) {
  return name.empty() || proven ? name : name + " (unproven)";
}

std::string MoneyText(std::int64_t minor, std::string_view currency) {
  const auto exponent = CurrencyExponent(currency);
  if (!exponent) return Grouped(minor) + " minor units";
  return FormatDecimal(minor, *exponent) + " " + std::string(currency);
}

std::string BalanceText(const v1::Balance& balance, std::string_view currency) {
  std::string text = Grouped(balance.available()) + " points";
  if (balance.available_value_minor() != 0) text += " = " + MoneyText(balance.available_value_minor(), currency);
  if (balance.pending() != 0) text += ", pending " + Grouped(balance.pending());
  if (balance.held() != 0) text += ", held " + Grouped(balance.held());
  if (balance.debt() != 0) text += ", owed " + Grouped(balance.debt());
  return text;
}

}  // namespace loyalty::client
