// Handlers of the API without a network: calls of an administrator, or of whoever a test makes a key for, on a program
// of its own, with a write queue, readers and a lane that a test can keep busy.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "loyalty/v1/terminal_service.pb.h"
#include "services/jobs/lookup_sharing.h"
#include "services/queue/job_bell.h"
#include "services/queue/lookups.h"
#include "services/queue/pin_workers.h"
#include "services/queue/read_workers.h"
#include "services/queue/write_queue.h"
#include "services/rpc/auth.h"
#include "services/rpc/services.h"
#include "storage/program.h"
#include "storage/read_table.h"
#include "tests/support/batch_world.h"

namespace loyalty::test {

// The transport's side of a call.
class PlainCall final : public Call {
 public:
  PlainCall(const Deps& deps, std::string_view method, std::string authorization, std::string network = "here")
      : Call(deps, method), authorization_(std::move(authorization)), network_(std::move(network)) {}

  CallOrigin origin() const override {
    CallOrigin origin{authorization_, std::nullopt};
    origin.certificate = certificate;
    origin.session = session;
    origin.approval_key = approval_key;
    return origin;
  }
  std::string network() const override { return network_; }
  bool IsCancelled() const override { return false; }
  void Finish(const Status& status) override {
    if (!status) error = status.error();
    ended_.set_value(status ? "OK" : std::string(ReasonName(status.error().reason)));
  }
  void FinishCancelled() override { ended_.set_value("CANCELLED"); }

  std::string Wait() { return ended_.get_future().get(); }

  ClientCertificate certificate;
  std::string session, approval_key;  // as they are sent
  std::optional<Error> error;         // once it has ended

 private:
  const std::string authorization_;
  const std::string network_;
  std::promise<std::string> ended_;
};

inline const Method& MethodOf(std::string_view name) {
  static const std::vector<Methods> kServices = AllServices();
  for (const Methods& service : kServices)
    for (const Method& method : service)
      if (method.name == name) return method;
  throw std::logic_error("no such method");
}

class CallWorld {
 public:
  static constexpr const char* kScan = "loyalty.v1.TerminalService.Scan";
  static constexpr const char* kQuote = "loyalty.v1.TerminalService.Quote";
  static constexpr const char* kRedeem = "loyalty.v1.TerminalService.Redeem";
  static constexpr const char* kAuthorization = "Bearer till";

  // `queue`: its lanes are one, its clock the world's.
  explicit CallWorld(storage::Engine engine, WriteQueueOptions queue = {}, const CatalogueOptions& catalogue = {})
      : world(engine, catalogue) {
    storage::KeyRow key;
    key.id = storage::kFirstPrincipal + 1;
    key.principal_id = storage::kFirstPrincipal;
    key.hash = TokenHash("till");
    key.create_time = kStart;
    storage::InsertRow(world.session(), key, TestKeys());
    storage::InsertRow(world.session(),
                       storage::CardRangeRow{1, {"2600000000", "2600009999", CheckDigit::kNone}, kStart}, TestKeys());
    snapshots_ = std::make_unique<SnapshotHolder>(world.database().url(), clock_);
    queue.lanes = 1;
    queue.clock = clock_;
    queue.on_batch = [this](std::size_t size) {
      const std::lock_guard lock(mutex_);
      sizes_.push_back(size);
    };
    queue_ = std::make_unique<WriteQueue>(world.database().url(), *snapshots_, TestKeys(), std::move(queue));
    deps_ = std::make_unique<Deps>(Deps{*snapshots_, *queue_, reads_, pins_, bell_, TestKeys(), clock_});
    deps_->lookups = &lookups_;
    sharing_ = std::make_unique<LookupSharing>(world.database().url(), lookups_, *queue_, clock_);
  }

  const Deps& deps() const { return *deps_; }
  WriteQueue& queue() { return *queue_; }
  SnapshotHolder& snapshots() { return *snapshots_; }
  // What a server does once a second.
  void ShareLookups() { sharing_->Share(); }
  std::size_t batches() const {
    const std::lock_guard lock(mutex_);
    return sizes_.size();
  }

  // The server's time; what is read of the program stays fresh.
  void Pass(Instant time) {
    now_ += time;
    snapshots_->Refresh();
  }
  Instant now() const { return now_; }

  // Somebody who calls, and a key of theirs as it is stored: PrincipalRow and KeyRow, with ids from here. Refresh
  // follows.
  storage::PrincipalRow AddPrincipal(storage::PrincipalRow row) {
    row.id = ++last_id_;
    row.create_time = kStart;
    storage::InsertRow(world.session(), row, TestKeys());
    return row;
  }
  void AddKey(std::int64_t principal_id, const std::string& secret, storage::KeyRow row = {}) {
    row.id = ++last_id_;
    row.principal_id = principal_id;
    row.hash = TokenHash(secret);
    row.create_time = kStart;
    storage::InsertRow(world.session(), row, TestKeys());
  }
  // A principal with a key.
  void AddCaller(const std::string& name, Role role, std::int64_t store_id, std::int64_t terminal_id,
                 const std::string& secret) {
    storage::PrincipalRow row;
    row.name = name;
    row.role = role;
    row.store_id = store_id;
    row.terminal_id = terminal_id;
    AddKey(AddPrincipal(row).id, secret);
  }
  void Refresh() {
    world.session().Run("UPDATE program SET generation = generation + 1");
    snapshots_->Refresh();
  }

