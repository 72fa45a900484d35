// Commands against a peer that fails on demand, as the real server (tests/e2e) does not: what goes out, and what is
// kept.
#include "clients/session.h"

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <mutex>

#include "clients/arguments.h"
#include "clients/timestamps.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"
#include "tests/clients/temporary_directory.h"

namespace loyalty::client {
namespace {

class Till : public v1::TerminalService::Service {
 public:
  grpc::Status Scan(grpc::ServerContext*, const v1::ScanRequest* request, v1::ScanResponse*) override {
    const std::lock_guard lock(mutex_);
    seen_.push_back(*request);
    if (next_.empty()) return grpc::Status::OK;
    const auto code = next_.front();
    next_.erase(next_.begin());
    return {code, "as told"};
  }

  // The codes of the next answers; OK afterwards.
  void Answer(std::vector<grpc::StatusCode> next) { next_ = std::move(next); }
  const std::vector<v1::ScanRequest>& seen() const { return seen_; }

 private:
  std::mutex mutex_;
  std::vector<grpc::StatusCode> next_;
  std::vector<v1::ScanRequest> seen_;
};

class Rules : public v1::CampaignService::Service {
 public:
  grpc::Status GetCatalogue(grpc::ServerContext*, const v1::GetCatalogueRequest*, v1::GetCatalogueResponse*) override {
    ++asked_;
    return {code_, "as told"};
  }

  void Answer(grpc::StatusCode code) { code_ = code; }
  int asked() const { return asked_; }

 private:
  std::atomic<grpc::StatusCode> code_ = grpc::StatusCode::OK;
  std::atomic<int> asked_ = 0;
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&till_);
    builder.RegisterService(&rules_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~SessionTest() override { server_->Shutdown(); }

  Outcome Scan(const std::string& key) { return Scan(key, directory_.path() / key); }
  Outcome Scan(const std::string& key, const std::filesystem::path& file) {
    std::ofstream(file) << key << "\n";
    Connection connection;
    if (auto failed = Connection::Open({.server = address_, .key_file = file, .insecure = true}, connection))
      return failed;
    const Session session(std::move(connection), Journal(directory_.path()), OutputFormat::kJson);
    const auto stub = v1::TerminalService::NewStub(session.connection().channel());
    Mutation mutation{"scan", {}, false};
    v1::ScanRequest request;
    request.mutable_identifier()->set_card("2600000017");
    v1::ScanResponse response;
    return session.Mutate(*stub, &v1::TerminalService::Stub::Scan, mutation, request, &response);
  }

  TemporaryDirectory directory_;
  Till till_;
  Rules rules_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(SessionTest, ARequestIsGoodForTenMinutesFromTheStartOfItsCommandOverAllTries) {
  till_.Answer({grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::UNAVAILABLE});
  const Instant before = Now();
  EXPECT_FALSE(Scan("key"));
  ASSERT_EQ(till_.seen().size(), 3U);
  const Instant good_until = InstantOf(till_.seen()[0].not_after());
  EXPECT_GE(good_until, before + kRequestGoodFor);
  EXPECT_LE(good_until, Now() + kRequestGoodFor);
  for (const auto& request : till_.seen()) EXPECT_EQ(request.SerializeAsString(), till_.seen()[0].SerializeAsString());
}

TEST_F(SessionTest, ACommandThatIsRunAgainIsTheSameRequestAndGoodForAsLongAsANewOne) {
  till_.Answer({grpc::StatusCode::INTERNAL});
  EXPECT_TRUE(Scan("key"));
  EXPECT_FALSE(Scan("key"));
  ASSERT_EQ(till_.seen().size(), 2U);
  EXPECT_EQ(till_.seen()[0].request_id(), till_.seen()[1].request_id());
  EXPECT_GT(InstantOf(till_.seen()[1].not_after()), InstantOf(till_.seen()[0].not_after()));
}

TEST_F(SessionTest, WhatOneTillHasLeftUnfinishedIsNotResumedWithTheKeyOfAnother) {
  till_.Answer({grpc::StatusCode::INTERNAL});
  EXPECT_TRUE(Scan("first"));
  EXPECT_FALSE(Scan("second"));
  EXPECT_FALSE(Scan("first"));
  ASSERT_EQ(till_.seen().size(), 3U);
  EXPECT_NE(till_.seen()[1].request_id(), till_.seen()[0].request_id());
  EXPECT_EQ(till_.seen()[2].request_id(), till_.seen()[0].request_id());
}

// A key is replaced now and then, and the till stays: for the server both keys are the same caller.
TEST_F(SessionTest, WhatWasLeftUnfinishedIsResumedWithTheKeyThatCameInPlaceOfTheOldOne) {
  const auto file = directory_.path() / "till.key";
  till_.Answer({grpc::StatusCode::INTERNAL});
  EXPECT_TRUE(Scan("first", file));
  EXPECT_FALSE(Scan("second", directory_.path() / "." / "till.key"));
  ASSERT_EQ(till_.seen().size(), 2U);
  EXPECT_EQ(till_.seen()[1].request_id(), till_.seen()[0].request_id());
}

TEST_F(SessionTest, WhyTheTimeZoneIsNotToldIsReportedAsItIs) {
  std::ofstream(directory_.path() / "key") << "key\n";
  const auto zones = [&](grpc::StatusCode code) -> Failure {
    rules_.Answer(code);
    Connection connection;
    const auto closed =
        Connection::Open({.server = address_, .key_file = directory_.path() / "key", .insecure = true}, connection);
    EXPECT_FALSE(closed);
    Session session(std::move(connection), Journal(directory_.path()), OutputFormat::kJson);
    StoreZones found;
    const auto failed = FindStoreZones(session, "", found);
    EXPECT_TRUE(failed);
    Instant at = 0;
    const int asked = rules_.asked();
    const auto again = ReadTime(session, "2026-01-31T10:00:00", "", at);
    EXPECT_EQ(rules_.asked(), asked) << "it asks once";
    EXPECT_EQ(again.value_or(Failure{}).what, failed.value_or(Failure{}).what);
    return failed.value_or(Failure{});
  };
  const Failure refused = zones(grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(refused.code, ExitCode::kRefused);
  EXPECT_EQ(refused.what, "read catalogue: UNAUTHENTICATED: as told");
  const Failure unreachable = zones(grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(unreachable.code, ExitCode::kUnreachable);
  EXPECT_EQ(unreachable.what, "read catalogue: DEADLINE_EXCEEDED: as told");
}

}  // namespace
}  // namespace loyalty::client
