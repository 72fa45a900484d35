// Certificates that are renewed while the server runs, one file after the other, and wrongly.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/e2e/server.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

int CountOf(const std::string& part, const std::string& text) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class Certificates : public ::testing::Test {
 protected:
  std::filesystem::path certificate() const { return installation_.state_dir() / "tls.crt"; }
  std::filesystem::path key() const { return installation_.state_dir() / "tls.key"; }
  // As a program that renews: the file is there as a whole or not at all.
  static void Put(const std::filesystem::path& path, const std::string& text) {
    const std::string beside = path.string() + ".new";
    std::ofstream(beside) << text;
    std::filesystem::rename(beside, path);
  }

  // Whether a new connection succeeds for somebody who trusts this certificate and no other.
  bool IsServedWith(const std::string& certificate) const {
    const auto channel = Connect(server_.address(), certificate);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    grpc::health::v1::HealthCheckResponse health;
    return grpc::health::v1::Health::NewStub(channel)
        ->Check(&context, grpc::health::v1::HealthCheckRequest(), &health)
        .ok();
  }
  void WaitForMetric(int refused) const {
    const std::string line = "loyalty_tls_files_refused " + std::to_string(refused) + "\n";
    for (int i = 0; i < 200; ++i) {
      if (Get(server_.http_port(), "/metrics").find("\n" + line) != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << "no " << line << server_.Log();
  }
  void WaitUntilServedWith(const std::string& certificate) const {
    for (int i = 0; i < 50; ++i) {
      if (IsServedWith(certificate)) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << "the new certificate is not taken\n" << server_.Log();
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  Installation renewed_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};  // its files are the new ones
  Server server_{installation_, {.tls = true, .http = true}};
  const std::string before_ = installation_.certificate();
  const std::string after_ = renewed_.certificate();
};

TEST_F(Certificates, OneWithoutItsKeyWaitsForItWhileHandshakesGoOn) {
  ASSERT_TRUE(IsServedWith(before_));
  ASSERT_FALSE(IsServedWith(after_));
  Put(certificate(), after_);
  WaitForMetric(1);
  EXPECT_TRUE(IsServedWith(before_));
  EXPECT_FALSE(IsServedWith(after_));
  EXPECT_THAT(server_.Log(), HasSubstr("the private key in " + key().string() + " is not that of the certificate in " +
                                       certificate().string()));
  Put(key(), ReadText(renewed_.state_dir() / "tls.key"));
  WaitForMetric(0);
  WaitUntilServedWith(after_);
  EXPECT_FALSE(IsServedWith(before_));
}

TEST_F(Certificates, WhatCannotBeReadIsRefusedAndNamed) {
  struct Case {
    std::filesystem::path file;
    std::string content, said;
  };
  const std::string damaged = before_ + before_.substr(0, before_.size() / 2), good_key = ReadText(key());
  const std::string no_certificate = "cannot read a PEM certificate from " + certificate().string();
  const std::string no_key = "cannot read a PEM private key without a password from " + key().string();
  int refusals = 0;
  for (const Case& bad : {Case{certificate(), "no PEM\n", no_certificate}, Case{certificate(), damaged, no_certificate},
                          Case{key(), "", no_key}}) {
    Put(bad.file, bad.content);
    WaitForMetric(1);
    EXPECT_TRUE(IsServedWith(before_)) << bad.said;
    EXPECT_EQ(CountOf(bad.said, server_.Log()), bad.file == certificate() ? ++refusals : 1) << server_.Log();
    Put(certificate(), before_);
    Put(key(), good_key);
    WaitForMetric(0);
    EXPECT_TRUE(IsServedWith(before_));
  }
}

}  // namespace
}  // namespace loyalty::test