  // A sale of 10.00 with a receipt of this number, which is the request's id too.
  v1::ScanRequest Sale(const std::string& id) const {
    v1::ScanRequest scan;
    scan.set_request_id(id);
    scan.set_terminal("stores/north/terminals/t1");
    scan.mutable_identifier()->set_card("2600000001");
    auto& receipt = *scan.mutable_receipt();
    receipt.set_receipt_no(id);
    receipt.mutable_business_time()->set_seconds(kStart / kSecond);
    receipt.set_currency_code("EUR");
    receipt.set_total_minor(1'000);
    return scan;
  }
  v1::ScanRequest Training(const std::string& id) const {
    v1::ScanRequest scan = Sale(id);
    scan.mutable_receipt()->set_training(true);
    return scan;
  }

  // Calls, and goes on before the answer is there. Await waits for it: "OK" or the reason.
  struct Sent {
    std::unique_ptr<google::protobuf::Message> request, response;
    std::unique_ptr<PlainCall> call;
    std::string Await() const { return call->Wait(); }
  };
  Sent Begin(std::string_view name, const google::protobuf::Message& request,
             const std::string& authorization = kAuthorization) {
    const Method& method = MethodOf(name);
    Sent sent;
    sent.request.reset(request.New());
    sent.request->CopyFrom(request);
    sent.response.reset(method.response->New());
    sent.call = std::make_unique<PlainCall>(deps(), method.name, authorization, network);
    sent.call->certificate = certificate;
    sent.call->session = session;
    sent.call->approval_key = approval_key;
    Run(method, *sent.call, *sent.request, *sent.response);
    return sent;
  }
  // Calls, and must be answered well unless the lane is what it waits for.
  void Send(const char* name, const google::protobuf::Message& request) { sent_.push_back(Begin(name, request)); }

  // Keeps the lane busy until the promise is kept.
  std::shared_ptr<std::promise<void>> Occupy() {
    auto release = std::make_shared<std::promise<void>>();
    auto started = std::make_shared<std::promise<void>>();
    Command command;
    command.request_id = "occupy-the-lane";
    command.payload_hash = HashOf("occupy");
    command.principal_id = storage::kFirstPrincipal;
    command.payload = Admin{[release, started](const AdminStep&) -> Result<AdminOutcome> {
      started->set_value();
      release->get_future().wait();
      return AdminOutcome{std::make_shared<v1::ScanResult>(), "", "", ""};
    }};
    EXPECT_TRUE(queue_->Submit(std::move(command), [](const Result<Answer>&) {}));
    started->get_future().wait();
    return release;
  }

  // So many sales that wait for a busy lane, with `beside(i)` called behind each; all of it must be answered well.
  // Returns the sizes of the batches that were committed, the one that kept the lane busy first.
  template <typename Beside>
  std::vector<std::size_t> BatchOfSalesAmong(int count, Beside beside) {
    const auto release = Occupy();
    for (int i = 0; i < count; ++i) {
      Send(kScan, Sale("sale-number-" + std::to_string(i)));
      beside(i);
    }
    release->set_value();
    for (const Sent& sent : sent_) EXPECT_EQ(sent.Await(), "OK");
    sent_.clear();
    const std::lock_guard lock(mutex_);
    return sizes_;
  }

  // Calls and waits: "OK" or the reason, and the answer.
  template <typename Request, typename Response>
  std::string Call(std::string_view name, const Request& request, Response& response,
                   const std::string& authorization = kAuthorization) {
    const Sent sent = Begin(name, request, authorization);
    const std::string outcome = sent.Await();
    response = static_cast<const Response&>(*sent.response);
    return outcome;
  }

  BatchWorld world;
  std::string network = "here";       // that calls come from
  ClientCertificate certificate;      // that they come with
  std::string session, approval_key;  // that calls from now on send

 private:
  std::atomic<Instant> now_{kStart};
  const std::function<Instant()> clock_ = [this] { return now_.load(); };
  std::int64_t last_id_ = 900'000'000;  // no block of ids comes as far
  ReadWorkers reads_{world.database().url(), clock_, 2};
  PinWorkers pins_;
  JobBell bell_;
  mutable std::mutex mutex_;  // guards sizes_
  std::vector<std::size_t> sizes_;
  std::vector<Sent> sent_;
  std::unique_ptr<SnapshotHolder> snapshots_;
  std::unique_ptr<WriteQueue> queue_;
  std::unique_ptr<Deps> deps_;
  Lookups lookups_;
  std::unique_ptr<LookupSharing> sharing_;
};

}  // namespace loyalty::test
