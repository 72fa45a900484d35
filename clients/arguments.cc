#include "clients/arguments.h"

#include "clients/output.h"
#include "clients/pages.h"
#include "domain/money.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

// The zone of the key's own store; of the program for a key of no store.
Outcome OwnZone(Session& session, absl::TimeZone& zone) {
  if (auto failed = session.AskProgram()) return failed;
  const auto& program = session.Program();
  const auto& name = program.store_time_zone().empty() ? program.time_zone() : program.store_time_zone();
  const auto found = LoadZone(name);
  if (!found)
    return UsageFailure("the server's time zone is not known here: '" + name + "'",
                        "give times with their offset, for instance 2026-01-31T10:00:00+01:00");
  zone = *found;
  return {};
}

}  // namespace

void IdentifierArguments::AddTo(const Command& command) {
  const auto group = command.AddGroup("Customer");
  group.Add("--card", card, "Card number as printed or scanned").Type("CARD");
  group.Add("--phone", phone, "Phone number as it is written, +49 30 1234567").Type("PHONE");
  group.Add("--email", email, "E-mail address").Type("EMAIL");
  group.Add("--static-token", token, "Token that never changes (wallet pass, key ring)").Type("TOKEN");
  group.RequireOptions(0, 1);
}

v1::Identifier IdentifierArguments::Build() const {
  v1::Identifier identifier;
  if (!card.empty()) identifier.set_card(card);
  if (!phone.empty()) identifier.set_phone(phone);
  if (!email.empty()) identifier.set_email(email);
  if (!token.empty()) identifier.set_static_token(token);
  return identifier;
}

void ReceiptArguments::AddTo(const Command& command) {
  const std::string group = "Receipt";
  command.Add("--receipt-no", receipt_no, "The till's number of the receipt").Type("NO").Group(group);
  command.Add("--total", total, "Total, for instance 12.34").Type("AMOUNT").Group(group);
  command.Add("--currency", currency, "ISO 4217, for instance EUR").Type("CODE").Group(group);
  command.Add("--business-time", business_time, "When it was sold: RFC 3339, or local time; default: now")
      .Type("TIME")
      .Group(group);
  command.Add("--business-date", business_date, "Business day; default: the local date of the time")
      .Type("YYYY-MM-DD")
      .Group(group);
  command.Add("--time-zone", time_zone, "Zone of a local time; default: the store's of a till, else the program's")
      .Type("ZONE")
      .Group(group);
  AddFileTo(command);
}

void ReceiptArguments::AddFileTo(const Command& command) {
  command.Add("--receipt-file", file, "A whole receipt (loyalty.v1.Receipt) as proto JSON")
      .Type("FILE")
      .Group("Receipt");
}

Outcome ReceiptArguments::Build(Session& session, v1::Receipt& receipt) const {
  if (!file.empty()) {
    if (!receipt_no.empty() || !total.empty() || !currency.empty())
      return UsageFailure("--receipt-file and --receipt-no, --total, --currency exclude each other");
    if (auto failed = ReadJson(file, receipt)) return failed;
  } else {
    if (receipt_no.empty() || total.empty() || currency.empty())
      return UsageFailure("a receipt needs --receipt-no, --total and --currency", "or give --receipt-file FILE");
    const auto exponent = CurrencyExponent(currency);
    if (!exponent) return UsageFailure("--currency: '" + currency + "' is no ISO 4217 code");
    const auto minor = ParseDecimal(total, *exponent);
    if (!minor) return UsageFailure("--total: " + minor.error().message);
    receipt.set_receipt_no(receipt_no);
    receipt.set_currency_code(currency);
    receipt.set_total_minor(*minor);
    receipt.set_kind(v1::RECEIPT_KIND_SALE);
  }
  if (!business_date.empty()) receipt.set_business_date(business_date);
  if (business_time.empty()) return {};
  Instant at = 0;
  if (auto failed = ReadTime(session, business_time, time_zone, at)) return failed;
  SetTime(at, *receipt.mutable_business_time());
  return {};
}

Outcome ReceiptArguments::BuildTime(Session& session, google::protobuf::Timestamp& time, bool& given) const {
  given = !business_time.empty();
  Instant at = 0;
  if (!given) return {};
  if (auto failed = ReadTime(session, business_time, time_zone, at)) return failed;
  SetTime(at, time);
  return {};
}

Outcome ReadTime(Session& session, const std::string& text, const std::string& time_zone, Instant& at) {
  auto zone = absl::UTCTimeZone();
  const auto first = ParseTime(text, zone);
  if (!first)
    return UsageFailure(first.error().message, "give 2026-01-31T10:00:00+01:00, or a local time without offset");
  const auto second = ParseTime(text, absl::FixedTimeZone(3600));
  at = *first;
  if (second && *second == at) return {};  // it names its offset
  if (!time_zone.empty()) {
    const auto found = LoadZone(time_zone);
    if (!found) return UsageFailure("--time-zone: " + found.error().message);
    zone = *found;
  } else if (auto failed = OwnZone(session, zone)) {
    return failed;
  }
  at = *ParseTime(text, zone);
  return {};
}

Outcome FindStoreZones(Session& session, const std::string& time_zone, StoreZones& zones) {
  if (!time_zone.empty()) {
    const auto zone = LoadZone(time_zone);
    if (!zone) return UsageFailure("--time-zone: " + zone.error().message);
    zones = StoreZones(*zone);
    return {};
  }
  absl::TimeZone fallback;
  if (auto failed = OwnZone(session, fallback)) {
    // Whether the times of the file need it is not known yet.
    if (failed->code == ExitCode::kUsage) failed->advice = "use --time-zone ZONE";
    return failed;
  }
  zones = StoreZones(fallback);
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::ListStoresResponse stores;
  auto failed = ReadPages(session, *stub, &v1::AdminService::Stub::ListStores, "list stores", v1::ListStoresRequest(),
                          kNoLimit, &stores, [](const auto& page) { return page.stores_size(); });
  // A terminal key may not list stores, and brings receipts of its own store only.
  if (failed && failed->reason != "PERMISSION_DENIED") return failed;
  for (const auto& store : stores.stores()) {
    const auto zone = LoadZone(store.time_zone());
    if (zone) zones.Set(store.name().substr(store.name().find('/') + 1), *zone);
  }
  return {};
}

}  // namespace loyalty::client
