#include "storage/tables/seals.h"

namespace loyalty::storage {
namespace {

constexpr unsigned char kHeadEncoding = 1;

}  // namespace

const Table<SealRow>& SealRow::table() {
  using Row = SealRow;
  static const Table<Row> kTable(
      {"seals", 29, Rank::kSeal},
      {Col<&Row::first_id>("first_id", kKey), Col<&Row::end_id>("end_id", kFixed),
       Col<&Row::sealed_rows>("sealed_rows"), Col<&Row::last_id>("last_id"), Col<&Row::head>("head"),
       Col<&Row::closed>("closed"), Col<&Row::version>("version", kVersion)});
  return kTable;
}

Bytes NextHead(const KeySet& keys, const Bytes& head, int table, std::int64_t id, const Bytes& seal) {
  Digest digest(keys.seal);
  digest.Add(head.value);
  digest.Add(std::int64_t{table});
  digest.Add(id);
  digest.Add(seal.value);
  return Stamped(kHeadEncoding, keys.id, digest.Finish());
}

}  // namespace loyalty::storage
