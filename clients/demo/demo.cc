#include "clients/demo/demo.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/arguments.h"
#include "clients/demo/redemption_plan.h"
#include "clients/demo/survey.h"
#include "clients/files.h"
#include "clients/generate/generate.h"
#include "clients/parallel.h"
#include "clients/request_ids.h"
#include "domain/money.h"
#include "loyalty/v1/admin_service.grpc.pb.h"
#include "loyalty/v1/campaign_service.grpc.pb.h"
#include "loyalty/v1/member_service.grpc.pb.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"

namespace loyalty::client {
namespace {

struct DemoMember {
  std::string card;
  std::string name;  // members/{member}
  Points available = 0;
  Points outstanding = 0;  // available, pending and held
};

class Demo {
 public:
  Demo(Session& session, const DemoOptions& options, DemoReport& report)
      : session_(session),
        options_(options),
        report_(report),
        admin_(v1::AdminService::NewStub(session.connection().channel())),
        campaigns_(v1::CampaignService::NewStub(session.connection().channel())),
        members_stub_(v1::MemberService::NewStub(session.connection().channel())),
        terminals_stub_(v1::TerminalService::NewStub(session.connection().channel())) {}

  Outcome Run() {
    if (auto failed = FindFile()) return failed;
    if (auto failed = ApplyCatalogue()) return failed;
    if (auto failed = ReadSurvey(file_, zone_, survey_)) return failed;
    report_.stores = survey_.stores.size();
    report_.terminals = survey_.terminals.size();
    report_.members = survey_.cards.size();
    Say("catalogue version " + std::to_string(catalogue_version_) + ", " + std::to_string(survey_.stores.size()) +
        " stores, " + std::to_string(survey_.terminals.size()) + " terminals, " + std::to_string(survey_.cards.size()) +
        " members");
    if (auto failed = MakeStores()) return failed;
    if (auto failed = EnrollMembers()) return failed;
    Say("receipts");
    if (auto failed = ReplayReceipts()) return failed;
    Say("balances and redemptions");
    if (auto failed = ReadMembers()) return failed;
    if (auto failed = Redeem()) return failed;
    return WriteExample();
  }

 private:
  static void Say(const std::string& what) { std::fprintf(stderr, "demo: %s\n", what.c_str()); }

  // A request of the demo gets the same id whenever it is the same.
  template <typename Request>
  void SetId(std::uint64_t ordinal, Request& request) const {
    request.set_request_id(DerivedRequestId(run_id_, ordinal, request.GetTypeName() + request.SerializeAsString()));
  }

  // The file, its currency, and the id of the run.
  Outcome FindFile() {
    file_ = options_.receipts;
    if (file_.empty()) {
      const auto& directory = session_.journal().state_dir();
      if (auto made = MakePrivateDirectory(directory); !made) return LocalFailure(made.error().message);
      file_ = directory / "demo_receipts.csv";
      // Without returns, which the program does not take yet. Interrupted, the next one writes the same bytes.
      GeneratedYear year;
      if (auto failed = WriteYear({.members = options_.members, .returns = false}, file_, {}, year)) return failed;
    }
    if (auto failed = ReadCurrency(file_, report_.currency)) return failed;
    auto run_id =
        session_.journal().RunId("demo\n" + session_.connection().server() + "\n" + session_.connection().caller());
    if (!run_id) return LocalFailure(run_id.error().message);
    run_id_ = *std::move(run_id);
    return {};
  }

  Outcome ApplyCatalogue() {
    v1::ApplyCatalogueRequest request;
    *request.mutable_catalogue() = DemoCatalogue(CurrencyExponent(report_.currency).value_or(2));
    SetId(0, request);
    v1::ApplyCatalogueResponse response;
    const auto status = session_.Send(*campaigns_, &v1::CampaignService::Stub::ApplyCatalogue, request, &response);
    if (!status.ok()) return ToFailure(Explain(status), "apply catalogue");
    catalogue_version_ = response.version();
    if (response.has_effective_time())
      Say("the server has another catalogue already: what was sold before now is judged by that one");
    if (auto failed = session_.AskProgram()) return failed;
    const auto& program = session_.Program();
    if (program.currency_code() != report_.currency)
      return UsageFailure(
          "the server's currency is '" + program.currency_code() + "', the receipts are in " + report_.currency,
          "start a server with that currency; see: loyalty-till currency FILE");
    const auto zone = LoadZone(program.time_zone());
    if (!zone) return UsageFailure("the server's time zone is not known here: '" + program.time_zone() + "'");
    zone_ = *zone;
    return {};
  }

