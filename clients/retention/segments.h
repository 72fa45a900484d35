// The RFM segments of the customers of a receipts file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clients/retention/customers.h"
#include "retention/rfm.h"
#include "retention/segment.h"

namespace loyalty::client {

struct SegmentedCustomer {
  std::string_view card = {};  // as the file gives it
  retention::RfmValues values = {};
  retention::RfmScores scores = {};
  retention::RfmSegment segment = retention::RfmSegment::kLost;
};

struct SegmentReport {
  Day until = 0;
  std::string currency = {};
  retention::RfmCutPoints cut_points = {};
  std::vector<SegmentedCustomer> customers = {};  // in the order of their cards
};

// Scores by the ranks among these customers, as of the end of `until`. `customers` must outlive the report.
SegmentReport SegmentCustomers(const Customers& customers, Day until);

std::string RenderSegments(const SegmentReport& report, bool colour);
std::string SegmentsJson(const SegmentReport& report);

}  // namespace loyalty::client
