#include "clients/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "clients/table.h"

namespace loyalty::client {
namespace {

constexpr std::chrono::milliseconds kOnTerminal{200};
constexpr std::chrono::milliseconds kInLog{5'000};

}  // namespace

std::string ProgressText(const ProgressState& state, double seconds, const std::string& unit) {
  std::string text = Grouped(state.done) + " " + unit;
  if (seconds <= 0 || state.done == 0) return text;
  text += ", " + Grouped(static_cast<std::int64_t>(static_cast<double>(state.done) / seconds)) + "/s";
  if (state.fraction <= 0 || state.fraction >= 1) return text;
  const auto left = static_cast<std::int64_t>(seconds / state.fraction * (1 - state.fraction) + 0.5);
  const std::string part = std::to_string(left % 60);
  return text + ", " + std::to_string(left / 60) + ":" + (part.size() < 2 ? "0" : "") + part + " left";
}

Progress::Progress(std::string unit, std::function<ProgressState()> state)
    : unit_(std::move(unit)), state_(std::move(state)), thread_([this] {
        const bool terminal = isatty(STDERR_FILENO) == 1;
        std::unique_lock lock(mutex_);
        while (!stop_.wait_for(lock, terminal ? kOnTerminal : kInLog, [this] { return stopped_; })) Show(terminal);
        if (terminal) std::fputs("\r\033[K", stderr);
      }) {}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Progress::Show(bool terminal) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const std::string text = ProgressText(state_(), seconds, unit_);
  std::fprintf(stderr, terminal ? "\r\033[K%s" : "%s\n", text.c_str());
  std::fflush(stderr);
}

}  // namespace loyalty::client
