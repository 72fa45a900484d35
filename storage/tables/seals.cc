#include "storage/tables/seals.h"

namespace loyalty::storage {

const Table<SealRow>& SealRow::table() {
  using Row = SealRow;
  static const Table<Row> kTable(
      {"seals", 29, Rank::kSeal},
      {Col<&Row::first_id>("first_id", kKey), Col<&Row::end_id>("end_id", kFixed),
       Col<&Row::sealed_rows>("sealed_rows"), Col<&Row::last_id>("last_id"), Col<&Row::head>("head"),
       Col<&Row::closed>("closed"), Col<&Row::version>("version", kVersion)});
  return kTable;
}

Bytes NextHead(const ProgramKeys& keys, const Bytes& head, int table, std::int64_t id, const Bytes& seal) {
  Digest digest(keys.seal);
  digest.Add(head.value);
  digest.Add(std::int64_t{table});
  digest.Add(id);
  digest.Add(seal.value);
  return digest.Finish();
}

}  // namespace loyalty::storage
