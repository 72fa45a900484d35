#include "tests/bench/write_path.h"

#include <stdexcept>

#include "services/rpc/scan_codec.h"

namespace loyalty::test {
namespace {

Instant SystemClock() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

template <typename Value>
Value Must(Result<Value> result) {
  if (!result) throw std::runtime_error("the write path refused: " + result.error().message);
  return *std::move(result);
}

}  // namespace

WritePath::WritePath(const storage::DatabaseUrl& url)
    : snapshot_(SnapshotHolder(url, SystemClock).Newest()), session_(url), connection_(catcher_.connection()) {}

Command WritePath::CommandOf(const v1::ScanRequest& request) const {
  CallContext call;
  call.snapshot = snapshot_;
  call.caller.role = Role::kTerminal;
  const auto terminal = snapshot_->terminals.find(request.terminal());
  if (terminal == snapshot_->terminals.end()) throw std::runtime_error("there is no " + request.terminal());
  call.caller.terminal_id = terminal->second.id;
  call.deadline = kNever / 2;  // to which the time that a copy may come late is added
  Command command = Must(ToScan(call, request));
  if (const Status ok = FillCommand(call, "loyalty.v1.TerminalService.Scan", request, command); !ok)
    throw std::runtime_error("the write path refused: " + ok.error().message);
  return command;
}

void WritePath::Run(const std::vector<Command>& commands, Instant now) {
  static const ChainKey kKey{};  // nobody verifies what it seals
  std::vector<const Command*> plain;
  for (const Command& command : commands) plain.push_back(&command);
  BatchContext context{
      session_, ids_, *snapshot_, kKey, 1, now, [this] { return static_cast<std::int64_t>(random_()); }};
  for (BatchResult& result : RunBatch(context, plain)) {
    if (!result.answer) throw std::runtime_error("the write path wants to run a sale again");
    Must(*std::move(result.answer));
  }
}

}  // namespace loyalty::test