  Outcome MakeStores() {
    const std::vector<std::string> stores(survey_.stores.begin(), survey_.stores.end());
    const std::vector<std::pair<std::string, std::string>> terminals(survey_.terminals.begin(),
                                                                     survey_.terminals.end());
    auto failed = ForEachParallel(stores.size(), kCallsInFlight, [&](std::size_t i) -> Outcome {
      v1::CreateStoreRequest request;
      request.set_store_id(stores[i]);
      request.mutable_store()->set_display_name("Store " + stores[i]);
      SetId(i, request);
      v1::CreateStoreResponse response;
      return Made(session_.Send(*admin_, &v1::AdminService::Stub::CreateStore, request, &response), "create store");
    });
    if (failed) return failed;
    return ForEachParallel(terminals.size(), kCallsInFlight, [&](std::size_t i) -> Outcome {
      v1::CreateTerminalRequest request;
      request.set_store("stores/" + terminals[i].first);
      request.set_terminal_id(terminals[i].second);
      request.mutable_terminal()->set_display_name("Terminal " + terminals[i].second);
      SetId(i, request);
      v1::CreateTerminalResponse response;
      return Made(session_.Send(*admin_, &v1::AdminService::Stub::CreateTerminal, request, &response),
                  "create terminal");
    });
  }

  // What is there already is as good as made.
  static Outcome Made(const grpc::Status& status, std::string_view doing) {
    if (status.ok()) return {};
    const ServerError error = Explain(status);
    if (error.reason == "STORE_EXISTS" || error.reason == "TERMINAL_EXISTS") return {};
    return ToFailure(error, doing);
  }

  Outcome EnrollMembers() {
    for (const auto& card : survey_.cards) members_.push_back({card, {}, 0, 0});
    return ForEachParallel(members_.size(), kCallsInFlight, [&](std::size_t i) -> Outcome {
      v1::EnrollMemberRequest request;
      request.add_identifiers()->set_card(members_[i].card);
      request.mutable_acquisition()->set_channel("store");
      SetId(i, request);
      v1::EnrollMemberResponse response;
      const auto status = session_.Send(*members_stub_, &v1::MemberService::Stub::EnrollMember, request, &response);
      if (status.ok()) {
        members_[i].name = response.result().member();
        return {};
      }
      const ServerError error = Explain(status);
      if (error.reason != "IDENTIFIER_TAKEN") return ToFailure(error, "enroll member");
      v1::LookupMemberRequest lookup;
      lookup.mutable_identifier()->set_card(members_[i].card);
      v1::LookupMemberResponse found;
      if (auto failed =
              session_.Read(*members_stub_, &v1::MemberService::Stub::LookupMember, "look up member", lookup, &found))
        return failed;
      members_[i].name = found.member().name();
      return {};
    });
  }

  Outcome ReplayReceipts() {
    const Day today = DayOf(Now(), zone_);
    report_.shift_days = WholeWeeksBefore(*survey_.last_day, today);
    report_.first_day = *survey_.first_day + report_.shift_days;
    report_.last_day = *survey_.last_day + report_.shift_days;
    ReplayOptions options;
    options.file = file_;
    // Not beside the file: that is somebody else's folder.
    options.rejects = session_.journal().state_dir() / "demo.rejects.csv";
    options.streams = options_.streams;
    options.zones = StoreZones(zone_);  // the stores of the demo have the program's
    options.shift_days = report_.shift_days;
    const OnTaken count = [&](const CsvReceipt& receipt, const v1::ScanResponse& response) {
      const auto ids = SplitTerminalName(receipt.request.terminal());
      auto& store = report_.by_store[ids ? ids->store : std::string()];
      ++store.receipts;
      store.points += response.result().sale().points_earned();
    };
    auto outcome = Replay(session_, options, count, report_.replay);
    // Rejected receipts are part of what the demo shows.
    if (outcome && outcome->code == ExitCode::kSomeRejected) return {};
    return outcome;
  }

  Outcome ReadMembers() {
    std::mutex mutex;
    return ForEachParallel(members_.size(), kCallsInFlight, [&](std::size_t i) -> Outcome {
      v1::GetMemberRequest request;
      request.set_name(members_[i].name);
      request.set_view(v1::MEMBER_VIEW_FULL);
      v1::GetMemberResponse response;
      if (auto failed =
              session_.Read(*members_stub_, &v1::MemberService::Stub::GetMember, "read member", request, &response))
        return failed;
      SetBalance(response.member().balance(), members_[i]);
      const std::lock_guard lock(mutex);
      ++report_.by_purchase_days[PurchaseDayClass(response.member().statistics().purchase_days())];
      return {};
    });
  }

