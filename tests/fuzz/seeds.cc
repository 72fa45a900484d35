#include "tests/fuzz/seeds.h"

#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/campaign_service.pb.h"
#include "loyalty/v1/fraud_service.pb.h"
#include "loyalty/v1/job_service.pb.h"
#include "loyalty/v1/ledger_service.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "loyalty/v1/retention_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::fuzz {
namespace {

using google::protobuf::Message;

// Draws what a request is filled with.
struct Source {
  const Vocabulary& vocabulary;
  Instant now;
  Chance& chance;

  std::string Fresh(const char* what) const { return std::string(what) + "-" + std::to_string(chance.Bits()); }
  std::string Known(const char* field) const { return vocabulary.Draw(field, chance); }
  std::string Card() const { return "260000" + std::to_string(1'000 + chance.Below(20)); }
  std::string Terminal() const { return "stores/north/terminals/t" + std::to_string(1 + chance.Below(2)); }
  template <typename Request>
  void Window(Request& request) const {
    if (chance.OneIn(2)) request.set_from_date("2026-01-01");
    request.set_until_date(FormatDay(static_cast<Day>(now / kDayLength)));
  }
  void Time(google::protobuf::Timestamp& time) const {
    time.set_seconds(now / kSecond - static_cast<std::int64_t>(chance.Below(3) * 86'400));
  }
};

void FillReceipt(v1::Receipt& receipt, const Source& source) {
  receipt.set_receipt_no(source.Fresh("R"));
  source.Time(*receipt.mutable_business_time());
  receipt.set_currency_code("EUR");
  std::int64_t total = 0;
  for (std::size_t lines = source.chance.Below(4); lines > 0; --lines) {
    v1::ReceiptLine& line = *receipt.add_lines();
    line.set_sku("4006381333931");
    line.add_category_ids(source.chance.OneIn(4) ? "tobacco" : "food");
    line.set_quantity_micros(1'000'000);
    line.set_amount_minor(static_cast<std::int64_t>(source.chance.Below(50'000)));
    line.set_discount_minor(100);
    line.add_taxes()->set_rate_millionths(190'000);
    total += line.amount_minor();
  }
  receipt.set_total_minor(receipt.lines_size() == 0 ? 20'000 : total);
  v1::Payment& payment = *receipt.add_payments();
  payment.set_kind(v1::PAYMENT_KIND_OTHER);
  payment.set_amount_minor(receipt.total_minor());
  if (!source.chance.OneIn(4)) return;
  receipt.mutable_fiscal()->set_scheme("de-tse");
  receipt.mutable_fiscal()->set_serial("serial");
  receipt.mutable_fiscal()->set_transaction_no(source.Fresh("T"));
  receipt.set_training(source.chance.OneIn(8));
}

void FillScan(v1::ScanRequest& scan, const Source& source) {
  scan.set_request_id(source.Fresh("scan"));
  scan.set_terminal(source.Terminal());
  if (!source.chance.OneIn(8)) scan.mutable_identifier()->set_card(source.Card());
  if (!source.chance.OneIn(8)) FillReceipt(*scan.mutable_receipt(), source);
  if (source.chance.OneIn(8)) scan.add_voucher_codes("SOMMER");
  scan.set_operator_("7");
}

void Fill(Message& message, const Source& source) {
  Chance& chance = source.chance;
  if (auto* scan = dynamic_cast<v1::ScanRequest*>(&message)) return FillScan(*scan, source);
  if (auto* stream = dynamic_cast<v1::ScanStreamRequest*>(&message)) return FillScan(*stream->mutable_scan(), source);
  if (auto* quote = dynamic_cast<v1::QuoteRequest*>(&message)) return FillScan(*quote->mutable_scan(), source);
  if (auto* redeem = dynamic_cast<v1::RedeemRequest*>(&message)) {
    redeem->set_request_id(source.Fresh("redeem"));
    redeem->mutable_identifier()->set_card(source.Card());
    redeem->set_points(static_cast<std::int64_t>(10 * (1 + chance.Below(20))));
    if (chance.OneIn(2)) redeem->set_reward("rewards/coffee");
    if (chance.OneIn(3)) FillReceipt(*redeem->mutable_receipt(), source);
  } else if (auto* cancel = dynamic_cast<v1::CancelRedemptionRequest*>(&message)) {
    cancel->set_request_id(source.Fresh("cancel"));
    cancel->set_redemption(source.Known("redemption"));
    cancel->set_reason("CUSTOMER");
  } else if (auto* enroll = dynamic_cast<v1::EnrollMemberRequest*>(&message)) {
    enroll->set_request_id(source.Fresh("enroll"));
    enroll->add_identifiers()->set_card(source.Card());
    if (chance.OneIn(2)) enroll->add_identifiers()->set_email(source.Fresh("ada") + "@example.org");
    enroll->mutable_person()->set_given_name("Ada");
    enroll->mutable_person()->set_birth_date("1990-02-28");
    enroll->mutable_acquisition()->set_channel("store");
    enroll->set_store("stores/north");
  } else if (auto* link = dynamic_cast<v1::LinkIdentifierRequest*>(&message)) {
    link->set_request_id(source.Fresh("link"));
    link->set_member(source.Known("member"));
    link->mutable_identifier()->set_static_token(source.Fresh("token"));
  } else if (auto* unlink = dynamic_cast<v1::UnlinkIdentifierRequest*>(&message)) {
    unlink->set_request_id(source.Fresh("unlink"));
    unlink->set_member(source.Known("member"));
    unlink->mutable_identifier()->set_card(source.Card());
    unlink->set_reason("WRONG");
  } else if (auto* block = dynamic_cast<v1::BlockIdentifierRequest*>(&message)) {
    block->set_request_id(source.Fresh("block"));
    block->set_member(source.Known("member"));
    block->mutable_identifier()->set_card(source.Card());
    block->set_reason("LOST");
  } else if (auto* replace = dynamic_cast<v1::ReplaceCardRequest*>(&message)) {
    replace->set_request_id(source.Fresh("replace"));
    replace->set_member(source.Known("member"));
    replace->set_card(source.Card());
    replace->set_new_card(source.Card());
    replace->set_reason("LOST");
  } else if (auto* freeze = dynamic_cast<v1::BlockMemberRequest*>(&message)) {
    freeze->set_request_id(source.Fresh("freeze"));
    freeze->set_member(source.Known("member"));
    freeze->set_reason("FRAUD");
  } else if (auto* thaw = dynamic_cast<v1::UnblockMemberRequest*>(&message)) {
    thaw->set_request_id(source.Fresh("thaw"));
    thaw->set_member(source.Known("member"));
    thaw->set_reason("CHECKED");
  } else if (auto* member = dynamic_cast<v1::GetMemberRequest*>(&message)) {
    member->set_name(source.Known("member"));
    member->set_view(v1::MEMBER_VIEW_FULL);
  } else if (auto* lookup = dynamic_cast<v1::LookupMemberRequest*>(&message)) {
    lookup->mutable_identifier()->set_card(source.Card());
    lookup->set_view(v1::MEMBER_VIEW_FULL);
  } else if (auto* range = dynamic_cast<v1::RegisterCardRangeRequest*>(&message)) {
    const std::string head = std::to_string(30'000 + chance.Below(60'000));
    range->set_request_id(source.Fresh("range"));
    range->set_first(head + "00");
    range->set_last(head + "99");
  } else if (auto* balance = dynamic_cast<v1::GetBalanceRequest*>(&message)) {
    balance->set_member(source.Known("member"));
  } else if (auto* entries = dynamic_cast<v1::ListEntriesRequest*>(&message)) {
    entries->set_member(source.Known("member"));
    entries->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* lots = dynamic_cast<v1::ListLotsRequest*>(&message)) {
    lots->set_member(source.Known("member"));
    lots->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
    lots->set_include_closed(chance.OneIn(2));
  } else if (auto* receipts = dynamic_cast<v1::ListReceiptsRequest*>(&message)) {
    receipts->set_member(source.Known("member"));
    receipts->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* redemptions = dynamic_cast<v1::ListRedemptionsRequest*>(&message)) {
    redemptions->set_member(source.Known("member"));
    redemptions->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* redemption = dynamic_cast<v1::GetRedemptionRequest*>(&message)) {
    redemption->set_name(source.Known("redemption"));
  } else if (auto* verify = dynamic_cast<v1::VerifyLedgerRequest*>(&message)) {
    verify->set_request_id(source.Fresh("verify"));
    if (chance.OneIn(2)) verify->set_member(source.Known("member"));
  } else if (auto* fit = dynamic_cast<v1::FitModelsRequest*>(&message)) {
    fit->set_request_id(source.Fresh("fit"));
    source.Window(*fit);
    fit->set_k_max(static_cast<std::int32_t>(chance.Below(14)));
  } else if (auto* backtest = dynamic_cast<v1::BacktestModelsRequest*>(&message)) {
    backtest->set_request_id(source.Fresh("backtest"));
    backtest->set_until_date("2026-01-01");
    backtest->set_holdout_until_date(FormatDay(static_cast<Day>(source.now / kDayLength)));
  } else if (auto* classify = dynamic_cast<v1::ClassifyMembersRequest*>(&message)) {
    classify->set_request_id(source.Fresh("classify"));
    classify->set_measure(static_cast<v1::MeasureChoice>(chance.Below(3)));
  } else if (auto* run = dynamic_cast<v1::GetRunRequest*>(&message)) {
    run->set_name(source.Known("run"));
  } else if (auto* lifecycle = dynamic_cast<v1::GetLifecycleRequest*>(&message)) {
    lifecycle->set_name(source.Known("member"));
  } else if (auto* matrix = dynamic_cast<v1::GetLifecycleMatrixRequest*>(&message)) {
    matrix->add_dates("2025-12-01");
    matrix->add_dates(FormatDay(static_cast<Day>(source.now / kDayLength)));
  } else if (auto* moves = dynamic_cast<v1::ListTransitionsRequest*>(&message)) {
    moves->set_from_date("2026-01-01");
    moves->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* candidates = dynamic_cast<v1::ListReactivationCandidatesRequest*>(&message)) {
    candidates->set_view(static_cast<v1::CandidateView>(chance.Below(3)));
    candidates->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* alerts = dynamic_cast<v1::ListAlertsRequest*>(&message)) {
    alerts->set_state(static_cast<v1::AlertState>(chance.Below(3)));
    alerts->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* resolve = dynamic_cast<v1::ResolveAlertRequest*>(&message)) {
    resolve->set_request_id(source.Fresh("resolve"));
    resolve->set_name(source.Known("alert"));
    resolve->set_note("looked at");
  } else if (auto* job = dynamic_cast<v1::GetJobRequest*>(&message)) {
    job->set_name("jobs/1");
  } else if (auto* jobs = dynamic_cast<v1::ListJobsRequest*>(&message)) {
    jobs->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* cancel_job = dynamic_cast<v1::CancelJobRequest*>(&message)) {
    cancel_job->set_request_id(source.Fresh("canceljob"));
    cancel_job->set_name("jobs/1");
  } else if (auto* rfm = dynamic_cast<v1::ScoreRfmRequest*>(&message)) {
    rfm->set_request_id(source.Fresh("rfm"));
    source.Window(*rfm);
  } else if (auto* scored = dynamic_cast<v1::ListRfmMembersRequest*>(&message)) {
    scored->set_run(source.Known("run"));
    scored->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* runs = dynamic_cast<v1::ListRunsRequest*>(&message)) {
    runs->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* cohorts = dynamic_cast<v1::GetCohortReportRequest*>(&message)) {
    source.Window(*cohorts);
  } else if (auto* statistics = dynamic_cast<v1::VerifyStatisticsRequest*>(&message)) {
    statistics->set_request_id(source.Fresh("statistics"));
    if (chance.OneIn(2)) statistics->set_member(source.Known("member"));
  } else if (auto* apply = dynamic_cast<v1::ApplyCatalogueRequest*>(&message)) {
    apply->set_request_id(source.Fresh("apply"));
    v1::EarningRule& earning = *apply->mutable_catalogue()->mutable_earning();
    earning.set_points(static_cast<std::int64_t>(1 + chance.Below(3)));
    earning.set_per_amount_minor(100);
    earning.set_activation_delay_days(static_cast<std::int32_t>(chance.Below(2)));
    earning.set_validity_days(30);
    apply->mutable_catalogue()->mutable_burn()->set_points(10);
    apply->mutable_catalogue()->mutable_burn()->set_value_minor(10);
    if (chance.OneIn(2)) apply->mutable_catalogue()->mutable_burn()->set_code_from_points(50);
    if (chance.OneIn(2)) apply->mutable_catalogue()->mutable_limits()->set_earning_receipts_per_member_day(2);
    if (chance.OneIn(4)) apply->mutable_catalogue()->mutable_limits()->set_redemptions_per_member_day(1);
    if (chance.OneIn(4)) apply->mutable_catalogue()->mutable_limits()->set_redeemed_points_per_store_day(100);
    if (chance.OneIn(4)) apply->mutable_catalogue()->mutable_limits()->set_redeemed_points_per_operator_day(50);
    v1::Reward& coffee = *apply->mutable_catalogue()->add_rewards();
    coffee.set_name("rewards/coffee");
    coffee.set_display_name("Kaffee");
    coffee.set_cost_points(50);
    apply->set_validate_only(chance.OneIn(2));
  } else if (auto* store = dynamic_cast<v1::CreateStoreRequest*>(&message)) {
    store->set_request_id(source.Fresh("store"));
    store->set_store_id(source.Fresh("s"));
    store->mutable_store()->set_display_name("Nord");
    store->mutable_store()->set_time_zone("Europe/Berlin");
  } else if (auto* get = dynamic_cast<v1::GetStoreRequest*>(&message)) {
    get->set_name("stores/north");
  } else if (auto* stores = dynamic_cast<v1::ListStoresRequest*>(&message)) {
    stores->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* terminal = dynamic_cast<v1::CreateTerminalRequest*>(&message)) {
    terminal->set_request_id(source.Fresh("terminal"));
    terminal->set_store("stores/north");
    terminal->set_terminal_id(source.Fresh("t"));
  } else if (auto* terminals = dynamic_cast<v1::ListTerminalsRequest*>(&message)) {
    terminals->set_store("stores/north");
    terminals->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* restart = dynamic_cast<v1::RestartTerminalNumberingRequest*>(&message)) {
    restart->set_request_id(source.Fresh("restart"));
    restart->set_terminal(source.Terminal());
  } else if (auto* key = dynamic_cast<v1::EnrollTerminalRequest*>(&message)) {
    key->set_request_id(source.Fresh("key"));
    key->set_terminal(source.Terminal());
    if (chance.OneIn(4)) key->set_code("7KQ2-M4XB-0D9T-VE3H");
  } else if (auto* code = dynamic_cast<v1::CreateEnrollmentCodeRequest*>(&message)) {
    code->set_request_id(source.Fresh("code"));
    code->set_terminal(source.Terminal());
    if (chance.OneIn(2)) code->mutable_valid()->set_seconds(86'400);
  } else if (auto* no_code = dynamic_cast<v1::RevokeEnrollmentCodeRequest*>(&message)) {
    no_code->set_request_id(source.Fresh("no-code"));
    no_code->set_terminal(source.Terminal());
  } else if (auto* revoke = dynamic_cast<v1::RevokeTerminalRequest*>(&message)) {
    revoke->set_request_id(source.Fresh("revoke"));
    revoke->set_terminal(source.Terminal());
  } else if (auto* create = dynamic_cast<v1::CreateKeyRequest*>(&message)) {
    create->set_request_id(source.Fresh("create"));
    create->set_key_id(source.Fresh("key"));
    create->set_role(chance.OneIn(2) ? v1::ROLE_CLERK : v1::ROLE_SERVICE);
    if (chance.OneIn(2)) create->set_store("stores/north");
  } else if (auto* rotate = dynamic_cast<v1::RotateKeyRequest*>(&message)) {
    rotate->set_request_id(source.Fresh("rotate"));
    rotate->set_name(source.Known("name"));
    if (chance.OneIn(2)) rotate->mutable_overlap()->set_seconds(86'400);
  } else if (auto* end = dynamic_cast<v1::RevokeKeyRequest*>(&message)) {
    end->set_request_id(source.Fresh("end"));
    end->set_name(source.Known("name"));
    end->set_id(source.Known("id"));
  } else if (auto* update_store = dynamic_cast<v1::UpdateStoreRequest*>(&message)) {
    update_store->set_request_id(source.Fresh("update"));
    update_store->mutable_store()->set_name("stores/south");
    update_store->mutable_store()->set_operators_required(chance.OneIn(2));
    update_store->mutable_update_mask()->add_paths(chance.OneIn(2) ? "operators_required" : "display_name");
  } else if (auto* create_operator = dynamic_cast<v1::CreateOperatorRequest*>(&message)) {
    create_operator->set_request_id(source.Fresh("operator"));
    create_operator->set_store("stores/north");
    create_operator->set_role(chance.OneIn(2) ? v1::OPERATOR_ROLE_CASHIER : v1::OPERATOR_ROLE_SUPERVISOR);
    create_operator->set_pin("4071");
  } else if (auto* operators = dynamic_cast<v1::ListOperatorsRequest*>(&message)) {
    operators->set_store("stores/north");
    operators->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* reset = dynamic_cast<v1::ResetOperatorPinRequest*>(&message)) {
    reset->set_request_id(source.Fresh("reset"));
    reset->set_operator_(source.Known("operator"));
    reset->set_pin("8264");
  } else if (auto* update_operator = dynamic_cast<v1::UpdateOperatorRequest*>(&message)) {
    update_operator->set_request_id(source.Fresh("update"));
    update_operator->mutable_operator_()->set_name(source.Known("operator"));
    update_operator->mutable_operator_()->set_store(chance.OneIn(2) ? "stores/north" : "stores/south");
    update_operator->mutable_operator_()->set_role(chance.OneIn(2) ? v1::OPERATOR_ROLE_CASHIER
                                                                   : v1::OPERATOR_ROLE_SUPERVISOR);
    update_operator->mutable_update_mask()->add_paths(chance.OneIn(2) ? "store" : "role");
  } else if (auto* disable = dynamic_cast<v1::DisableOperatorRequest*>(&message)) {
    disable->set_request_id(source.Fresh("disable"));
    disable->set_operator_(source.Known("operator"));
  } else if (auto* sign_on = dynamic_cast<v1::SignOnOperatorRequest*>(&message)) {
    sign_on->set_request_id(source.Fresh("sign-on"));
    sign_on->set_operator_(source.Known("operator"));
    sign_on->set_pin("4071");
  } else if (auto* sign_off = dynamic_cast<v1::SignOffOperatorRequest*>(&message)) {
    sign_off->set_request_id(source.Fresh("sign-off"));
    sign_off->set_operator_(source.Known("operator"));
  } else if (auto* renew = dynamic_cast<v1::RenewKeyRequest*>(&message)) {
    renew->set_request_id(source.Fresh("renew"));
  } else if (auto* keys = dynamic_cast<v1::ListKeysRequest*>(&message)) {
    keys->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  } else if (auto* audit = dynamic_cast<v1::ListAuditEventsRequest*>(&message)) {
    audit->set_name("keys/admin");
    audit->set_page_size(static_cast<std::int32_t>(chance.Below(3)));
  }  // GetCatalogueRequest: the one in force
}

}  // namespace

Input Seed(std::uint8_t method, const Vocabulary& vocabulary, Instant now, Chance& chance) {
  Input input;
  input.method = method;
  const std::unique_ptr<Message> message(input.target().request->New());
  Fill(*message, {vocabulary, now, chance});
  message->SerializeToString(&input.message);
  return input;
}

}  // namespace loyalty::fuzz
