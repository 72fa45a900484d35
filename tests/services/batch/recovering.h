// Runs commands the way a lane does, whatever the test makes the database do.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "services/batch/recovery.h"
#include "tests/support/batch_world.h"

namespace loyalty::test {

// A lane of one world. Pauses do not sleep, they are counted.
class RecoveringLane {
 public:
  explicit RecoveringLane(BatchWorld& world, storage::Session* session = nullptr)
      : world_(world), session_(session == nullptr ? world.session() : *session) {
    ids.Reserve(session_, 4'096);
  }

  // The answers, each given exactly once. What is set aside runs again at once.
  std::vector<Result<Answer>> Run(const std::vector<Command>& commands) {
    std::vector<std::optional<Result<Answer>>> answers(commands.size());
    std::vector<PendingCommand> pending;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      Command command = commands[i];
      NoteFacts(command, world_.now);
      pending.push_back({std::move(command), [this, &answers, i](Result<Answer> answer) {
                           EXPECT_FALSE(answers[i]) << "answered twice";
                           answers[i] = std::move(answer);
                           if (on_answer) on_answer(i);
                         }});
    }
    std::vector<PendingCommand*> pointers;
    for (auto& one : pending) pointers.push_back(&one);
    RecoveryContext context{
        session_,
        ids,
        TestKeys(),
        [this] { return random ? random() : NthRandom(world_.randoms++); },
        [this] { return world_.now; },
        [this](int failures) { pauses.push_back(failures); },
        [this] { return stale ? Result<std::shared_ptr<const Snapshot>>(*stale) : world_.snapshot(); },
        [this](std::size_t size) { batches.push_back(size); },
        {},
        [this](const storage::Failure&) { ++conflicts; }};
    while (true) {
      pointers = RunRecovering(context, std::move(pointers));
      if (pointers.empty() || asides == kAsidesMax) break;
      ++asides;
      if (on_aside) on_aside(pointers.size());
    }
    std::vector<Result<Answer>> all;
    for (auto& answer : answers) {
      EXPECT_TRUE(answer) << "not answered";
      all.push_back(answer ? *std::move(answer) : Error{Reason::kInternal, "not answered", {}});
    }
    return all;
  }
  Result<Answer> Run(const Command& command) { return Run(std::vector{command}).front(); }

  storage::IdBlock ids;
  std::function<std::int64_t()> random;        // in place of the world's
  std::optional<Error> stale;                  // in place of the world's snapshot
  std::function<void(std::size_t)> on_answer;  // behind each answer, with its place
  int conflicts = 0;
  std::vector<int> pauses;
  std::vector<std::size_t> batches;  // sizes of the committed ones
  int asides = 0;                    // how often something was set aside
  std::function<void(std::size_t)> on_aside;

 private:
  static constexpr int kAsidesMax = 20;

  BatchWorld& world_;
  storage::Session& session_;
};

// Throws a failure at one statement and lets the rest pass.
inline std::function<void(std::string_view)> FailOnceAt(std::string statement, storage::FailureKind kind) {
  return [statement = std::move(statement), kind, failed = false](std::string_view name) mutable {
    if (failed || name != statement) return;
    failed = true;
    throw storage::Failure(kind, "injected");
  };
}

}  // namespace loyalty::test
