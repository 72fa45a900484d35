#include "clients/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "domain/check.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "tests/clients/temporary_directory.h"

namespace loyalty::client {
namespace {

v1::RedeemRequest Redeem(std::int64_t points, std::int64_t time) {
  v1::RedeemRequest request;
  request.mutable_identifier()->set_card("C1");
  request.set_points(points);
  request.mutable_business_time()->set_seconds(time);
  return request;
}

TEST(Journal, ARequestIsOnDiskWithItsIdBeforeItIsSent) {
  const TemporaryDirectory directory;
  const Journal journal(directory.path());
  auto request = Redeem(100, 1);
  const auto pending = journal.Begin("redeem 100", request);
  ASSERT_TRUE(pending);
  EXPECT_FALSE(pending->resumed);
  EXPECT_FALSE(request.request_id().empty());
  EXPECT_EQ(request.request_id(), pending->request_id);
  EXPECT_TRUE(std::filesystem::exists(pending->file));
}

TEST(Journal, ARequestWithoutAnIdIsABrokenPromiseInTheReleaseToo) {
  const TemporaryDirectory directory;
  v1::Receipt no_request;
  EXPECT_THROW(static_cast<void>(Journal(directory.path()).Begin("receipt", no_request)), BrokenPromise);
}

TEST(Journal, TheSameCommandResumesTheSameRequestWithItsFirstTime) {
  const TemporaryDirectory directory;
  auto first = Redeem(100, 1);
  ASSERT_TRUE(Journal(directory.path()).Begin("redeem 100", first));
  auto second = Redeem(100, 999);
  const auto resumed = Journal(directory.path()).Begin("redeem 100", second);
  ASSERT_TRUE(resumed);
  EXPECT_TRUE(resumed->resumed);
  EXPECT_EQ(second.SerializeAsString(), first.SerializeAsString());
}

TEST(Journal, AnotherCommandIsAnotherRequest) {
  const TemporaryDirectory directory;
  const Journal journal(directory.path());
  auto first = Redeem(100, 1);
  auto second = Redeem(200, 1);
  ASSERT_TRUE(journal.Begin("redeem 100", first));
  const auto other = journal.Begin("redeem 200", second);
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->resumed);
  EXPECT_NE(first.request_id(), second.request_id());
}

TEST(Journal, OnceAnsweredTheSameCommandIsANewRequest) {
  const TemporaryDirectory directory;
  const Journal journal(directory.path());
  auto first = Redeem(100, 1);
  const auto pending = journal.Begin("redeem 100", first);
  ASSERT_TRUE(pending);
  journal.Forget(*pending);
  journal.Forget(*pending);
  auto second = Redeem(100, 1);
  const auto again = journal.Begin("redeem 100", second);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->resumed);
  EXPECT_NE(first.request_id(), second.request_id());
}

TEST(Journal, ADamagedEntryIsAnErrorNotANewRequest) {
  const TemporaryDirectory directory;
  const Journal journal(directory.path());
  auto request = Redeem(100, 1);
  const auto pending = journal.Begin("redeem 100", request);
  ASSERT_TRUE(pending);
  for (const std::string damaged : {"", "\xFF\xFF\xFF"}) {
    std::ofstream(pending->file, std::ios::trunc) << damaged;
    EXPECT_FALSE(journal.Begin("redeem 100", request));
  }
}

TEST(Journal, ARunKeepsItsId) {
  const TemporaryDirectory directory;
  const auto first = Journal(directory.path()).RunId("replay a.csv");
  ASSERT_TRUE(first);
  EXPECT_EQ(*Journal(directory.path()).RunId("replay a.csv"), *first);
  EXPECT_NE(*Journal(directory.path()).RunId("replay b.csv"), *first);
}

TEST(Journal, RunsThatBeginAtTheSameTimeShareOneId) {
  const TemporaryDirectory directory;
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (auto& id : ids)
    threads.emplace_back([&] {
      const auto run_id = Journal(directory.path()).RunId("replay a.csv");
      if (run_id) id = *run_id;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_NE(ids[0], "");
  for (const auto& id : ids) EXPECT_EQ(id, ids[0]);
}

TEST(Journal, CommandsThatBeginAtTheSameTimeAreOneRequest) {
  const TemporaryDirectory directory;
  std::vector<v1::RedeemRequest> requests(8, Redeem(100, 1));
  std::atomic<int> fresh{0};
  std::vector<std::thread> threads;
  for (auto& request : requests)
    threads.emplace_back([&] {
      const auto pending = Journal(directory.path()).Begin("redeem 100", request);
      if (pending && !pending->resumed) ++fresh;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(fresh, 1);
  for (const auto& request : requests) EXPECT_EQ(request.request_id(), requests[0].request_id());
}

TEST(Journal, ADirectoryThatCannotBeMadeIsAnError) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "x";
  auto request = Redeem(1, 1);
  EXPECT_FALSE(Journal(directory.path() / "file" / "state").Begin("c", request));
}

}  // namespace
}  // namespace loyalty::client
