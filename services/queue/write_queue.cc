#include "services/queue/write_queue.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "services/batch/decide.h"
#include "services/batch/recovery.h"
#include "services/queue/answers.h"
#include "services/queue/inbox.h"
#include "services/queue/room.h"
#include "storage/planted.h"

namespace loyalty {
namespace {

using Item = Inbox::Item;

// A lane whose database failed counts as away for so long: while it does, nobody may send what would show that it is
// back.
constexpr Instant kAwayFor = 5 * kSecond;
// Commands that were set aside are tried with every batch, and so often when there is none.
constexpr std::chrono::milliseconds kAsidePause{50};
// And so long, when they have no deadline: a server that died is noticed sooner where the engine can
// (storage::kIdleTransactionSeconds).
constexpr Instant kAsideMax = 60 * kSecond;

Error Held() {
  return Error{Reason::kUnavailable, "another server holds what it needs; send the same request again", {}};
}

// Of a lane that met what it knows no way out of: whether it took effect, the stored requests tell.
Error LeftBehind() {
  return Error{Reason::kUnavailable, "the server could not finish it; send the same request again", {}};
}

std::int64_t Random64() {
  std::int64_t bits = 0;
  randombytes_buf(&bits, sizeof bits);
  return bits;
}

// 1, 2, 4 ... milliseconds and as much again at random, so that two servers do not meet a second time.
void Pause(int failures) {
  const int base = 1 << std::min(failures, 6);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(base + static_cast<int>(randombytes_uniform(static_cast<std::uint32_t>(base)))));
}

}  // namespace

struct WriteQueue::Impl {
  struct Lane {
    explicit Lane(const storage::DatabaseUrl& url) : session(url, storage::kWriteSession) {}
    storage::Session session;
    storage::IdBlock ids;
    Inbox inbox{Inbox::Gather::kCallers};
    std::vector<Item> aside;  // somebody else holds what they need; in the order of arrival
    std::thread thread;

    std::mutex mutex;  // guards what follows
    std::condition_variable ended;
    std::int64_t batches = 0;  // that have ended
    bool works = false;        // on one
  };

  SnapshotHolder& snapshots;
  ProgramKeys keys;
  WriteQueueOptions options;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::unique_ptr<storage::Session> router_session;  // with more than one lane
  Inbox router_inbox{Inbox::Gather::kNothing};
  std::thread router;
  Answers answers;   // with lanes
  WaitingRoom room;  // of commands that have no answer yet
  std::mutex waiters_mutex;
  std::deque<std::function<void()>> waiters;  // for room, guarded by the mutex
  std::atomic<std::size_t> waiting{0};        // how many these are
  std::atomic<bool> stopping{false};
  std::atomic<Instant> failed{0};  // when the database last failed a lane; 0: a batch was committed since

  Impl(SnapshotHolder& holder, const ProgramKeys& program_keys, WriteQueueOptions given)
      : snapshots(holder), keys(program_keys), options(std::move(given)) {}

  // Streams leave room to calls.
  bool Enter(std::int64_t principal, std::size_t bytes, Sender sender) {
    const auto share = [sender](std::size_t all) { return sender == Sender::kStream ? all - all / 5 : all; };
    return room.Enter(principal, bytes, {share(options.capacity), share(options.bytes_max)},
                      {options.capacity, options.bytes_max});
  }

  // False: nobody waits for room.
  bool WakeOne() {
    if (waiting == 0) return false;
    std::function<void()> then;
    {
      const std::lock_guard lock(waiters_mutex);
      if (waiters.empty()) return false;
      then = std::move(waiters.front());
      waiters.pop_front();
      --waiting;
    }
    then();
    return true;
  }

  RecoveryContext Recovery(Lane& lane) {
    const auto on_batch = [this](std::size_t commands) {
      failed = 0;
      if (options.on_batch) options.on_batch(commands);
    };
    const auto on_failure = [this](const storage::Failure& failure) {
      failed = options.clock();
      if (options.on_failure) options.on_failure(failure);
    };
    return {lane.session,        lane.ids,           keys, Random64, options.clock, Pause, {}, on_batch, on_failure,
            options.on_conflict, options.renew_after};
  }

