// What is not counted while it happens, but looked up when somebody asks for the metrics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>

namespace loyalty {

// Things that end by a time of their own. No end: infinity.
struct Ends {
  double first_seconds = std::numeric_limits<double>::infinity();  // until the first ends; negative: it has
  int soon = 0;                                                    // that end within kEndsSoonDays, or have
};
inline constexpr int kEndsSoonDays = 30;

// Points of all members together.
struct PointTotals {
  std::int64_t available = 0;
  std::int64_t pending = 0;
  std::int64_t held = 0;
  std::int64_t debt = 0;
};

struct StateNow {
  std::string version, commit;
  int schema = 0;
  std::map<std::string, bool> healthy;  // parts that the server needs: whether they are there
  std::size_t queue_waiting = 0;        // commands
  std::size_t queue_bytes = 0;          // of their requests, as they were sent
  std::size_t read_bytes = 0;           // of large requests that wait to be read for, in memory
  std::size_t request_bytes = 0;        // of large requests of all calls, in memory
  double snapshot_age_seconds = 0;
  Ends keys;               // of callers
  Ends certificates = {};  // of this server and of the authority of its clients
  bool tls_files_refused = false;
  std::map<std::string, std::int64_t> jobs = {};          // by state
  std::map<std::string, std::int64_t> alerts = {};        // open ones, by kind
  std::map<std::string, double> last_receipt_times = {};  // by name of the store; seconds since 1970
  std::optional<PointTotals> points = {};                 // nothing before they were summed up once
  double points_time = 0;                                 // when that ended; seconds since 1970
};

}  // namespace loyalty
