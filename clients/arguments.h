// Options that several commands have in common, and what they become.
#pragma once

#include <string>

#include "clients/command_line.h"
#include "clients/failure.h"
#include "clients/names.h"
#include "clients/session.h"
#include "clients/store_zones.h"
#include "clients/timestamps.h"
#include "domain/time.h"
#include "loyalty/v1/identifier.pb.h"
#include "loyalty/v1/receipt.pb.h"

namespace loyalty::client {

struct IdentifierArguments {
  std::string card;
  std::string phone;
  std::string email;
  std::string token;

  // --card, --phone, --email, --static-token: at most one.
  void AddTo(const Command& command);
  bool empty() const { return card.empty() && phone.empty() && email.empty() && token.empty(); }
  v1::Identifier Build() const;
};

struct ReceiptArguments {
  std::string receipt_no;
  std::string total;
  std::string currency;
  std::string business_time;
  std::string business_date;
  std::string file;
  std::string time_zone;

  // --receipt-no, --total, --currency, --business-time, --business-date, --receipt-file, --time-zone.
  void AddTo(const Command& command);
  // A basket from a file only.
  void AddFileTo(const Command& command);
  bool empty() const { return receipt_no.empty() && total.empty() && currency.empty() && file.empty(); }

  // The receipt as given; business_time stays away when it was not given. Asks the server for the program's time zone
  // when a local time needs it. Failures: kUsage, kLocalIo.
  Outcome Build(Session& session, v1::Receipt& receipt) const;
  // The time alone, for a scan without a receipt; `time` stays as it is when none was given.
  Outcome BuildTime(Session& session, google::protobuf::Timestamp& time, bool& given) const;
};

// Reads a time; only a local one needs a zone: `time_zone` when it is not empty, else the program's.
Outcome ReadTime(Session& session, const std::string& text, const std::string& time_zone, Instant& at);

// The zones local times are read in: `time_zone` for all stores when it is not empty; else each store's own, for keys
// that may list stores; else the program's. Failures: kUsage (unknown zone, no zone to be had), those of the reads.
Outcome FindStoreZones(Session& session, const std::string& time_zone, StoreZones& zones);

}  // namespace loyalty::client
