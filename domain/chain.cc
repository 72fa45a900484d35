#include "domain/ledger.h"

namespace loyalty {
namespace {

// Encoding 2: every number of eight bytes, texts and seals with their length, in the order below. Encoding 1 left with
// the first schema.
constexpr unsigned char kEncoding = 2;

}  // namespace

Bytes EntryMac(std::string_view member_name, const Entry& entry, const Bytes& previous, const KeySet& keys) {
  Digest digest(keys.chain);
  digest.Add(previous.value);
  digest.Add(member_name);
  const LotTerms terms = entry.terms.value_or(LotTerms{0, 0});
  const SaleFacts sale = entry.sale.value_or(SaleFacts{});
  for (const std::int64_t number : {entry.seq,
                                    static_cast<std::int64_t>(entry.type),
                                    entry.delta.available,
                                    entry.delta.pending,
                                    entry.delta.held,
                                    entry.delta.debt,
                                    entry.lot_seq,
                                    static_cast<std::int64_t>(entry.terms.has_value()),
                                    terms.activate_time,
                                    terms.expire_time,
                                    entry.restored_from,
                                    entry.reversal_of,
                                    entry.group_id,
                                    entry.cause.receipt_id,
                                    entry.cause.command_id,
                                    entry.cause.business_time,
                                    entry.cause.record_time,
                                    entry.cause.catalogue_version,
                                    static_cast<std::int64_t>(entry.sale.has_value()),
                                    std::int64_t{sale.day},
                                    sale.amount,
                                    sale.discount})
    digest.Add(number);
  return Stamped(kEncoding, keys.id, digest.Finish());
}

}  // namespace loyalty
