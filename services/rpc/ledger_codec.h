// Entries and lots as the API shows them.
#pragma once

#include <string>

#include "domain/ledger.h"
#include "loyalty/v1/ledger_service.pb.h"
#include "services/catalogue/snapshot.h"
#include "storage/ledger_reads.h"

namespace loyalty {

// `member`: members/{member}.
v1::LedgerEntry EntryMessage(const std::string& member, const storage::EntryRecord& record, const Snapshot& snapshot,
                             const ProgramKeys& keys);
v1::Lot LotMessage(const std::string& member, const storage::LotRecord& record);

// A place in a list of lots, inside a page token; an empty text is the start.
std::string LotPositionText(const storage::LotPosition& position);
storage::LotPosition ParseLotPosition(const std::string& text);

}  // namespace loyalty
