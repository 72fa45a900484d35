// Cut points of RFM from a file.
#include <google/protobuf/struct.pb.h>

#include <cmath>

#include "clients/output.h"
#include "clients/retention/segments.h"

namespace loyalty::client {
namespace {

using google::protobuf::Struct;
using retention::RfmCutPoints;

constexpr double kLargest = 9e15;  // whole numbers beyond it are none any more in JSON

Outcome ReadList(const std::string& file, const Struct& from, const char* name, std::int64_t nobody,
                 std::array<std::int64_t, 4>& to) {
  const std::string place = file + ": " + name + ": ";
  const auto list = from.fields().find(name);
  if (list == from.fields().end() || list->second.list_value().values_size() != static_cast<int>(to.size()))
    return UsageFailure(place + "four numbers are needed, where the scores 2, 3, 4 and 5 begin",
                        "loyalty-admin retention rfm --output json prints some");
  for (std::size_t i = 0; i < to.size(); ++i) {
    const auto& value = list->second.list_value().values(static_cast<int>(i));
    if (value.has_null_value()) {
      to[i] = nobody;
      continue;
    }
    const double number = value.number_value();
    if (!value.has_number_value() || number != std::floor(number) || std::abs(number) > kLargest)
      return UsageFailure(place + "whole numbers are needed, or null for a score that nobody has");
    to[i] = static_cast<std::int64_t>(number);
  }
  return {};
}

}  // namespace

Outcome ReadCutPoints(const std::string& file, RfmCutPoints& cut_points) {
  Struct json;
  if (auto failed = ReadJson(file, json)) return failed;
  const auto inside = json.fields().find("cut_points");
  const Struct& from = inside == json.fields().end() ? json : inside->second.struct_value();
  if (auto failed =
          ReadList(file, from, "recency_days_at_most", RfmCutPoints::kNobodyAtMost, cut_points.recency_days_at_most))
    return failed;
  if (auto failed = ReadList(file, from, "purchase_days_at_least", RfmCutPoints::kNobodyAtLeast,
                             cut_points.purchase_days_at_least))
    return failed;
  if (auto failed =
          ReadList(file, from, "spend_minor_at_least", RfmCutPoints::kNobodyAtLeast, cut_points.spend_minor_at_least))
    return failed;
  if (AreInOrder(cut_points)) return {};
  return UsageFailure(file + ": a score begins below a lower one", "the better the score, the fewer days or the more");
}

}  // namespace loyalty::client
