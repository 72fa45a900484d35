// Certificates of tills as the handbook makes them: whose they are, and what becomes of revoked ones.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

// The blocks of docs/OPERATIONS.md that make an authority, the certificate of a till, and a list of revoked ones.
std::string BlockOfHandbook(const std::string& mark) {
  const std::string text = ReadText(LOYALTY_SOURCE "/docs/OPERATIONS.md");
  const auto at = text.find("```sh\n# " + mark);
  if (at == std::string::npos) throw std::runtime_error("docs/OPERATIONS.md has no block '" + mark + "'");
  const auto begin = text.find('\n', at) + 1;
  return text.substr(begin, text.find("\n```", begin) + 1 - begin);
}

class ClientCertificates : public ::testing::Test {
 protected:
  ClientCertificates() {
    std::filesystem::create_directories(ca());
    Run(BlockOfHandbook("An authority"));
    for (const char* till : {"1", "2"})
      Run("S=S1 T=T" + std::string(till) + "\n" + BlockOfHandbook("A certificate of a till"));
    Run("S=S1 T=T3\n" + BlockOfHandbook("A certificate of a till"));
    std::filesystem::create_directory(ca() / "crl");
    server_ =
        std::make_unique<Server>(installation_, ServerOptions{.tls = true,
                                                              .client_ca = (ca() / "ca.crt").string(),
                                                              .http = true,
                                                              .more = {"--tls-crl-dir", (ca() / "crl").string()}});
    // Who administers has a certificate as well: one that names no terminal.
    Run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=office -keyout office.key -out "
        "office.csr\nopenssl ca -config ca.cnf -batch -notext -days 397 -in office.csr -out office.crt");
    const Caller admin(Through("office"), installation_.admin_key());
    SetUpProgram(admin, 2);
    for (int i = 1; i <= 2; ++i) keys_.push_back(EnrollTerminal(admin, TerminalName(i)));
  }

  std::filesystem::path ca() const { return installation_.directory() / "ca"; }
  void Run(const std::string& commands) const {
    const Ended ended = RunProgram({.arguments = {"/bin/sh", "-eu", "-c", commands},
                                    .log = installation_.directory() / "openssl",
                                    .directory = ca()});
    ASSERT_EQ(ended.code, 0) << commands << ended.err;
  }
  // A new connection, with this certificate.
  std::shared_ptr<grpc::Channel> Through(const std::string& name) const {
    return Connect(server_->address(), installation_.certificate(), (ca() / name).string());
  }
  static std::string Scan(const std::shared_ptr<grpc::Channel>& channel, const std::string& key, int till) {
    v1::ScanRequest request = PlainScan(NewRequestId("scan"), "2600000001");
    request.set_terminal(TerminalName(till));
    v1::ScanResponse response;
    return Caller(channel, key).Call(&v1::TerminalService::Stub::Scan, request, &response).reason();
  }
  template <typename Is>
  void WaitUntil(Is is, const std::string& what) const {
    for (int i = 0; i < 200; ++i) {
      if (is()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << what << "\n" << server_->Log();
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  std::unique_ptr<Server> server_;
  std::vector<std::string> keys_;  // of tills 1 and 2
};

TEST_F(ClientCertificates, OneOfATerminalIsForNoOther) {
  const auto first = Through("S1-T1"), second = Through("S1-T2"), office = Through("office");
  EXPECT_EQ(Scan(first, keys_[0], 1), "OK");
  EXPECT_EQ(Scan(second, keys_[1], 2), "OK");
  EXPECT_EQ(Scan(second, keys_[0], 1), "CERTIFICATE_OF_ANOTHER_TERMINAL");
  EXPECT_EQ(Scan(first, installation_.admin_key(), 1), "CERTIFICATE_OF_ANOTHER_TERMINAL") << "whoever it is";
  EXPECT_EQ(Scan(office, keys_[0], 1), "OK") << "it names no terminal";
  EXPECT_EQ(Scan(first, "nobody", 1), "UNAUTHENTICATED");
  // Streams, of both kinds.
  grpc::ClientContext context;
  Caller(second, keys_[0]).Prepare(context);
  const auto stub = v1::TerminalService::NewStub(second);
  const auto stream = stub->ScanStream(&context);
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(ClientCertificates, OneThatWasRevokedEndsOnConnectionsThatAreOpenToo) {
  const auto first = Through("S1-T1"), second = Through("S1-T2");
  ASSERT_EQ(Scan(first, keys_[0], 1), "OK");
  ASSERT_EQ(Scan(second, keys_[1], 2), "OK");
  grpc::ClientContext context;
  Caller(first, keys_[0]).Prepare(context, std::chrono::seconds(60));
  const auto stub = v1::TerminalService::NewStub(first);
  const auto stream = stub->ScanStream(&context);
  const auto ask = [&stream] {
    v1::ScanStreamRequest request;
    *request.mutable_scan() = PlainScan(NewRequestId("scan"), "2600000001");
    request.mutable_scan()->set_terminal(TerminalName(1));
    v1::ScanStreamResponse response;
    EXPECT_TRUE(stream->Write(request));
    EXPECT_TRUE(stream->Read(&response));
    return response.has_error() ? response.error().code() : 0;
  };
  ASSERT_EQ(ask(), 0);
  Run("S=S1 T=T1\n" + BlockOfHandbook("Revoke a certificate"));
  WaitUntil([&] { return Scan(first, keys_[0], 1) == "CERTIFICATE_REVOKED"; }, "the list is not read");
  EXPECT_EQ(ask(), grpc::StatusCode::UNAUTHENTICATED) << "on a stream that was open";
  stream->WritesDone();
  EXPECT_EQ(Scan(Through("S1-T1"), keys_[0], 1), "CERTIFICATE_REVOKED") << "on a new connection";
  EXPECT_EQ(Scan(second, keys_[1], 2), "OK");
  // Not even the health of the server is told.
  grpc::ClientContext health_context;
  health_context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  grpc::health::v1::HealthCheckResponse health;
  EXPECT_EQ(grpc::health::v1::Health::NewStub(first)
                ->Check(&health_context, grpc::health::v1::HealthCheckRequest(), &health)
                .error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ClientCertificates, AListThatCannotBeUsedChangesNothingAndIsTold) {
  const auto first = Through("S1-T1");
  Run("S=S1 T=T1\n" + BlockOfHandbook("Revoke a certificate"));
  WaitUntil([&] { return Scan(first, keys_[0], 1) == "CERTIFICATE_REVOKED"; }, "the list is not read");
  Run("mv crl/ca.crl old.crl\necho nonsense > crl/ca.crl");
  WaitUntil([&] { return server_->Log().find("no list of revoked certificates") != std::string::npos; }, "not told");
  EXPECT_THAT(Get(server_->http_port(), "/metrics"), HasSubstr("\nloyalty_tls_files_refused 1\n"));
  EXPECT_EQ(Scan(first, keys_[0], 1), "CERTIFICATE_REVOKED");
  // Of another authority with the same name: nobody can revoke our tills, nor un-revoke them.
  Run("mkdir other; cd other\n" + BlockOfHandbook("An authority") +
      "\nopenssl ca -config ca.cnf -gencrl -out ../crl/ca.crl");
  WaitUntil([&] { return server_->Log().find("signed by no certificate of --tls-client-ca") != std::string::npos; },
            "not told");
  EXPECT_EQ(Scan(first, keys_[0], 1), "CERTIFICATE_REVOKED");
  Run("mv old.crl crl/ca.crl");
  WaitUntil(
      [&] {
        return Get(server_->http_port(), "/metrics").find("\nloyalty_tls_files_refused 0\n") != std::string::npos;
      },
      "still refused");
}

TEST_F(ClientCertificates, TheProgramsShowTheirs) {
  Shell shell(installation_, server_->address(), true);
  const auto with = [this](const std::string& name, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(),
                     {"--cert", (ca() / (name + ".crt")).string(), "--cert-key", (ca() / (name + ".key")).string()});
    return arguments;
  };
  EXPECT_EQ(shell.Admin({"--timeout", "1", "store", "list"}).code, 4) << "the server asks for a certificate";
  EXPECT_EQ(shell.Admin(with("office", {"store", "list"})).code, 0);
  // A till whose certificate was there first enrols by code; that of another till does not.
  const auto made =
      shell.AdminJson<v1::CreateEnrollmentCodeResponse>(with("office", {"terminal", "code", TerminalName(1)}));
  shell.Write("code.txt", made.code());
  const std::vector<std::string> enroll{"enroll", "--code-file", "code.txt", "--out", "till.key"};
  EXPECT_THAT(shell.Till(with("S1-T2", enroll)).err, HasSubstr("certificate"));
  EXPECT_EQ(shell.Till(with("S1-T1", enroll)).code, 0);
  shell.UseKey(shell.File("till.key"));
  shell.UseEnvironment(
      {{"LOYALTY_CERT", (ca() / "S1-T1.crt").string()}, {"LOYALTY_CERT_KEY", (ca() / "S1-T1.key").string()}});
  EXPECT_EQ(shell.Till({"scan", "--card", "2600000001"}).code, 0);
  const Ended half = shell.Till({"scan", "--card", "2600000001", "--cert-key", ""});
  EXPECT_EQ(half.code, 2) << half.err;
}

// Where nginx ends TLS, it checks certificates and lists, and tells the server whose it was.
TEST_F(ClientCertificates, AProxyThatIsTrustedTellsWhoseItWas) {
  Run("S=S1 T=T3\n" + BlockOfHandbook("Revoke a certificate") + "cp crl/ca.crl ca.crl");
  const Server behind(installation_, {.more = {"--trusted-proxy", "127.0.0.1"}});
  const Nginx nginx(installation_, behind.address(), {}, ca().string());
  const auto through = [&](const std::string& name) {
    return Connect(nginx.address(), installation_.certificate(), (ca() / name).string());
  };
  EXPECT_EQ(Scan(through("S1-T1"), keys_[0], 1), "OK");
  EXPECT_EQ(Scan(through("S1-T2"), keys_[0], 1), "CERTIFICATE_OF_ANOTHER_TERMINAL");
  EXPECT_NE(Scan(through("S1-T3"), keys_[0], 1), "OK") << "revoked: nginx knows";
  // What a client writes there itself, is not passed on.
  grpc::ClientContext context;
  Caller(through("S1-T2"), keys_[0]).Prepare(context);
  context.AddMetadata("ssl-client-cert", "-----BEGIN%20CERTIFICATE-----");
  v1::ScanRequest request = PlainScan(NewRequestId("scan"), "2600000001");
  request.set_terminal(TerminalName(1));
  v1::ScanResponse response;
  EXPECT_EQ(v1::TerminalService::NewStub(through("S1-T2"))->Scan(&context, request, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

// Whoever is no trusted proxy cannot say whose certificate he has.
TEST_F(ClientCertificates, WhatAStrangerSaysOfCertificatesIsNotRead) {
  const Server plain(installation_, {.more = {"--trusted-proxy", "10.0.0.0/8"}});
  grpc::ClientContext context;
  Caller(Connect(plain.address()), keys_[0]).Prepare(context);
  std::string pem;
  for (const char c : ReadText(ca() / "S1-T2.crt")) pem += c == '\n' ? std::string("%0A") : std::string(1, c);
  context.AddMetadata("ssl-client-cert", pem);
  v1::ScanRequest request = PlainScan(NewRequestId("scan"), "2600000001");
  request.set_terminal(TerminalName(1));
  v1::ScanResponse response;
  EXPECT_TRUE(v1::TerminalService::NewStub(Connect(plain.address()))->Scan(&context, request, &response).ok());
}

}  // namespace
}  // namespace loyalty::test
