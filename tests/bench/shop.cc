#include "tests/bench/shop.h"

#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <stdexcept>

#include "tests/bench/measures.h"
#include "tests/bench/raw_database.h"
#include "tests/bench/scan_rows.h"
#include "tests/bench/stream_load.h"
#include "tests/e2e/caller.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

constexpr int kStreams = 4;
constexpr int kLightThreads = 2;

MariaDb& Database() {
  // As in production: half of the machine is the pool's, and what is bought and sold in an hour fits in the log.
  static const long kPoolMb = sysconf(_SC_PHYS_PAGES) / 2 / ((1 << 20) / sysconf(_SC_PAGE_SIZE));
  static MariaDb database(
      {.settings = {fmt::format("--innodb-buffer-pool-size={}M", kPoolMb), "--innodb-log-file-size=4G"}});
  return database;
}

Turn RunAndMeter(const LoadPlan& plan, pid_t server) {
  const UsageMeter meter({server});
  const LoadResult result = RunLoad(plan);
  const Usage usage = meter.Stop();
  if (!result.otherwise.empty() || result.refused > 0 || result.answered == 0)
    throw std::runtime_error("the load was not answered: " + result.Text());
  const auto scans = static_cast<double>(result.answered);
  return {.per_second = result.per_second(),
          .scans = scans,
          .p50_ms = LoadResult::Quantile(result.answered_ms, 0.5),
          .p99_ms = LoadResult::Quantile(result.answered_ms, 0.99),
          .server_us = usage.cpu_seconds * 1e6 / scans,
          .server_mb = static_cast<double>(usage.memory_peak_mb)};
}

LoadPlan For(LoadPlan plan, double seconds, int threads) {
  plan.seconds = seconds;
  plan.threads = threads;
  return plan;
}

LoadPlan PlanFor(const std::string& address, const std::string& key) {
  LoadPlan plan;
  for (int i = 0; i < kCallers; ++i) plan.channels.push_back(Connect(address));
  plan.key = key;
  plan.callers = kCallers;
  plan.threads = 0;  // as tills do it
  plan.request = [](std::uint64_t number) { return TypicalScan(number); };
  return plan;
}

}  // namespace

v1::ScanRequest TypicalScan(std::uint64_t number, std::uint64_t members) {
  // Any fixed permutation will do: neighbours in time are no neighbours in the tables.
  const std::uint64_t member = number * 2'654'435'761U % members;
  v1::ScanRequest scan;
  scan.set_request_id(fmt::format("018f3c2e-9b4d-7a11-8000-{:012}", number));
  scan.set_terminal("stores/S1/terminals/T1");
  scan.mutable_identifier()->set_card(fmt::format("26{:08}", member));
  v1::Receipt& receipt = *scan.mutable_receipt();
  receipt.set_receipt_no(std::to_string(number));
  receipt.mutable_business_time()->set_seconds(std::time(nullptr));
  receipt.set_currency_code("EUR");
  std::int64_t total = 0;
  for (int i = 0; i < 2; ++i) {
    v1::ReceiptLine& line = *receipt.add_lines();
    line.set_line_id(std::to_string(i + 1));
    line.set_sku(fmt::format("{:013}", 4'000'000'000'000 + number % 5'000 * 10 + static_cast<std::uint64_t>(i)));
    line.set_quantity_micros(1'000'000);
    line.set_amount_minor(static_cast<std::int64_t>(199 + number % 1'000));
    line.set_unit_price_micros(line.amount_minor() * 10'000);
    line.add_taxes()->set_rate_millionths(70'000);
    line.set_tax_mode(v1::TAX_MODE_GROSS);
    total += line.amount_minor();
  }
  receipt.set_total_minor(total);
  return scan;
}

Shop::Shop(ShopOptions options)
    : installation_(std::make_unique<Installation>(
          options.engine,
          InstallationOptions{.program = options.program,
                              .mariadb = options.engine == storage::Engine::kMysql ? &Database() : nullptr})) {
  options.server.program = options.program;
  server_ = std::make_unique<Server>(*installation_, options.server);
  const Caller admin(Connect(server_->address()), installation_->admin_key());
  SetUpProgram(admin, 1);
  plan_ = PlanFor(server_->address(), EnrollTerminal(admin, TerminalName(1)));
  LoadPlan every = plan_;  // each member once
  every.seconds = 600;
  every.calls = kMembers;
  Run(every);
}

Turn Shop::Run(const LoadPlan& plan) { return RunAndMeter(plan, server_->process().pid()); }

Side Shop::ClosedLoop(std::string name, std::uint64_t members) {
  return {std::move(name), [this, members](double seconds) {
            LoadPlan plan = For(plan_, seconds, 0);
            plan.request = [members](std::uint64_t number) { return TypicalScan(number, members); };
            return Run(plan);
          }};
}

Side Shop::LightLoop(std::string name) {
  return {std::move(name) + ", light client",
          [this](double seconds) { return Run(For(plan_, seconds, kLightThreads)); }};
}

Side Shop::Streams() {
  return {std::string(NameOf(installation_->url().engine)) + " streams", [this](double seconds) {
            LoadPlan plan = plan_;
            plan.channels.resize(kStreams);
            plan.seconds = seconds;
            return RunStreams(plan, server_->process().pid());
          }};
}

void Shop::CheckRows() const { DemandRows(*RawDatabase::Open(installation_->url()), "loyaltyd"); }

EchoServer::EchoServer(const std::map<std::string, std::string>& environment)
    : process_(
          {.arguments = {ProgramPath("bench_echo")}, .environment = environment, .log = directory_.path() / "echo"}) {
  const std::string ready = process_.WaitForLine("echo ready on ");
  address_ = ready.substr(ready.rfind(' ') + 1);
  plan_ = PlanFor(address_, "as long as a key of the server, which is 43 letters");
}

Turn EchoServer::Run(const LoadPlan& plan) { return RunAndMeter(plan, process_.pid()); }

Side EchoServer::ClosedLoop() {
  return {"echo", [this](double seconds) { return Run(For(plan_, seconds, 0)); }};
}

Side EchoServer::LightLoop() {
  return {"echo, light client", [this](double seconds) { return Run(For(plan_, seconds, kLightThreads)); }};
}

}  // namespace loyalty::test
