#include "tests/fuzz/harness.h"

#include <google/protobuf/stubs/logging.h>
#include <sqlite3.h>

#include <stdexcept>

#include "loyalty/v1/ledger_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "services/rpc/auth.h"
#include "tests/fuzz/judge.h"
#include "tests/fuzz/seeds.h"
#include "tests/support/check_ledger.h"
#include "tests/support/program.h"

// Of the leak sanitizer, where there is one.
extern "C" __attribute__((weak)) int __lsan_do_recoverable_leak_check();

namespace loyalty::fuzz {
namespace {

constexpr std::size_t kMessageMax = 1 << 20;  // gRPC refuses longer ones
constexpr int kWorldsBetweenLeakChecks = 20;

// A scan that records a receipt.
bool HasReceipt(const Input& input) {
  v1::ScanRequest scan;
  v1::ScanStreamRequest on_stream;
  const auto* type = input.target().request->GetDescriptor();
  if (type == scan.GetDescriptor()) return scan.ParseFromString(input.message) && scan.has_receipt();
  return type == on_stream.GetDescriptor() && on_stream.ParseFromString(input.message) &&
         on_stream.scan().has_receipt();
}

}  // namespace

Harness::Harness(std::string sequence_path) : sequence_(std::move(sequence_path)) {
  [[maybe_unused]] static const bool kWatching = [] {
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    WatchChanges();
    google::protobuf::SetLogHandler(nullptr);  // it complains about every text that is no UTF-8
    return true;
  }();
  world_ = std::make_unique<World>();
  FillWorld();
  template_ = world_->Save();
  world_ = std::make_unique<World>(template_);
  tallies_.clear();
  inputs_ = 0;
  sequence_.Clear();
}

void Harness::FillWorld() {
  Chance chance(1);
  constexpr const char* kMethods[] = {"EnrollMember", "Scan",       "Scan",           "Scan", "Scan",
                                      "Redeem",       "ScanStream", "LinkIdentifier", "Scan", "CancelRedemption"};
  for (int round = 0; round < 8; ++round)
    for (const char* method : kMethods) {
      const std::string fault = Run(InputBytes(Seed(MethodNumber(method), vocabulary_, now(), chance)));
      if (!fault.empty()) throw std::logic_error("a good request: " + fault);
    }
  for (const char* method : {"ListEntries", "ListLots", "ListStores", "ListTerminals", "ListAlerts"})  // page tokens
    for (int round = 0; round < 8; ++round)
      (void)Run(InputBytes(Seed(MethodNumber(method), vocabulary_, now(), chance)));
}

namespace {

// What a read of all that is known of a member leaves: that it was read.
RowsChanged WithoutNotes(const Input& input, RowsChanged changes) {
  if (!input.target().stores_result && FindMethod(input.target().full_name())->audited && changes.contains("read_log"))
    for (const char* table : {"read_log", "principals"}) changes.erase(table);
  return changes;
}

// What was above a limit leaves its alert, refused as it was; a PIN that was looked at leaves that it was.
RowsChanged WithoutWhatRefusalsLeave(const Reply& reply, RowsChanged changes) {
  const std::string outcome = OutcomeOf(reply.status);
  if (outcome == "LIMIT_EXCEEDED") changes.erase("alerts");
  if (outcome == "OPERATOR_UNKNOWN_OR_PIN_WRONG") changes.erase("operators");
  return changes;
}

// Whoever ends the key that he came with is not known any more when he asks again.
bool EndsKeys(const Input& input) { return input.target().name == "RevokeKey" || input.target().name == "RotateKey"; }

}  // namespace

std::string Harness::Run(std::string_view bytes) {
  if (bytes.size() > kMessageMax) return {};
  sequence_.Add(bytes);
  const Input input = ReadInput(bytes);
  const Method& method = input.target();
  if (input.time() > 0) world_->Pass(input.time());
  (void)TakeChanges();
  const Reply reply = method.Send(*world_, input.message, input.identity());
  Tally& tally = tallies_[method.full_name()];
  outcome_ = std::string(method.name);
  if (!reply.parsed) {
    ++tally.unparsed;
    return {};
  }
  ++tally.executions;
  outcome_ += " " + OutcomeOf(reply.status);
  std::string fault = Judge(input, reply, TakeChanges());
  if (!fault.empty()) return method.full_name() + ": " + fault;
  if (reply.ok()) {
    ++tally.accepted;
    Learn(input, reply);
    // Without their keys the tills of a world have little to say.
    if (method.name == "RevokeTerminal" || EndsKeys(input)) inputs_ += kInputsOfAWorld / 4;
  }
  return ++inputs_ < kInputsOfAWorld ? std::string() : StartAnew();
}

std::string Harness::Judge(const Input& input, const Reply& reply, const RowsChanged& changes) {
  if (std::string fault = FaultOfStatus(reply.status); !fault.empty()) return fault;
  const bool settled = world_->now() > kStart;
  const std::string trace = TraceIn(WithoutWhatRefusalsLeave(reply, WithoutNotes(input, changes)), settled);
  if (!reply.ok()) return trace.empty() ? "" : "refused (" + outcome_ + "), but left " + trace;
  if (!input.target().stores_result && !trace.empty()) return "only reads, but left " + trace;
  return JudgeAnswer(input, reply, !trace.empty());
}

std::string Harness::JudgeAnswer(const Input& input, const Reply& reply, bool changed) {
  const std::unique_ptr<google::protobuf::Message> response(input.target().response->New());
  if (!response->ParseFromString(reply.response)) return "an answer that cannot be read";
  const Reply again = input.target().Send(*world_, input.message, input.identity());
  if (!again.ok() && EndsKeys(input) && OutcomeOf(again.status) == "UNAUTHENTICATED") return {};
  if (!again.ok()) return "a repeat is refused: " + OutcomeOf(again.status);
  if (again.response != reply.response) return "a repeat is answered otherwise";
  if (changed && input.target().stores_result && !again.replayed) return "a repeat does not say that it is one";
  const bool settled = world_->now() > kStart;
  if (const std::string trace = TraceIn(WithoutNotes(input, TakeChanges()), settled); !trace.empty())
    return "a repeat left " + trace;
  if (!changed) return {};
  if (std::string fault = SendReceiptAgain(input, reply); !fault.empty()) return fault;
  return SendAsAnother(input);
}

std::string Harness::SendAsAnother(const Input& input) {
  const Identity other = input.identity() == Identity::kAdmin ? Identity::kNorthTill : Identity::kAdmin;
  const Reply copy = input.target().Send(*world_, input.message, other);
  if (std::string fault = FaultOfStatus(copy.status); !fault.empty()) return "another caller's copy: " + fault;
  const std::string trace = TraceIn(WithoutWhatRefusalsLeave(copy, TakeChanges()), world_->now() > kStart);
  if (!copy.ok()) return trace.empty() ? "" : "another caller's copy was refused, but left " + trace;
  // A receipt is the same whoever sends it.
  return copy.replayed && !HasReceipt(input) ? "a request id is good for another caller's request too" : "";
}

std::string Harness::SendReceiptAgain(const Input& input, const Reply& reply) {
  v1::ScanRequest scan;
  if (input.target().request->GetDescriptor() != scan.GetDescriptor() || !scan.ParseFromString(input.message) ||
      !scan.has_receipt())
    return {};
  scan.set_request_id("same-receipt-" + std::to_string(++sent_again_));
  const Reply again = input.target().Send(*world_, scan.SerializeAsString(), input.identity());
  if (!again.ok() || !again.replayed || again.response != reply.response)
    return "the same receipt under another request id is another one: " + OutcomeOf(again.status);
  RowsChanged changes = TakeChanges();
  changes.erase("requests");  // that id is remembered like any other
  const std::string trace = TraceIn(changes, world_->now() > kStart);
  return trace.empty() ? "" : "the same receipt under another request id left " + trace;
}

void Harness::Learn(const Input& input, const Reply& reply) {
  for (const auto& [prototype, bytes] :
       {std::pair(input.target().request, &input.message), std::pair(input.target().response, &reply.response)}) {
    const std::unique_ptr<google::protobuf::Message> message(prototype->New());
    if (message->ParseFromString(*bytes)) vocabulary_.Learn(*message);
  }
}

std::string Harness::StartAnew() {
  std::string fault = test::LedgerFault(world_->reader(), test::TestKeys());
  try {
    const SnapshotHolder another(world_->reader().url(), [this] { return world_->now(); });
  } catch (const std::exception& error) {
    if (fault.empty()) fault = std::string("no other server can load this world: ") + error.what();
  }
  if (!fault.empty()) return fault;
  world_.reset();
  if (++worlds_ % kWorldsBetweenLeakChecks == 0 && __lsan_do_recoverable_leak_check != nullptr &&
      __lsan_do_recoverable_leak_check() != 0)
    return "memory leaks";
  world_ = std::make_unique<World>(template_);
  inputs_ = 0;
  sequence_.Clear();
  return {};
}

}  // namespace loyalty::fuzz
