// loyaltyd serve: checks first, then the server and everything around it, in an order that can be undone.
#include <grpc/health/v1/health.pb.h>
#include <grpcpp/ext/channelz_service_plugin.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <thread>

#include "domain/version.h"
#include "services/app/commands.h"
#include "services/app/credentials.h"
#include "services/app/figures.h"
#include "services/app/http.h"
#include "services/app/key_files.h"
#include "services/app/listener.h"
#include "services/app/log.h"
#include "services/catalogue/snapshot.h"
#include "services/grpc/call_sources.h"
#include "services/grpc/metrics.h"
#include "services/grpc/silent_streams.h"
#include "services/jobs/key_use.h"
#include "services/jobs/lookup_sharing.h"
#include "services/jobs/runner.h"
#include "services/queue/job_bell.h"
#include "services/queue/lookups.h"
#include "services/queue/read_workers.h"
#include "services/queue/write_queue.h"
#include "services/rpc/call_log.h"
#include "services/rpc/health.h"
#include "services/rpc/services.h"
#include "services/rpc/till_clock.h"
#include "storage/engine_check.h"
#include "storage/file_system.h"
#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/secrets.h"

namespace loyalty {
namespace {

// Of a store or of a proxy on another machine. Without TLS there is only this machine, and a proxy that has limits.
constexpr int kConnectionsPerAddress = 512;
constexpr std::chrono::seconds kStopMax{5};
// Of MariaDB, by itself: a lane keeps about two processors of one machine busy, here and in the database; more lanes
// than that make smaller batches and more work for each scan. A database on a machine of its own may want more
// (--lanes).
constexpr unsigned kProcessorsPerLane = 2;
constexpr unsigned kLanesMax = 4;

// What the state directory and the database must agree on before anybody is served.
struct Checked {
  ProgramKeys keys;
};

Result<Checked> CheckDatabase(const storage::DatabaseUrl& url, const std::string& state_dir, Instant now) {
  if (const Status place = storage::CheckPlace(url); !place) return place.error();
  storage::Session session(url);
  if (const Status schema = storage::CheckSchema(session); !schema) return schema.error();
  const auto program = storage::ReadProgram(session);
  if (!program) return Error{Reason::kInternal, "the database holds no program: run 'loyaltyd init' first", {}};
  const auto problems = storage::EngineProblems(session);
  if (!problems.empty()) return Error{Reason::kInternal, problems.front(), {}};
  const auto secrets = ReadSecrets(state_dir);
  if (!secrets) return secrets.error();
  if (const Status ok = storage::NoteSecrets(session, *secrets, now); !ok)
    return Error{
        Reason::kInternal, state_dir + ": " + ok.error().message + ": copy chain.key from a server that has it", {}};
  const bool remote = url.engine == storage::Engine::kMysql && url.unix_socket.empty() && url.host != "localhost" &&
                      url.host.rfind("127.", 0) != 0;
  if (remote && url.ssl_ca.empty())
    spdlog::warn("the connection to the database is not encrypted: add ?sslca=FILE to --db");
  if (remote && !url.ssl_ca.empty())
    spdlog::warn("the certificate of the database is checked, its host name is not: keep it in a private network");
  return Checked{DeriveKeys(*secrets)};
}

int LanesHere() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency() / kProcessorsPerLane, 1U, kLanesMax));
}

