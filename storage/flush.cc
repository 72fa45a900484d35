#include "storage/flush.h"

#include "storage/exchange.h"
#include "storage/guards.h"
#include "storage/receipt_text.h"

namespace loyalty::storage {
namespace {

const SetStatement kInsertMembers = SetStatement::Insert("members",
                                                         {"id",
                                                          "public_id",
                                                          "state",
                                                          "anonymous",
                                                          "language",
                                                          "acquisition_channel",
                                                          "acquisition_campaign",
                                                          "acquisition_partner",
                                                          "acquisition_referral",
                                                          "acquisition_touchpoint",
                                                          "store_id",
                                                          "create_time",
                                                          "available",
                                                          "pending",
                                                          "held",
                                                          "debt",
                                                          "next_due_time",
                                                          "member_seq",
                                                          "version",
                                                          "chain_head"},
                                                         "iiiittttttiiiiiiiiit");
const std::vector<std::string> kMemberValues = {"state", "anonymous", "language",      "available",  "pending",
                                                "held",  "debt",      "next_due_time", "member_seq", "chain_head"};
const SetStatement kUpdateMembers = SetStatement::Update("members", {"id"}, kMemberValues, true, "iiitiiiiiiti");
// For the sabotage build only: what the guard prevents.
const SetStatement kUpdateMembersUnguarded =
    SetStatement::Update("members", {"id"}, kMemberValues, false, "iiitiiiiiit");
const SetStatement kUpdateAcquisition =
    SetStatement::Update("members", {"id"},
                         {"acquisition_channel", "acquisition_campaign", "acquisition_partner", "acquisition_referral",
                          "acquisition_touchpoint"},
                         false, "ittttt");
const SetStatement kUpsertPersonal = SetStatement::Upsert(
    "member_personal",
    {"member_id", "given_name", "family_name", "greeting_name", "birth_date", "search_name", "update_time"}, 1,
    "ittttti");
const SetStatement kInsertIdentifiers =
    SetStatement::Insert("identifiers", {"normalised", "kind", "member_id", "state", "create_time"}, "tiiii");
const SetStatement kInsertReceipts = SetStatement::Insert(
    "receipts",
    {"id",         "natural_key", "fiscal_key", "member_id",    "terminal_id", "epoch",         "business_date",
     "receipt_no", "kind",        "state",      "currency",     "total",       "business_time", "record_time",
     "utc_offset", "operator",    "request_id", "content_hash", "payments",    "fiscal",        "evaluation"},
    "ittiiiitiitiiiitttttt");
const SetStatement kInsertLines = SetStatement::Insert(
    "receipt_lines",
    {"receipt_id", "line_no", "line_id", "kind", "sku", "categories", "quantity", "unit_price", "amount", "discount",
     "tax_rate", "tax_mode", "tax_amount", "non_discountable", "returned_quantity", "returned_amount"},
    "iitittiiiiiiiiii");
const SetStatement kInsertRedemptions =
    SetStatement::Insert("redemptions",
                         {"id", "member_id", "entry_seq", "state", "points", "value", "reward", "terminal_id",
                          "request_id", "create_time", "version"},
                         "iiiiiititii");
const SetStatement kUpdateRedemptions =
    SetStatement::Update("redemptions", {"id"}, {"state", "cancel_request_id", "cancel_reason"}, true, "iitti");
const SetStatement kInsertLots =
    SetStatement::Insert("lots",
                         {"member_id", "lot_seq", "state", "origin", "points", "remaining", "held", "activate_time",
                          "expire_time", "restored_from", "receipt_id", "catalogue_version"},
                         "iiiiiiiiiiii");
const SetStatement kUpdateLots =
    SetStatement::Update("lots", {"member_id", "lot_seq"}, {"state", "remaining", "held"}, false, "iiiii");
const SetStatement kInsertEntries =
    SetStatement::Insert("entries",
                         {"member_id", "seq", "type", "available_delta", "pending_delta", "held_delta", "debt_delta",
                          "lot_seq", "request_id", "receipt_id", "reversal_of", "group_id", "terminal_id", "operator",
                          "business_time", "record_time", "catalogue_version", "mac", "mac_key_id"},
                         "iiiiiiiitiiiitiiiti");
const SetStatement kInsertAllocations =
    SetStatement::Insert("allocations", {"member_id", "entry_seq", "lot_seq", "kind", "points"}, "iiiii");
const SetStatement kInsertVisits =
    SetStatement::InsertOrIgnore("visits", {"member_id", "store_id", "business_date", "create_time"}, "iiii");
const SetStatement kUpsertDays =
    SetStatement::Upsert("member_day", {"member_id", "day", "amount", "discount", "receipts"}, 2, "iiiii");
const SetStatement kInsertRequests =
    SetStatement::Insert("requests", {"request_id", "payload_hash", "result", "create_time"}, "ttti");

void WriteMembers(Exchange& exchange, WorkingSet& set, const ChainKey& key) {
  const bool guard = TheGuards().member_version;
  Rows inserts(20), updates(guard ? 12 : 11), people(7), acquisitions(6);
  for (auto& [id, member] : set.members) {
    SealChain(member.account, key);
    const Account& account = member.account;
    const Balances& balance = account.balance;
    const AcquisitionRow& from = member.acquisition;
    if (member.is_new) {
      inserts.Add(id, member.public_id, static_cast<int>(member.state), member.anonymous, member.language, from.channel,
                  from.campaign, from.partner, from.referral, from.touchpoint, NullIfZero(member.store_id),
                  member.create_time, balance.available, balance.pending, balance.held, balance.debt,
                  account.next_due_time, account.seq, 1, account.chain_head);
    } else if (member.changed) {
      updates.Add(id, static_cast<int>(member.state), member.anonymous, member.language, balance.available,
                  balance.pending, balance.held, balance.debt, account.next_due_time, account.seq, account.chain_head);
      if (guard) updates.Add(member.version);
      if (member.acquisition_changed)
        acquisitions.Add(id, from.channel, from.campaign, from.partner, from.referral, from.touchpoint);
    }
    if (member.person) {
      const PersonRow& person = *member.person;
      people.Add(id, person.given_name, person.family_name, person.greeting_name, person.birth_date,
                 person.given_name + " " + person.family_name, set.now);
    }
  }
  exchange.Write(kInsertMembers, std::move(inserts));
  exchange.WriteEach(guard ? kUpdateMembers : kUpdateMembersUnguarded, std::move(updates),
                     "a member changed since it was read");
  exchange.Write(kUpdateAcquisition, std::move(acquisitions));
  exchange.Write(kUpsertPersonal, std::move(people));
}

void WriteReceipts(Exchange& exchange, const WorkingSet& set) {
  Rows receipts(21), lines(16);
  for (const NewReceipt& row : set.new_receipts) {
    const Receipt& receipt = *row.receipt;
    receipts.Add(row.id, row.natural_key, NullIfEmpty(row.fiscal_key), NullIfZero(row.member_id), row.terminal_id,
                 row.epoch, std::int64_t{row.business_date}, receipt.receipt_no, static_cast<int>(receipt.kind),
                 static_cast<int>(ReceiptState::kRecorded), receipt.currency, receipt.total, receipt.business_time,
                 row.record_time, std::int64_t{row.utc_offset}, row.operator_id, row.request_id, row.content_hash,
                 NullIfEmpty(PaymentsText(receipt)), NullIfEmpty(FiscalText(receipt)), NullIfEmpty(row.evaluation));
    std::int64_t line_no = 0;
    for (const Line& line : receipt.lines)
      lines.Add(row.id, ++line_no, line.line_id, static_cast<int>(line.kind), line.sku, CategoriesText(line),
                line.quantity, line.unit_price, line.amount, line.discount, line.tax_rate, line.tax_net ? 2 : 1,
                line.tax_amount, line.non_discountable, 0, 0);
  }
  exchange.Write(kInsertReceipts, std::move(receipts));
  exchange.Write(kInsertLines, std::move(lines));
}

void WriteRedemptions(Exchange& exchange, const WorkingSet& set) {
  Rows inserts(11), updates(5);
  for (const auto& [id, redemption] : set.redemptions) {
    if (redemption.is_new) {
      inserts.Add(id, redemption.member_id, redemption.entry_seq, static_cast<int>(RedemptionState::kRedeemed),
                  redemption.points, redemption.value, NullIfEmpty(redemption.reward),
                  NullIfZero(redemption.terminal_id), redemption.request_id, redemption.create_time, 1);
      if (redemption.changed)  // redeemed and cancelled in one batch
        updates.Add(id, static_cast<int>(redemption.state), redemption.cancel_request_id, redemption.cancel_reason, 1);
    } else if (redemption.changed) {
      updates.Add(id, static_cast<int>(redemption.state), redemption.cancel_request_id, redemption.cancel_reason,
                  redemption.version);
    }
  }
  exchange.Write(kInsertRedemptions, std::move(inserts));
  exchange.WriteEach(kUpdateRedemptions, std::move(updates), "a redemption changed since it was read");
}

void WriteLedger(Exchange& exchange, const WorkingSet& set, std::int64_t key_id) {
  Rows new_lots(12), lots(5), entries(19), allocations(5);
  for (const auto& [id, member] : set.members) {
    for (const Lot& lot : member.account.lots) {
      if (lot.is_new) {
        new_lots.Add(id, lot.seq, static_cast<int>(lot.state), static_cast<int>(lot.origin), lot.points, lot.remaining,
                     lot.held, lot.activate_time, lot.expire_time, NullIfZero(lot.restored_from),
                     NullIfZero(lot.receipt_id), lot.catalogue_version);
      } else if (lot.changed) {
        lots.Add(id, lot.seq, static_cast<int>(lot.state), lot.remaining, lot.held);
      }
    }
    for (const Entry& entry : member.account.entries)
      entries.Add(id, entry.seq, static_cast<int>(entry.type), entry.delta.available, entry.delta.pending,
                  entry.delta.held, entry.delta.debt, NullIfZero(entry.lot_seq), entry.cause.request_id,
                  NullIfZero(entry.cause.receipt_id), NullIfZero(entry.reversal_of), NullIfZero(entry.group_id),
                  NullIfZero(entry.cause.terminal_id), entry.cause.operator_id, entry.cause.business_time,
                  entry.cause.record_time, entry.cause.catalogue_version, entry.mac, key_id);
    for (const Allocation& allocation : member.account.allocations)
      allocations.Add(id, allocation.entry_seq, allocation.lot_seq, static_cast<int>(allocation.kind),
                      allocation.points);
  }
  exchange.Write(kInsertLots, std::move(new_lots));
  exchange.WriteEach(kUpdateLots, std::move(lots), "a lot is gone since it was read");
  exchange.Write(kInsertEntries, std::move(entries));
  exchange.Write(kInsertAllocations, std::move(allocations));
}

void WritePurchases(Exchange& exchange, const WorkingSet& set) {
  Rows statistics(25), due_days(2), days(5), visits(4), transitions(15);
  for (const auto& [id, member] : set.members) {
    if (member.statistics_changed) {
      StatisticsRow row = member.statistics;
      row.enrolled_day = DayOf(member.create_time, set.zone);
      AddStatistics(statistics, id, row);
    }
    if (member.due_day_changed) due_days.Add(id, member.statistics.lifecycle.due_day);
    for (const auto& [day, entry] : member.days)
      if (entry.changed) days.Add(id, std::int64_t{day}, entry.row->amount, entry.row->discount, entry.row->receipts);
  }
  for (const Visit& visit : set.visits)
    visits.Add(visit.member_id, visit.store_id, std::int64_t{visit.business_date}, set.now);
  for (const TransitionRow& row : set.transitions) AddTransition(transitions, row);
  exchange.Write(UpsertStatistics(), std::move(statistics));
  exchange.Write(UpdateDueDays(), std::move(due_days));
  exchange.Write(InsertTransitions(), std::move(transitions));
  exchange.Write(kUpsertDays, std::move(days));
  exchange.Write(kInsertVisits, std::move(visits));
}

}  // namespace

void Flush(Session& session, WorkingSet& set, const ChainKey& key, std::int64_t key_id) {
  Exchange exchange(session);
  WriteMembers(exchange, set, key);
  Rows identifiers(5);
  for (const auto& [normalised, entry] : set.identifiers)
    if (entry.is_new)
      identifiers.Add(normalised, static_cast<int>(entry.kind), entry.member_id, static_cast<int>(entry.state),
                      set.now);
  exchange.Write(kInsertIdentifiers, std::move(identifiers));
  WriteReceipts(exchange, set);
  WriteRedemptions(exchange, set);
  WriteLedger(exchange, set, key_id);
  WritePurchases(exchange, set);
  Rows requests(4);
  for (const auto& [request_id, entry] : set.requests)
    if (entry.is_new) requests.Add(request_id, entry.payload_hash, entry.result, set.now);
  exchange.Write(kInsertRequests, std::move(requests));
  exchange.Run();
}

}  // namespace loyalty::storage
