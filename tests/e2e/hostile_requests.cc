#include "tests/e2e/hostile_requests.h"

#include <ctime>

#include "tests/e2e/caller.h"
#include "tests/e2e/hostile_parts.h"

namespace loyalty::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

v1::Receipt FullReceipt() {
  v1::Receipt receipt;
  receipt.set_receipt_no(NewRequestId("R"));
  receipt.mutable_business_time()->set_seconds(std::time(nullptr));
  receipt.set_currency_code("EUR");
  receipt.set_total_minor(1'000);
  v1::ReceiptLine& line = *receipt.add_lines();
  line.set_line_id("1");
  line.set_sku("4006381333931");
  line.add_category_ids("food");
  line.set_quantity_micros(1'000'000);
  line.set_amount_minor(1'000);
  line.add_taxes()->set_rate_millionths(190'000);
  v1::Payment& payment = *receipt.add_payments();
  payment.set_amount_minor(1'000);
  payment.set_redemption("members/0/redemptions/0");
  receipt.mutable_fiscal()->set_scheme("de-tse");
  receipt.mutable_fiscal()->set_serial("serial");
  receipt.mutable_fiscal()->set_transaction_no(NewRequestId("T"));
  receipt.mutable_fiscal()->set_signature("signature");
  return receipt;
}

v1::ScanRequest FullScan() {
  v1::ScanRequest scan;
  scan.set_request_id(NewRequestId("scan"));
  scan.set_terminal(TerminalName(1));
  scan.mutable_identifier()->set_card("2600000001");
  *scan.mutable_receipt() = FullReceipt();
  scan.add_voucher_codes("SOMMER");
  scan.set_referral_code("FREUND");
  scan.set_operator_("7");
  return scan;
}

v1::Catalogue FullCatalogue() {
  v1::Catalogue catalogue;
  catalogue.mutable_earning()->set_points(2);
  catalogue.mutable_earning()->set_per_amount_minor(100);
  catalogue.mutable_earning()->add_excluded_category_ids("tobacco");
  v1::Reward& coffee = *catalogue.add_rewards();
  coffee.set_name("rewards/coffee");
  coffee.set_display_name("Kaffee");
  coffee.set_cost_points(50);
  v1::SegmentRule& at_risk = *catalogue.mutable_retention()->mutable_lifecycle()->add_segments();
  at_risk.set_name("lifecycleSegments/AT_RISK");
  at_risk.set_suggestion("Ein Lächeln");
  catalogue.mutable_retention()->mutable_holdout()->set_salt("2026");
  return catalogue;
}

void Visit(Message& root, Message& part, const std::string& prefix, const std::string& text,
           const std::function<void(const std::string&, const Message&)>& visit) {
  const auto& reflection = *part.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(part, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    const int count = field->is_repeated() ? reflection.FieldSize(part, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Visit(root,
              field->is_repeated() ? *reflection.MutableRepeatedMessage(&part, field, i)
                                   : *reflection.MutableMessage(&part, field),
              path + ".", text, visit);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        const auto set = [&](const std::string& value) {
          if (field->is_repeated()) {
            reflection.SetRepeatedString(&part, field, i, value);
          } else {
            reflection.SetString(&part, field, value);
          }
        };
        const std::string before =
            field->is_repeated() ? reflection.GetRepeatedString(part, field, i) : reflection.GetString(part, field);
        set(text);
        visit(path, root);
        set(before);
      }
    }
  }
}

void AddAdmin(Requests& requests) {
  requests.Add<v1::CreateStoreRequest>("AdminService", "CreateStore", [](auto& request) {
    request.set_request_id(NewRequestId("store"));
    request.set_store_id("S2");
    request.mutable_store()->set_display_name("Nord");
    request.mutable_store()->set_time_zone("Europe/Berlin");
    request.mutable_store()->set_language_code("de");
  });
  requests.Add<v1::GetStoreRequest>("AdminService", "GetStore", [](auto& request) { request.set_name("stores/S1"); });
  requests.Add<v1::ListStoresRequest>("AdminService", "ListStores", [](auto& request) { request.set_page_token("x"); });
  requests.Add<v1::CreateTerminalRequest>("AdminService", "CreateTerminal", [](auto& request) {
    request.set_request_id(NewRequestId("terminal"));
    request.set_store("stores/S1");
    request.set_terminal_id("T2");
    request.mutable_terminal()->set_display_name("Kasse 2");
  });
  requests.Add<v1::ListTerminalsRequest>("AdminService", "ListTerminals", [](auto& request) {
    request.set_store("stores/S1");
    request.set_page_token("x");
  });
  requests.Add<v1::RestartTerminalNumberingRequest>("AdminService", "RestartTerminalNumbering", [](auto& request) {
    request.set_request_id(NewRequestId("restart"));
    request.set_terminal(TerminalName(1));
  });
  requests.Add<v1::EnrollTerminalRequest>("AdminService", "EnrollTerminal", [](auto& request) {
    request.set_request_id(NewRequestId("key"));
    request.set_terminal(TerminalName(1));
  });
  requests.Add<v1::RevokeTerminalRequest>("AdminService", "RevokeTerminal", [](auto& request) {
    request.set_request_id(NewRequestId("revoke"));
    request.set_terminal(TerminalName(1));
  });
  requests.Add<v1::ApplyCatalogueRequest>("CampaignService", "ApplyCatalogue", [](auto& request) {
    request.set_request_id(NewRequestId("apply"));
    *request.mutable_catalogue() = FullCatalogue();
  });
  requests.Add<v1::GetCatalogueRequest>("CampaignService", "GetCatalogue", [](auto&) {});
  requests.Add<v1::ListAlertsRequest>("FraudService", "ListAlerts", [](auto& request) {
    request.set_store("stores/S1");
    request.set_page_token("x");
  });
  requests.Add<v1::ResolveAlertRequest>("FraudService", "ResolveAlert", [](auto& request) {
    request.set_request_id(NewRequestId("resolve"));
    request.set_name("alerts/0123456789abcdef");
    request.set_note("looked at");
  });
}

void AddMembers(Requests& requests, const std::string& member) {
  requests.Add<v1::EnrollMemberRequest>("MemberService", "EnrollMember", [](auto& request) {
    request.set_request_id(NewRequestId("enroll"));
    request.add_identifiers()->set_card("2600000002");
    request.add_identifiers()->set_static_token("token");
    request.add_identifiers()->set_phone("+49301234567");
    request.add_identifiers()->set_email("ada@example.org");
    request.mutable_person()->set_given_name("Ada");
    request.mutable_person()->set_family_name("Lovelace");
    request.mutable_person()->set_greeting_name("Ada");
    request.mutable_person()->set_birth_date("1990-12-10");
    request.set_language_code("de");
    request.mutable_acquisition()->set_channel("store");
    request.mutable_acquisition()->set_campaign("spring");
    request.mutable_acquisition()->set_partner("partner");
    request.mutable_acquisition()->set_referral("friend");
    request.mutable_acquisition()->set_touchpoint("till");
    request.set_store("stores/S1");
  });
  requests.Add<v1::GetMemberRequest>("MemberService", "GetMember", [&](auto& request) { request.set_name(member); });
  requests.Add<v1::LookupMemberRequest>("MemberService", "LookupMember",
                                        [](auto& request) { request.mutable_identifier()->set_card("2600000001"); });
  requests.Add<v1::LinkIdentifierRequest>("MemberService", "LinkIdentifier", [&](auto& request) {
    request.set_request_id(NewRequestId("link"));
    request.set_member(member);
    request.mutable_identifier()->set_email("link@example.org");
  });
  requests.Add<v1::RegisterCardRangeRequest>("MemberService", "RegisterCardRange", [](auto& request) {
    request.set_request_id(NewRequestId("range"));
    request.set_first("2700000000");
    request.set_last("2700009999");
  });
  requests.Add<v1::GetBalanceRequest>("LedgerService", "GetBalance",
                                      [&](auto& request) { request.set_member(member); });
  requests.Add<v1::ListEntriesRequest>("LedgerService", "ListEntries", [&](auto& request) {
    request.set_member(member);
    request.set_page_token("x");
  });
  requests.Add<v1::ListLotsRequest>("LedgerService", "ListLots", [&](auto& request) {
    request.set_member(member);
    request.set_page_token("x");
  });
  requests.Add<v1::ListReceiptsRequest>("LedgerService", "ListReceipts", [&](auto& request) {
    request.set_member(member);
    request.set_page_token("x");
  });
  requests.Add<v1::ListReceiptsRequest>("LedgerService", "ListReceipts", [&](auto& request) {
    request.set_terminal(TerminalName(1));
    request.set_business_date("2026-01-05");
    request.set_page_token("x");
  });
  requests.Add<v1::ListRedemptionsRequest>("LedgerService", "ListRedemptions", [&](auto& request) {
    request.set_member(member);
    request.set_page_token("x");
  });
  requests.Add<v1::VerifyLedgerRequest>("LedgerService", "VerifyLedger", [&](auto& request) {
    request.set_request_id(NewRequestId("verify"));
    request.set_member(member);
  });
}

// What the service desk does.
void AddDesk(Requests& requests, const std::string& member) {
  const auto fill = [&member](auto& request) {
    request.set_request_id(NewRequestId("desk"));
    request.set_member(member);
    request.set_reason("LOST");
  };
  requests.Add<v1::UnlinkIdentifierRequest>("MemberService", "UnlinkIdentifier", [&](auto& request) {
    fill(request);
    request.mutable_identifier()->set_card("2600000001");
  });
  requests.Add<v1::BlockIdentifierRequest>("MemberService", "BlockIdentifier", [&](auto& request) {
    fill(request);
    request.mutable_identifier()->set_card("2600000001");
  });
  requests.Add<v1::ReplaceCardRequest>("MemberService", "ReplaceCard", [&](auto& request) {
    fill(request);
    request.set_card("2600000001");
    request.set_new_card("2600000002");
  });
  requests.Add<v1::BlockMemberRequest>("MemberService", "BlockMember", fill);
  requests.Add<v1::UnblockMemberRequest>("MemberService", "UnblockMember", fill);
}

void AddMemberChanges(Requests& requests, const std::string& member) {
  requests.Add<v1::ListMembersRequest>("MemberService", "ListMembers",
                                       [](auto& request) { request.set_page_token("x"); });
  requests.Add<v1::UpdateMemberRequest>("MemberService", "UpdateMember", [&](auto& request) {
    request.set_request_id(NewRequestId("update"));
    request.mutable_member()->set_name(member);
    request.mutable_member()->set_language_code("de");
    request.mutable_member()->mutable_person()->set_given_name("Ada");
    request.mutable_member()->mutable_person()->set_family_name("Lovelace");
    request.mutable_member()->mutable_person()->set_greeting_name("Ada");
    request.mutable_member()->mutable_person()->set_birth_date("1990-05-17");
    request.mutable_update_mask()->add_paths("person");
    request.mutable_update_mask()->add_paths("language_code");
  });
}

void AddRetention(Requests& requests, const std::string& member) {
  requests.Add<v1::FitModelsRequest>("RetentionService", "FitModels", [](auto& request) {
    request.set_request_id(NewRequestId("fit"));
    request.set_from_date("2020-01-01");
    request.set_until_date("2026-01-01");
  });
  requests.Add<v1::BacktestModelsRequest>("RetentionService", "BacktestModels", [](auto& request) {
    request.set_request_id(NewRequestId("backtest"));
    request.set_from_date("2020-01-01");
    request.set_until_date("2025-01-01");
    request.set_holdout_until_date("2026-01-01");
  });
  requests.Add<v1::ClassifyMembersRequest>("RetentionService", "ClassifyMembers",
                                           [](auto& request) { request.set_request_id(NewRequestId("classify")); });
  requests.Add<v1::GetRunRequest>("RetentionService", "GetRun",
                                  [](auto& request) { request.set_name("retentionRuns/1"); });
  requests.Add<v1::GetLifecycleRequest>("RetentionService", "GetLifecycle",
                                        [&](auto& request) { request.set_name(member); });
  requests.Add<v1::GetLifecycleSummaryRequest>("RetentionService", "GetLifecycleSummary",
                                               [](auto& request) { request.set_as_of_date("2026-01-01"); });
  requests.Add<v1::GetLifecycleMatrixRequest>("RetentionService", "GetLifecycleMatrix", [](auto& request) {
    request.add_dates("2025-01-01");
    request.add_dates("2026-01-01");
  });
  requests.Add<v1::GetRfmMatrixRequest>("RetentionService", "GetRfmMatrix",
                                        [](auto& request) { request.set_as_of_date("2026-01-01"); });
  requests.Add<v1::ListTransitionsRequest>("RetentionService", "ListTransitions", [](auto& request) {
    request.set_from_date("2020-01-01");
    request.set_until_date("2026-01-01");
    request.set_page_token("x");
  });
  requests.Add<v1::ListReactivationCandidatesRequest>("RetentionService", "ListReactivationCandidates",
                                                      [](auto& request) {
                                                        request.set_store("stores/S1");
                                                        request.set_page_token("x");
                                                      });
  requests.Add<v1::GetJobRequest>("JobService", "GetJob", [](auto& request) { request.set_name("jobs/1"); });
  requests.Add<v1::ListJobsRequest>("JobService", "ListJobs", [](auto& request) { request.set_page_token("x"); });
  requests.Add<v1::CancelJobRequest>("JobService", "CancelJob", [](auto& request) {
    request.set_request_id(NewRequestId("cancel"));
    request.set_name("jobs/1");
  });
  requests.Add<v1::ScoreRfmRequest>("RetentionService", "ScoreRfm", [](auto& request) {
    request.set_request_id(NewRequestId("rfm"));
    request.set_from_date("2020-01-01");
    request.set_until_date("2026-01-01");
  });
  requests.Add<v1::GetCohortReportRequest>("RetentionService", "GetCohortReport", [](auto& request) {
    request.set_from_date("2020-01-01");
    request.set_until_date("2026-01-01");
  });
  requests.Add<v1::ListRfmMembersRequest>("RetentionService", "ListRfmMembers", [](auto& request) {
    request.set_run("retentionRuns/1");
    request.set_page_token("x");
  });
  requests.Add<v1::VerifyStatisticsRequest>("RetentionService", "VerifyStatistics", [&](auto& request) {
    request.set_request_id(NewRequestId("verify"));
    request.set_member(member);
  });
  requests.Add<v1::ListRunsRequest>("RetentionService", "ListRuns", [](auto& request) { request.set_page_token("x"); });
}

void AddTill(Requests& requests, const std::string& redemption) {
  requests.Add<v1::ScanRequest>("TerminalService", "Scan", [](auto& request) { request = FullScan(); });
  requests.Add<v1::QuoteRequest>("TerminalService", "Quote", [](auto& request) {
    *request.mutable_scan() = FullScan();
    request.mutable_scan()->clear_request_id();  // is ignored
  });
  requests.Add<v1::RedeemRequest>("TerminalService", "Redeem", [](auto& request) {
    request.set_request_id(NewRequestId("redeem"));
    request.set_terminal(TerminalName(1));
    request.mutable_identifier()->set_card("2600000001");
    request.set_reward("rewards/coffee");
    *request.mutable_receipt() = FullReceipt();
    request.set_operator_("7");
  });
  requests.Add<v1::GetRedemptionRequest>("LedgerService", "GetRedemption",
                                         [&](auto& request) { request.set_name(redemption); });
  requests.Add<v1::CancelRedemptionRequest>("TerminalService", "CancelRedemption", [&](auto& request) {
    request.set_request_id(NewRequestId("cancel"));
    request.set_terminal(TerminalName(1));
    request.set_redemption(redemption);
    request.set_reason("CUSTOMER");
    request.set_operator_("7");
  });
}

}  // namespace

std::vector<GoodRequest> GoodRequests(const std::string& member, const std::string& redemption) {
  Requests requests;
  AddAdmin(requests);
  AddKeys(requests);
  AddOperators(requests);
  AddMembers(requests, member);
  AddDesk(requests, member);
  AddMemberChanges(requests, member);
  AddRetention(requests, member);
  AddTill(requests, redemption);
  return requests.Take();
}

void ForEachText(const Message& message, const std::string& text,
                 const std::function<void(const std::string& field, const Message& spoilt)>& visit) {
  const std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  Visit(*copy, *copy, "", text, visit);
}

}  // namespace loyalty::test