std::string At(const std::string& address, int port) {
  return address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void BlockStopSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int RunServe(const Options& options, const Clock& clock) {
  const auto url = DatabaseOf(options);
  if (!url) return Complain(kExitUnable, url.error().message);
  const auto credentials = CredentialsOf(options);
  if (!credentials) return Complain(kExitUnable, credentials.error().message);
  const bool apart = !options.admin_listen.empty();
  // Of its own: each takes what is new of the files once.
  const auto admin_credentials = apart ? CredentialsOf(options) : Result<Credentials>(Credentials{});
  if (!admin_credentials) return Complain(kExitUnable, admin_credentials.error().message);
  const auto trusted = ParseNetworks("--trusted-proxy", options.trusted_proxies);
  if (!trusted) return Complain(kExitUnable, trusted.error().message);
  if (options.lanes < 0 || options.lanes > 64) return Complain(kExitUnable, "--lanes: 0 to 64");
  if (options.slow_call_ms < 0) return Complain(kExitUnable, "--slow-call-ms: 0 or more");
  const auto checked = CheckDatabase(*url, options.state_dir, clock());
  if (!checked) return Complain(kExitRefused, checked.error().message);

  Metrics metrics;
  SnapshotHolder snapshots(*url, clock);
  snapshots.Start();
  ReadWorkers reads(*url, clock);
  WriteQueueOptions queue_options;
  queue_options.lanes = options.lanes > 0 ? options.lanes : LanesHere();
  queue_options.clock = clock;
  queue_options.on_batch = [&metrics](std::size_t commands) { metrics.BatchCommitted(commands); };
  queue_options.on_failure = [](const storage::Failure& failure) { spdlog::warn("write path: {}", failure.what()); };
  queue_options.on_conflict = [&metrics](const storage::Failure&) { metrics.Conflicted(); };
  WriteQueue queue(*url, snapshots, checked->keys, std::move(queue_options));
  JobBell job_bell;
  Lookups lookups;
  TillClocks clocks;
  const auto on_clock_off = [&](const std::string& terminal, Instant till_time) {
    metrics.ClockOff();
    if (clocks.IsNews(terminal, clock()))
      spdlog::warn("the clock of {} says {}: its sales count at the server's time until it is set right", terminal,
                   FormatTime(till_time));
  };
  Figures figures(*url, snapshots, clock);
  CallLog call_log(snapshots, clock, LogCall);
  const auto on_end = [&](const EndedCall& call) {
    if (call.error != nullptr) metrics.Refused(call.error->reason);
    call_log.Ended(call);
  };
  const Deps deps{.snapshots = snapshots,
                  .queue = queue,
                  .reads = reads,
                  .job_bell = job_bell,
                  .keys = checked->keys,
                  .clock = clock,
                  .on_clock_off = on_clock_off,
                  .on_receipt = [&](std::int64_t store_id) { figures.Recorded(store_id); },
                  .on_rejected = [&](const std::string& reason) { metrics.Rejected(reason); },
                  .on_end = on_end,
                  .slow_seconds = options.slow_call_ms / 1'000.0,
                  .lookups = &lookups};

  // Both are properties of the process and must come before the server. Touching a descriptor keeps the linker from
  // dropping health.proto, without which reflection lists the health service but cannot describe it.
  grpc::EnableDefaultHealthCheckService(true);
  grpc::health::v1::HealthCheckRequest::descriptor();
  const CallSources sources(deps, *trusted);
  SilentStreams silent(clock);
  const AcceptorLimits limits{.per_address_max = options.insecure ? 0 : kConnectionsPerAddress,
                              .without_limit = *trusted};
  std::vector<ListenerPlan> plans{
      {"--listen", options.listen, credentials->grpc, limits, apart ? ShopServices() : AllServices(), !apart}};
  if (apart)
    plans.push_back({"--admin-listen", options.admin_listen, admin_credentials->grpc, limits, AllServices(), true});
  std::vector<std::unique_ptr<Listener>> listeners;
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  for (const ListenerPlan& plan : plans) {
    // For every server that is built from here on.
    if (!listeners.empty()) grpc::channelz::experimental::InitChannelzService();
    auto listener = Listener::Make(plan, deps, sources, metrics, silent);
    if (!listener)
      return Complain(listener.error().reason == Reason::kInvalidArgument ? kExitUnable : kExitNotNow,
                      listener.error().message);
    listeners.push_back(*std::move(listener));
  }

  HealthWatch health([&] { return HealthOf(snapshots, queue); },
                     [&listeners](const std::string& service, bool serves) {
                       for (const auto& each : listeners) each->Tell(service, serves);
                     });
  const auto metrics_text = [&] {
    const Health healthy = health.health();
    const Instant now = clock();
    std::size_t request_bytes = 0;
    for (const auto& each : listeners) request_bytes += each->request_bytes();
    StateNow state{
        .version = std::string(Version()),
        .commit = std::string(BuiltFrom()),
        .schema = storage::SchemaVersionKnown(),
        .healthy = {{"database", healthy.database}, {"snapshot", healthy.snapshot}, {"lanes", healthy.lanes}},
        .queue_waiting = queue.waiting(),
        .queue_bytes = queue.waiting_bytes(),
        .read_bytes = reads.waiting_bytes(),
        .request_bytes = request_bytes,
        .snapshot_age_seconds = static_cast<double>(snapshots.Age()) / static_cast<double>(kSecond),
        .keys = EndsOfKeys(*snapshots.Newest(), now),
        .tls_files_refused = credentials->files && credentials->files->refused()};
    if (credentials->files) state.certificates = EndsOf(credentials->files->ends(), now);
    figures.Add(state);
    return metrics.Text(state);
  };
  std::atomic<bool> serving{true};
  std::unique_ptr<HttpServer> http;
  std::string ready = "loyaltyd ready on " + listeners.front()->address();
  if (apart) ready += ", administration on " + listeners.back()->address();
  if (!options.http.empty()) {
    const auto address = ParseHostPort("--http", options.http);
    if (!address) return Complain(kExitUnable, address.error().message);
    auto started =
        StartHttp(address->host, address->port, {[&] { return serving && health.health().all(); }, metrics_text});
    if (!started) return Complain(kExitNotNow, started.error().message);
    http = *std::move(started);
    ready += ", http on " + At(options.http, http->port());
  }
  auto jobs = std::make_unique<JobRunner>(*url, deps);
  jobs->Start();
  auto key_use = std::make_unique<KeyUse>(snapshots, queue, clock);
  key_use->Start();
  auto lookup_sharing = std::make_unique<LookupSharing>(*url, lookups, queue, clock);
  lookup_sharing->Start();
  for (const auto& each : listeners) each->Start();
  std::cout << ready << std::endl;

  const sigset_t signals = StopSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("stopping");
  serving = false;
  health.Stop();  // it would say that we serve
  for (const auto& each : listeners) each->Close();
  lookup_sharing.reset();
  key_use.reset();
  jobs.reset();  // before the queue stops taking its steps
  // Calls that have begun may end; the queue answers what it has accepted, and is emptied when it is destroyed.
  const auto until = std::chrono::system_clock::now() + kStopMax;
  for (const auto& each : listeners) each->Shutdown(until);
  spdlog::info("stopped");
  return kExitOk;
}

}  // namespace loyalty