  static void SetBalance(const v1::Balance& balance, DemoMember& member) {
    member.available = balance.available();
    member.outstanding = balance.available() + balance.pending() + balance.held();
  }

  Outcome Redeem() {
    std::vector<Points> balances;
    for (const auto& member : members_) balances.push_back(member.available);
    const auto plan = PlanRedemptions(std::move(balances), static_cast<std::size_t>(options_.redemptions));
    const std::vector<std::pair<std::string, std::string>> terminals(survey_.terminals.begin(),
                                                                     survey_.terminals.end());
    std::mutex mutex;
    auto failed = ForEachParallel(plan.size(), kCallsInFlight, [&](std::size_t i) -> Outcome {
      const auto& terminal = terminals[i % terminals.size()];
      v1::RedeemRequest request;
      request.set_terminal(TerminalName(terminal.first, terminal.second));
      request.mutable_identifier()->set_card(members_[plan[i].member].card);
      Fill(plan[i], i, request);
      SetId(i, request);
      v1::RedeemResponse response;
      bool replayed = false;
      const auto status =
          session_.Send(*terminals_stub_, &v1::TerminalService::Stub::Redeem, request, &response, &replayed);
      const std::lock_guard lock(mutex);
      if (!status.ok()) {
        const ServerError error = Explain(status);
        if (error.code != grpc::StatusCode::FAILED_PRECONDITION) return ToFailure(error, "redeem");
        ++report_.redemptions_refused;  // points that expired between reading and spending
        return {};
      }
      ++report_.redemptions;
      report_.rewards += response.result().reward().empty() ? 0 : 1;
      report_.baskets += request.has_receipt() ? 1 : 0;
      report_.points_burnt += response.result().points();
      report_.value_minor += response.result().value_minor();
      // A balance that was read after an earlier demo has spent them is without them already.
      if (!replayed) members_[plan[i].member].outstanding -= response.result().points();
      return {};
    });
    for (const auto& member : members_) report_.points_outstanding += member.outstanding;
    return failed;
  }

  // A terminal and the card with the most points, a line each: what to try next with the server that is now full.
  Outcome WriteExample() const {
    const auto richest = std::max_element(members_.begin(), members_.end(),
                                          [](const auto& a, const auto& b) { return a.outstanding < b.outstanding; });
    const auto& terminal = *survey_.terminals.begin();
    const std::string text = TerminalName(terminal.first, terminal.second) + "\n" +
                             (richest == members_.end() ? std::string() : richest->card + "\n");
    const auto written = WriteFileDurably(session_.journal().state_dir() / "demo_example", text);
    if (!written) return LocalFailure(written.error().message);
    return {};
  }

  void Fill(const PlannedRedemption& planned, std::size_t number, v1::RedeemRequest& request) const {
    switch (planned.spend) {
      case Spend::kCoffee: request.set_reward("rewards/coffee"); return;
      case Spend::kVoucher: request.set_reward("rewards/five-off"); return;
      case Spend::kPointsOnBasket: FillBasket(number, *request.mutable_receipt()); break;
      case Spend::kPoints: break;
    }
    request.set_points(planned.points);
  }

  // Two lines of unequal weight and tax, so that the answer has something to spread.
  void FillBasket(std::size_t number, v1::Receipt& basket) const {
    basket.set_receipt_no("BASKET" + std::to_string(number));
    basket.set_currency_code(report_.currency);
    // The start of the day, not now: started again today, the demo sends the same request.
    SetTime(StartOfDay(DayOf(Now(), zone_), zone_), *basket.mutable_business_time());
    const std::int64_t unit = DemoCatalogue(CurrencyExponent(report_.currency).value_or(2)).burn().value_minor();
    for (const std::int64_t amount : {7 * unit, 3 * unit}) {
      auto& line = *basket.add_lines();
      line.set_quantity_micros(1'000'000);
      line.set_amount_minor(amount);
      line.add_taxes()->set_rate_millionths(amount > 5 * unit ? 190'000 : 70'000);
      basket.set_total_minor(basket.total_minor() + amount);
    }
  }

  Session& session_;
  const DemoOptions& options_;
  DemoReport& report_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<v1::CampaignService::Stub> campaigns_;
  std::unique_ptr<v1::MemberService::Stub> members_stub_;
  std::unique_ptr<v1::TerminalService::Stub> terminals_stub_;
  std::string file_;
  std::string run_id_;
  std::int64_t catalogue_version_ = 0;
  Survey survey_;
  absl::TimeZone zone_;
  std::vector<DemoMember> members_;
};

}  // namespace

Outcome RunDemo(Session& session, const DemoOptions& options, DemoReport& report) {
  return Demo(session, options, report).Run();
}

}  // namespace loyalty::client
