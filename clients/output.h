// Answers for people or for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clients/failure.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::client {

enum class OutputFormat : std::uint8_t { kTable, kJson };

// The message as proto JSON on stdout: proto field names, zeros included.
void PrintJson(const google::protobuf::Message& message);

// Reads a message from a file of proto JSON; unknown fields are errors. Failures: kLocalIo, kUsage (names the place).
Outcome ReadJson(const std::string& file, google::protobuf::Message& message);

void Print(std::string_view text);

// How much has been printed since the start of the program.
std::size_t PrintedBytes();

// RFC 3339 in UTC; empty for a message that is not set.
std::string TimeText(bool has, const google::protobuf::Timestamp& time);

// The name of an enum value without the prefix all values share, in lower case: LOT_STATE_ACTIVE -> active.
std::string EnumText(const google::protobuf::EnumDescriptor& type, int value);

// Who operated a till: `operators/48213377`, or `7 (unproven)` for the till's word; empty for nobody.
std::string OperatorText(const std::string& name, bool proven);

// "12.34 EUR"; minor units as they are when the currency is not known.
std::string MoneyText(std::int64_t minor, std::string_view currency);

// "120 points = 1.20 EUR, pending 3, held 0, owed 0": what is zero is left out after the first.
std::string BalanceText(const v1::Balance& balance, std::string_view currency);

}  // namespace loyalty::client