  void RunLane(Lane& lane) {
    RecoveryContext recovery = Recovery(lane);
    while (true) {
      std::vector<Item> items =
          lane.aside.empty() ? lane.inbox.Take(options.batch_max) : lane.inbox.Take(options.batch_max, kAsidePause);
      const bool last = items.empty() && lane.inbox.is_over();
      if (last && lane.aside.empty()) return;
      Begin(lane);
      const bool alone = !items.empty() && items.front()->command.runs_alone();
      if (!alone) {  // those that wait were here first
        items.insert(items.begin(), std::move_iterator(lane.aside.begin()), std::move_iterator(lane.aside.end()));
        lane.aside.clear();
      }
      try {
        std::vector<Item> aside = RunItems(recovery, items);
        if (!alone) lane.aside = std::move(aside);
      } catch (const std::exception& error) {  // RunRecovering throws nothing; what is around it should not either
        spdlog::critical("a batch was left behind: {}", error.what());
        for (const Item& item : items) Tell(*item, LeftBehind());
      }
      if (last) GiveUp(std::exchange(lane.aside, {}));
      answers.Help();
      End(lane);
    }
  }

  // What the lane decides from here on, it decides by a snapshot that it has yet to ask for.
  static void Begin(Lane& lane) {
    const std::lock_guard lock(lane.mutex);
    lane.works = true;
  }
  static void End(Lane& lane) {
    {
      const std::lock_guard lock(lane.mutex);
      lane.works = false;
      ++lane.batches;
    }
    lane.ended.notify_all();
  }
  static void AwaitBatch(Lane& lane) {
    std::unique_lock lock(lane.mutex);
    lane.ended.wait(lock, [&lane, seen = lane.batches] { return !lane.works || lane.batches != seen; });
  }

  void RunHere(Item item) {
    RecoveryContext recovery = Recovery(*lanes.front());
    std::vector<Item> items;
    items.push_back(std::move(item));
    GiveUp(RunItems(recovery, items));
  }

  static void GiveUp(const std::vector<Item>& items) {
    for (const Item& item : items) Tell(*item, Held());
  }

  // Runs them as a batch. Returns those that were set aside, and takes them away from the others.
  std::vector<Item> RunItems(RecoveryContext& recovery, std::vector<Item>& items) {
    storage::CountUnlocked(storage::Place::kQueue);
    const Instant now = options.clock();
    // What makes a newer snapshot prices nothing.
    const bool prices = items.front()->command.prices();
    recovery.snapshot = [this, prices]() -> Result<std::shared_ptr<const Snapshot>> {
      if (!prices) return snapshots.Newest();
      return snapshots.Get();
    };
    std::vector<PendingCommand*> commands;
    for (const Item& item : items) {
      if (item->aside_since != 0 && std::min(item->command.deadline, item->aside_since + kAsideMax) < now) {
        Tell(*item, Held());
      } else if (item->command.deadline < now) {
        Tell(*item, Error{Reason::kDeadlineExceeded, "the deadline passed while the request waited", {}});
      } else {
        if (!prices) RefreshAfter(*item);
        commands.push_back(item.get());
      }
    }
    const auto left = RunRecovering(recovery, std::move(commands));
    std::vector<Item> aside;
    for (Item& item : items)
      if (std::find(left.begin(), left.end(), item.get()) != left.end()) aside.push_back(std::move(item));
    return aside;
  }

  // Whoever changed what the snapshot holds reads his own write: the snapshot is read again before the answer.
  void RefreshAfter(PendingCommand& item) {
    item.done = [this, done = std::move(item.done)](Result<Answer> answer) {
      if (answer) snapshots.Refresh();
      done(std::move(answer));
    };
  }

  // Chooses lanes by member, so that two cards of one member meet in one lane. Only a matter of speed: what is right is
  // decided under the locks. The names that it reads travel with the commands.
  void RunRouter() {
    while (true) {
      std::vector<Item> items = router_inbox.Take(options.batch_max);
      if (items.empty()) return;
      const auto names = std::make_shared<storage::WorkingSet>();
      const auto snapshot = snapshots.Newest();
      const Rules rules{*snapshot, keys, options.clock()};
      bool read = false;
      try {
        if (router_session->suspect()) router_session->Reconnect();
        router_session->RenewIfIdle(options.renew_after);
        Needs needs(Needs::Mode::kCollect, *names);
        for (const Item& item : items) NamesOf(item->command, *names, rules, needs);
        storage::Exchange exchange(*router_session);
        needs.ReadNames(*names, exchange);
        exchange.Run();
        read = true;
      } catch (const std::exception&) {
        // Any lane will do; it will tell the caller what is wrong.
      }
      for (Item& item : items) {
        std::size_t lane = 0;
        try {
          lane = LaneOf(item->command, *names, rules);
        } catch (const std::exception& error) {
          spdlog::error("no lane could be chosen: {}", error.what());
        }
        if (read) item->names = names;
        lanes[lane]->inbox.Put(std::move(item));
      }
    }
  }

