// A program with a year of receipts, and short words for what tests ask about stages, moves and candidates.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/time.h"
#include "storage/tables/days.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/catalogue.h"
#include "tests/e2e/receipts_csv.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {

inline constexpr int kYearMembers = 600;
inline constexpr std::chrono::seconds kReport{60};

class Lifecycle : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Lifecycle() {
    SetUpProgram(admin_, 1);
    EXPECT_EQ(shell_.Till({"replay", shell_.Write("year.csv", YearOfReceipts(kYearMembers)).string()}).code, 0);
  }

  v1::MeasureRun Classify(std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(), {"retention", "classify"});
    return shell_.AdminJson<v1::RetentionRun>(flags).measure();
  }
  void Apply(const std::string& retention) {
    ApplyCatalogue(shell_,
                   R"({"earning": {"points": 1, "per_amount_minor": 100}, "burn": {"points": 100, "value_minor": 100},
            "retention": )" +
                       retention + "}",
                   clock_, {&admin_});
  }

  template <typename Request, typename Response>
  Response Ask(grpc::Status (v1::RetentionService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) const {
    Response response;
    EXPECT_EQ(admin_.Call(method, request, &response, kReport).reason(), "OK");
    return response;
  }
  // What all pages of a list hold.
  template <typename Item, typename Request, typename Response>
  std::vector<Item> All(grpc::Status (v1::RetentionService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                           Response*),
                        const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const,
                        Request request) const {
    std::vector<Item> all;
    do {
      const Response page = Ask(method, request);
      all.insert(all.end(), (page.*items)().begin(), (page.*items)().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  std::vector<v1::ReactivationCandidate> Candidates(v1::CandidateView view, int page_size = 1'000) const {
    v1::ListReactivationCandidatesRequest request;
    request.set_view(view);
    request.set_page_size(page_size);
    return All<v1::ReactivationCandidate>(&v1::RetentionService::Stub::ListReactivationCandidates,
                                          &v1::ListReactivationCandidatesResponse::candidates, request);
  }
  std::vector<v1::LifecycleTransition> Moves(v1::TransitionCause cause = v1::TRANSITION_CAUSE_UNSPECIFIED) const {
    v1::ListTransitionsRequest request;
    request.set_cause(cause);
    request.set_page_size(100);
    return All<v1::LifecycleTransition>(&v1::RetentionService::Stub::ListTransitions,
                                        &v1::ListTransitionsResponse::transitions, request);
  }
  std::string CardOf(const std::string& member) const {
    v1::GetMemberRequest request;
    request.set_name(member);
    request.set_view(v1::MEMBER_VIEW_FULL);
    v1::GetMemberResponse response;
    EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::GetMember, request, &response).reason(), "OK");
    return response.member().identifiers(0).identifier().card();
  }
  v1::ScanResponse Scan(const std::string& card) const {
    v1::ScanResponse response;
    const auto request = PlainScan(NewRequestId("scan"), card);
    EXPECT_EQ(admin_.Call(&v1::TerminalService::Stub::Scan, request, &response).reason(), "OK");
    return response;
  }
  v1::GetLifecycleResponse Explain(const std::string& member) const {
    v1::GetLifecycleRequest request;
    request.set_name(member);
    return Ask(&v1::RetentionService::Stub::GetLifecycle, request);
  }
  // As if everything had happened so many days earlier.
  void LetPass(int days) const {
    storage::Session session(installation_.url());
    std::vector<std::string> updates;
    session.Read("SELECT id, recent_days FROM members WHERE days > 0", [&](std::int64_t id, const Bytes& packed) {
      auto recent = storage::UnpackDays(packed.value);
      for (auto& day : recent) day.day -= days;
      updates.push_back(fmt::format(
          "UPDATE members SET first_day = first_day - {0}, last_day = last_day - {0}, since_day = since_day - {0}, "
          "create_time = create_time - {0} * {1}, recent_days = x'{2}' WHERE id = {3}",
          days, kDayLength, Hex(storage::PackDays(recent)), id));
    });
    storage::Transaction transaction(session);
    for (const std::string& update : updates) session.Run(update);
    session.Run(fmt::format("UPDATE members SET due_day = due_day - {}", days));
    transaction.Commit();
    // By way of days that nobody has: two days of a member must not meet.
    installation_.Execute(fmt::format("UPDATE member_day SET day = day - {}", days + 10'000));
    installation_.Execute("UPDATE member_day SET day = day + 10000");
  }
  std::int64_t Number(const std::string& sql) const { return installation_.Number(sql); }
  // What classifications have left behind, by card: standings and sums, then all moves.
  std::string Tables() const {
    storage::Session session(installation_.url());
    std::string text;
    const auto add = [&session, &text](const std::string& columns, std::size_t count, const std::string& table,
                                       const std::string& member) {
      std::vector<storage::Type> types(count + 1, storage::Type::kNumber);
      types[0] = storage::Type::kText;
      session.ReadRows("SELECT i.code, " + columns + " FROM " + table + " s JOIN identifiers i ON i.member_id = s." +
                           member + " ORDER BY i.code, " + columns,
                       types, [&](const storage::ResultRow& row) {
                         text += row.Text(0);
                         for (std::size_t i = 1; i <= count; ++i) text += fmt::format(" {}", row.Number(i));
                         text += '\n';
                       });
    };
    add("stage, segment, lost_stage, rule, since_day, retained, due_day, transitions, days, amount, sum_ln_gap", 11,
        "members", "id");
    add("seq, from_stage, from_segment, from_lost_stage, to_stage, to_segment, to_lost_stage, day, cause, rule, run_id",
        11, "lifecycle_transitions", "member_id");
    return text;
  }

  TestClock clock_;
  Installation installation_{GetParam()};
  Server server_{installation_, {.clock = &clock_}};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
};

}  // namespace loyalty::test
