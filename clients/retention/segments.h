// The RFM segments of customers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/retention/customers.h"
#include "retention/rfm.h"
#include "retention/segment_totals.h"

namespace loyalty::client {

struct SegmentedCustomer {
  std::string name = {};  // the card as the file gives it, or the server's name of the member
  retention::RfmValues values = {};
  retention::RfmScores scores = {};
  retention::RfmSegment segment = retention::RfmSegment::kLost;
};

struct SegmentReport {
  Day until = 0;
  std::string currency = {};
  retention::RfmCutPoints cut_points = {};
  retention::SegmentTotals totals = {};
  std::vector<SegmentedCustomer> customers = {};  // in the order of their names; of a server only when asked for
  std::string run = {};                           // of a server: where it is stored
};

// Reads cut points from JSON as SegmentsJson writes it: an object with cut_points, or these alone. Failures: kUsage
// (names what is wrong), kLocalIo.
Outcome ReadCutPoints(const std::string& file, retention::RfmCutPoints& cut_points);

// Scores by the ranks among these customers, or by `given`, as of the end of `until`.
SegmentReport SegmentCustomers(const Customers& customers, Day until,
                               const std::optional<retention::RfmCutPoints>& given = {});

std::string RenderSegments(const SegmentReport& report, bool colour);
std::string SegmentsJson(const SegmentReport& report);

}  // namespace loyalty::client
