#include "services/app/log.h"

#include <grpc/support/log.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "domain/json_writer.h"
#include "domain/time.h"

namespace loyalty {
namespace {

constexpr std::string_view kCalls = "calls";

// spdlog's patterns do not escape; a line break in a message would make two lines of one.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(message.time.time_since_epoch()).count();
    const auto level = spdlog::level::to_string_view(message.level);
    JsonWriter json;
    json.BeginObject(JsonLayout::kDense);
    json.Add("time", FormatTime(time)).Add("level", std::string_view(level.data(), level.size()));
    const std::string_view payload(message.payload.data(), message.payload.size());
    const bool of_call = std::string_view(message.logger_name.data(), message.logger_name.size()) == kCalls;
    json.Add("message", of_call ? "call" : payload);
    json.End();
    std::string line = json.TakeLine();
    if (of_call) line.replace(line.size() - 2, 1, "," + std::string(payload.substr(1)));  // the members of an object
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

// gRPC writes lines of its own shape unless it is told where to.
void LogOfGrpc(gpr_log_func_args* line) {
  const auto level = line->severity == GPR_LOG_SEVERITY_ERROR ? spdlog::level::err : spdlog::level::debug;
  spdlog::log(level, "grpc: {}", line->message);
}

}  // namespace

void StartLog() {
  auto logger = spdlog::stderr_logger_mt("loyaltyd");
  logger->set_formatter(std::make_unique<JsonFormatter>());
  logger->flush_on(spdlog::level::warn);
  spdlog::stderr_logger_mt(std::string(kCalls))->set_formatter(std::make_unique<JsonFormatter>());
  spdlog::set_default_logger(std::move(logger));
  gpr_set_log_function(LogOfGrpc);
  spdlog::flush_every(std::chrono::seconds(1));
}

void LogCall(bool failing, const std::string& json) {
  if (const auto logger = spdlog::get(std::string(kCalls)))
    logger->log(failing ? spdlog::level::warn : spdlog::level::info, json);
}

}  // namespace loyalty
