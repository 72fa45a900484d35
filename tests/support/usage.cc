#include "tests/support/usage.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace loyalty::test {
namespace {

std::string PathOf(pid_t pid, const char* name) { return "/proc/" + std::to_string(pid) + "/" + name; }

double CpuSeconds(pid_t pid) {
  std::ifstream file(PathOf(pid, "stat"));
  std::string text((std::istreambuf_iterator<char>(file)), {});
  // The name may hold blanks; after it come the state and ten numbers, then user and system time in ticks.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::int64_t PeakMb(pid_t pid) {
  std::ifstream file(PathOf(pid, "status"));
  for (std::string line; std::getline(file, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::stoll(line.substr(6)) / 1'024;
  return 0;
}

}  // namespace

UsageMeter::UsageMeter(std::vector<pid_t> pids) : pids_(std::move(pids)) {
  for (const pid_t pid : pids_) {
    std::ofstream(PathOf(pid, "clear_refs")) << 5;  // the peak begins anew
    cpu_seconds_before_ += CpuSeconds(pid);
  }
}

Usage UsageMeter::Stop() const {
  Usage usage;
  usage.cpu_seconds = -cpu_seconds_before_;
  for (const pid_t pid : pids_) {
    usage.cpu_seconds += CpuSeconds(pid);
    usage.memory_peak_mb += PeakMb(pid);
  }
  usage.processors =
      usage.cpu_seconds / std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return usage;
}

}  // namespace loyalty::test