  // By member; who makes one, by what it names; a receipt without a card, anywhere; administration in one place.
  std::size_t LaneOf(const Command& command, storage::WorkingSet& names, const Rules& rules) const {
    if (command.runs_alone()) return 0;
    const Subjects subjects = SubjectsOfCommand(command, names);
    if (!subjects.empty()) return std::hash<std::int64_t>()(*subjects.begin()) % lanes.size();
    Needs first(Needs::Mode::kHash, names);
    NamesOf(command, names, rules, first);
    return (first.name_hash() != 0 ? first.name_hash() : std::hash<std::string>()(command.request_id)) % lanes.size();
  }
};

WriteQueue::WriteQueue(const storage::DatabaseUrl& url, SnapshotHolder& snapshots, const ProgramKeys& keys,
                       WriteQueueOptions options)
    : impl_(std::make_unique<Impl>(snapshots, keys, std::move(options))) {
  // SQLite has one writer: beside a busy lane another session's write would wait for seconds.
  const int count = url.engine == storage::Engine::kSqlite ? 1 : std::max(impl_->options.lanes, 1);
  if (impl_->options.capacity == 0) impl_->options.capacity = CapacityOf(count, impl_->options.batch_max);
  for (int i = 0; i < count; ++i) impl_->lanes.push_back(std::make_unique<Impl::Lane>(url));
  if (impl_->options.lanes == 0) return;
  impl_->answers.Start();
  if (count > 1) impl_->router_session = std::make_unique<storage::Session>(url);
  for (auto& lane : impl_->lanes) lane->thread = std::thread([this, &lane = *lane] { impl_->RunLane(lane); });
  if (count > 1) impl_->router = std::thread([this] { impl_->RunRouter(); });
}

WriteQueue::~WriteQueue() {
  impl_->stopping = true;
  while (impl_->WakeOne()) {
  }
  impl_->router_inbox.Stop();
  if (impl_->router.joinable()) impl_->router.join();
  for (auto& lane : impl_->lanes) lane->inbox.Stop();
  for (auto& lane : impl_->lanes)
    if (lane->thread.joinable()) lane->thread.join();
  impl_->answers.Stop();
}

Status WriteQueue::Submit(Command&& command, Done done, Sender sender) {
  storage::CountUnlocked(storage::Place::kQueue);
  if (impl_->stopping) return Error{Reason::kUnavailable, "the server is stopping; send the same request again", {}};
  const std::size_t bytes = command.bytes;
  const std::int64_t principal = command.principal_id;
  if (!impl_->Enter(principal, bytes, sender))
    return Error{Reason::kQueueFull, "too many requests are waiting; send the same request again a little later", {}};
  // Before the answer: whoever has it may send the next command at once.
  auto answered = [impl = impl_.get(), principal, bytes, done = std::move(done)](Result<Answer> answer) mutable {
    auto tell = [impl, principal, bytes, done = std::move(done), answer = std::move(answer)]() mutable {
      impl->room.Leave(principal, bytes);
      done(std::move(answer));
      impl->WakeOne();
    };
    if (impl->options.lanes == 0) {
      tell();
    } else {
      impl->answers.Put(std::move(tell));
    }
  };
  auto item = std::make_unique<PendingCommand>(PendingCommand{std::move(command), std::move(answered), {}});
  if (impl_->options.lanes == 0) {
    impl_->RunHere(std::move(item));
  } else {
    (impl_->router_session ? impl_->router_inbox : impl_->lanes.front()->inbox).Put(std::move(item));
  }
  return Ok{};
}

void WriteQueue::WhenRoom(std::function<void()> then) {
  {
    const std::lock_guard lock(impl_->waiters_mutex);
    impl_->waiters.push_back(std::move(then));
    ++impl_->waiting;
  }
  // The last command may have left before; whoever leaves from here on sees who waits.
  if (impl_->stopping || impl_->room.places() == 0) impl_->WakeOne();
}

Result<Answer> WriteQueue::Execute(Command command) {
  std::promise<Result<Answer>> promise;
  auto future = promise.get_future();
  if (const Status ok =
          Submit(std::move(command), [&promise](Result<Answer> answer) { promise.set_value(std::move(answer)); });
      !ok)
    return ok.error();
  return future.get();
}

std::size_t WriteQueue::waiting() const { return impl_->room.places(); }

std::size_t WriteQueue::waiting_bytes() const { return impl_->room.bytes(); }

void WriteQueue::AwaitBatches() const {
  for (const auto& lane : impl_->lanes) Impl::AwaitBatch(*lane);
}

bool WriteQueue::IsAway() const {
  const Instant failed = impl_->failed;
  return failed != 0 && impl_->options.clock() - failed < kAwayFor;
}

}  // namespace loyalty
