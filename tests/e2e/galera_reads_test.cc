// What callers see of a cluster of databases whose nodes are never quite at the same place. Goal: whoever was answered
// at one server finds the same at every other, and a node that has lost the others says so, and nothing else. Without
// causal reads (storage/galera.h) the first must be noted to be broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/galera_world.h"

namespace loyalty::test {
namespace {

const std::string kCard = "2600000001";
constexpr std::int64_t kPoints = 10;  // of a PlainScan

// Scans at one server after the other and asks the next for the balance; how many answers were of before.
int StaleReads(GaleraWorld& world, int scans) {
  std::vector<Caller> callers;
  for (const Server* server : world.Servers())
    callers.emplace_back(Connect(server->address()), world.installation().admin_key());
  int stale = 0;
  for (int i = 0; i < scans; ++i) {
    const auto at = static_cast<std::size_t>(i);
    v1::ScanResponse response;
    const auto scanned = callers[at % callers.size()].Call(&v1::TerminalService::Stub::Scan,
                                                           PlainScan(NewRequestId("scan"), kCard), &response);
    EXPECT_TRUE(scanned.ok()) << scanned.reason();
    v1::LookupMemberRequest request;
    request.mutable_identifier()->set_card(kCard);
    v1::LookupMemberResponse found;  // empty where the member is not known yet
    callers[(at + 1) % callers.size()].Call(&v1::MemberService::Stub::LookupMember, request, &found);
    if (found.member().balance().available() != kPoints * (i + 1)) ++stale;
  }
  return stale;
}

TEST(GaleraReads, WhatOneServerHasAnsweredAllServersKnow) {
  GaleraWorld world;
  EXPECT_EQ(StaleReads(world, 300), 0) << world.Logs();
}

TEST(GaleraReads, AreNotedToBeStaleWithoutTheWait) {
  GaleraWorld world({.program = "loyaltyd_sabotage", .environment = {{"LOYALTY_SABOTAGE", "causal_reads"}}});
  EXPECT_GT(StaleReads(world, 300), 0);
}

TEST(GaleraReads, ANodeThatHasLostTheOthersIsUnavailableAndTellsNothingOfBefore) {
  GaleraWorld world;
  const std::string key = world.installation().admin_key();
  const Caller there(Connect(world.server(0).address()), key);
  const Caller alone(Connect(world.server(2).address()), key);
  std::int64_t points = 0;
  const auto scan = [&](const Caller& caller) {
    v1::ScanResponse response;
    return caller.Call(&v1::TerminalService::Stub::Scan, PlainScan(NewRequestId("scan"), kCard), &response);
  };
  const auto scan_there = [&] {
    while (!scan(there).ok()) {  // the others wait for the node at first
    }
    points += kPoints;
  };
  scan_there();
  EXPECT_EQ(LookUp(alone, kCard).balance().available(), points);

  world.galera().Isolate(2);
  for (int away = 0, i = 0; away < 20; ++i) {
    ASSERT_LT(i, 600) << "it never notices";
    scan_there();
    v1::LookupMemberRequest request;
    request.mutable_identifier()->set_card(kCard);
    v1::LookupMemberResponse found;
    const auto read = alone.Call(&v1::MemberService::Stub::LookupMember, request, &found);
    if (read.ok()) {
      EXPECT_EQ(found.member().balance().available(), points);
    } else if (read.status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED) {
      EXPECT_EQ(read.status.error_code(), grpc::StatusCode::UNAVAILABLE) << read.reason();
      ++away;
    }
  }
  EXPECT_EQ(scan(alone).status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(BecomesHealthy(world.server(2), false)) << "it says that it serves";
  EXPECT_EQ(scan(alone).status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(BecomesHealthy(world.server(0), true)) << world.server(0).Log();

  world.galera().Rejoin(2);
  EXPECT_TRUE(BecomesHealthy(world.server(2), true)) << world.server(2).Log();
  EXPECT_EQ(LookUp(alone, kCard).balance().available(), points);
}

}  // namespace
}  // namespace loyalty::test
