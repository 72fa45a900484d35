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

const ProgramKeys& Keys() {
  static const ProgramKeys kKeys = DeriveKeys(SecretKey{});  // nobody verifies what they seal
  return kKeys;
}

}  // namespace

WritePath::WritePath(const storage::DatabaseUrl& url)
    : snapshot_(SnapshotHolder(url, SystemClock).Newest()), session_(url), connection_(catcher_.connection()) {}

Command WritePath::CommandOf(const v1::ScanRequest& request) const {
  CallContext call;
  call.snapshot = snapshot_;
  call.keys = &Keys();
  call.caller.role = Role::kTerminal;
  const auto terminal = snapshot_->terminals.find(request.terminal());
  if (terminal == snapshot_->terminals.end()) throw std::runtime_error("there is no " + request.terminal());
  call.caller.terminal_id = terminal->second.id;
  // As large as that of a terminal, and one for each.
  call.caller.principal_id = terminal->second.id;
  call.deadline = kNever / 2;  // to which the time that a copy may come late is added
  return Must(FillCommand(call, "loyalty.v1.TerminalService.Scan", request, ToScan(call, request)));
}

void WritePath::Run(const std::vector<Command>& commands, Instant now) {
  std::vector<BatchCommand> plain;
  for (const Command& command : commands) plain.push_back({&command});
  BatchContext context{session_, ids_, *snapshot_,
                       Keys(),   now,  [this] { return static_cast<std::int64_t>(random_()); }};
  for (BatchResult& result : RunBatch(context, plain)) {
    if (!result) throw std::runtime_error("a sale has to wait for the next batch");
    Must(*std::move(result));
  }
}

}  // namespace loyalty::test
