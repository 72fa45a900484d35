// Receipts and commands, block by block, and the requests that lead to them.
#include <deque>
#include <vector>

#include "storage/ids.h"
#include "storage/program.h"
#include "storage/read_table.h"
#include "storage/read_transaction.h"
#include "storage/tables/receipts.h"
#include "storage/tables/requests.h"
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

using Id = std::int64_t;

constexpr int kRowsAtOnce = 1'024;

std::string ReceiptRowName(const ProgramKeys& keys, Id id) { return "receipts " + ReceiptName(keys, id); }
std::string CommandName(Id id) { return "commands " + std::to_string(id); }

// Receipts of a range of ids in their order, with the digests of their lines, a page at a time.
class ReceiptPages {
 public:
  ReceiptPages(Session& session, const ProgramKeys& keys, Id first, Id end)
      : session_(session), keys_(keys), next_(first), end_(end) {}

  const ReceiptRow* Peek() {
    if (rows_.empty() && next_ < end_) Read();
    return rows_.empty() ? nullptr : &rows_.front();
  }
  void Pop() { rows_.pop_front(); }

 private:
  void Read() {
    static const auto kReceipts = SetStatement::SelectEach<Id, Id, int>(
        ReceiptRow::table().select() + " WHERE id >= ? AND id < ? ORDER BY id LIMIT ?");
    static const auto kLines = SetStatement::SelectEach<Id, Id>(
        ReceiptLineRow::table().select() + " WHERE receipt_id >= ? AND receipt_id <= ? ORDER BY receipt_id, line_no");
    auto rows = ReadRows<ReceiptRow>(session_, kReceipts, Rows::Of(next_, end_, kRowsAtOnce));
    if (rows.empty()) {
      next_ = end_;
      return;
    }
    std::map<Id, LineDigest> digests;
    for (const ReceiptRow& row : rows) {
      const KeySet* maker = keys_.MakerOf(row.seal);  // none: the seal fits nothing
      digests.try_emplace(row.id, maker == nullptr ? keys_.current : *maker);
    }
    for (const auto& line : ReadRows<ReceiptLineRow>(session_, kLines, Rows::Of(next_, rows.back().id)))
      if (const auto at = digests.find(line.receipt_id); at != digests.end()) at->second.Add(line);
    next_ = rows.back().id + 1;
    for (ReceiptRow& row : rows) {
      row.sealed_with = digests.at(row.id).Finish();
      rows_.push_back(std::move(row));
    }
  }

  Session& session_;
  const ProgramKeys& keys_;
  Id next_, end_;
  std::deque<ReceiptRow> rows_;
};

class CommandPages {
 public:
  CommandPages(Session& session, Id first, Id end) : session_(session), next_(first), end_(end) {}

  const CommandRow* Peek() {
    if (rows_.empty() && next_ < end_) Read();
    return rows_.empty() ? nullptr : &rows_.front();
  }
  void Pop() { rows_.pop_front(); }

 private:
  void Read() {
    static const auto kCommands = SetStatement::SelectEach<Id, Id, int>(
        CommandRow::table().select() + " WHERE id >= ? AND id < ? ORDER BY id LIMIT ?");
    for (CommandRow& row : ReadRows<CommandRow>(session_, kCommands, Rows::Of(next_, end_, kRowsAtOnce)))
      rows_.push_back(std::move(row));
    next_ = rows_.empty() ? end_ : rows_.back().id + 1;
  }

  Session& session_;
  Id next_, end_;
  std::deque<CommandRow> rows_;
};

// What a block's receipts and commands come to, and what it was when it had as many rows as `then` says.
class BlockCheck {
 public:
  BlockCheck(const ProgramKeys& keys, const SealRow& block, const ProgramSeal::Open* then)
      : keys_(keys), block_(block), then_(then) {}

  std::string Run(Session& session, VerifyReport& report) {
    ReceiptPages receipts(session, keys_, block_.first_id, block_.end_id);
    CommandPages commands(session, block_.first_id, block_.end_id);
    while (true) {
      if (std::string difference = CompareThen(); !difference.empty()) return difference;
      const ReceiptRow* receipt = receipts.Peek();
      const CommandRow* command = commands.Peek();
      if (receipt == nullptr && command == nullptr) break;
      if (command == nullptr || (receipt != nullptr && receipt->id < command->id)) {
        if (!ReceiptRow::table().IsIntact(*receipt, receipt->sealed_with, keys_))
          return ReceiptRowName(keys_, receipt->id) + ": its seal does not fit: it, or a line of it, was changed";
        Add(ReceiptRow::table().number(), receipt->id, receipt->seal);
        ++report.receipts;
        receipts.Pop();
      } else {
        if (!CommandRow::table().IsIntact(*command, {}, keys_))
          return CommandName(command->id) + ": its seal does not fit: it was changed";
        Add(CommandRow::table().number(), command->id, command->seal);
        ++report.commands;
        commands.Pop();
      }
    }
    if (then_ != nullptr && rows_ < then_->rows)
      return Name() + ": the SEAL of before has " + std::to_string(then_->rows) + " rows in it, there are " +
             std::to_string(rows_);
    if (rows_ != block_.sealed_rows || last_id_ != block_.last_id || head_ != block_.head)
      return Name() + ": does not fit its receipts and commands: one was removed or added";
    return "";
  }

 private:
  std::string Name() const { return "seals " + std::to_string(block_.first_id); }

  std::string CompareThen() const {
    if (then_ == nullptr || rows_ != then_->rows || head_ == then_->head) return "";
    return Name() + ": is not what the SEAL of before says it was: the past was written anew";
  }

  void Add(int table, Id id, const Bytes& seal) {
    head_ = NextHead(*keys_.MakerOf(seal), head_, table, id, seal);  // known: the seal has just been checked
    last_id_ = id;
    ++rows_;
  }

  const ProgramKeys& keys_;
  const SealRow& block_;
  const ProgramSeal::Open* then_;
  Id rows_ = 0, last_id_ = 0;
  Bytes head_;
};

// Rows of a block that name entries which are not there, or whose request is missing or leads elsewhere.
std::string VerifyBooks(Session& session, const ProgramKeys& keys, const SealRow& block) {
  static const auto kEntries = [](const std::string& table, const std::string& column) {
    return SetStatement::SelectEach<Id, Id>(
        "SELECT r.id FROM " + table +
        " r WHERE r.id >= ? AND r.id < ? AND ((r.entry_count > 0 AND r.entry_count <> "
        "(SELECT COUNT(*) FROM entries e WHERE e.member_id = r.member_id AND e.seq >= r.entry_seq AND "
        "e.seq < r.entry_seq + r.entry_count AND e." +
        column + " = r.id))" + (table == "receipts" ? " OR (r.member_id IS NOT NULL AND r.entry_count = 0)" : "") +
        ") ORDER BY r.id LIMIT 1");
  };
  static const auto kRequests = [](const std::string& table, const std::string& column) {
    return SetStatement::SelectEach<Id, Id>(
        "SELECT r.id FROM " + table +
        " r LEFT JOIN requests q ON q.request_id = r.request_id AND "
        "q.principal_id = r.principal_id WHERE r.id >= ? AND r.id < ? AND (q.day IS NULL OR q." +
        column + " IS NULL OR q." + column + " <> r.id OR q.payload_hash <> r.payload_hash) ORDER BY r.id LIMIT 1");
  };
  static const auto kReceiptEntries = kEntries("receipts", "receipt_id"),
                    kCommandEntries = kEntries("commands", "command_id"),
                    kReceiptRequests = kRequests("receipts", "receipt_id"),
                    kCommandRequests = kRequests("commands", "command_id");
  const Rows range = Rows::Of(block.first_id, block.end_id);
  std::string difference;
  session.Read(kReceiptEntries, range, [&](Id id) {
    difference = ReceiptRowName(keys, id) + ": entries that it wrote are gone, or are another one's";
  });
  session.Read(kCommandEntries, range,
               [&](Id id) { difference = CommandName(id) + ": entries that it wrote are gone, or are another one's"; });
  session.Read(kReceiptRequests, range, [&](Id id) {
    difference = "requests of " + ReceiptRowName(keys, id) + ": the request that brought it is gone or was changed";
  });
  session.Read(kCommandRequests, range, [&](Id id) {
    difference = "requests of " + CommandName(id) + ": the request that brought it is gone or was changed";
  });
  return difference;
}

// Requests that lead nowhere: a walk by key.
std::string VerifyRequests(Session& session) {
  static const auto kNext = SetStatement::SelectEach<Bytes, Bytes, Id, int>(
      "SELECT q.request_id, q.principal_id, r.id, c.id AS command FROM requests q "
      "LEFT JOIN receipts r ON r.id = q.receipt_id LEFT JOIN commands c ON c.id = q.command_id "
      "WHERE q.request_id >= ? AND (q.request_id > ? OR q.principal_id > ?) "
      "ORDER BY q.request_id, q.principal_id LIMIT ?");
  Bytes after;
  Id principal = -1;
  std::string difference;
  for (int count = kRowsAtOnce; count == kRowsAtOnce && difference.empty();) {
    const ReadTransaction transaction(session);
    count = 0;
    session.Read(kNext, Rows::Of(after, after, principal, kRowsAtOnce),
                 [&](const Bytes& request_id, Id principal_id, std::optional<Id> receipt, std::optional<Id> command) {
                   after = request_id;
                   principal = principal_id;
                   ++count;
                   if (!receipt && !command && difference.empty())
                     difference = "requests " + UnpackRequestId(request_id) + ": what became of it is gone";
                 });
  }
  return difference;
}

}  // namespace

std::string VerifySeals(Session& session, const ProgramKeys& keys, const std::optional<ProgramSeal>& since,
                        VerifyReport& report, const VerifyProgress& progress) {
  static const auto kBlock =
      SetStatement::SelectEach<Id>(SealRow::table().select() + " WHERE first_id >= ? ORDER BY first_id LIMIT 1");
  const KeySet* maker = since ? keys.MakerOf(since->closed) : &keys.current;
  if (maker == nullptr) return "seals: the SEAL of before was made with a key that is not in chain.key";
  SealBuilder now(keys.current), then(*maker);
  Id next = kFirstPrincipal + 1;
  while (true) {
    const ReadTransaction transaction(session);
    const Id end = ReadNextId(session);
    const auto block = First(ReadRows<SealRow>(session, kBlock, Rows::Of(next)));
    if (next == end && !block) break;
    if (!block || block->first_id != next || block->end_id > end)
      return "seals " + std::to_string(next) + ": the block of ids is not there";
    const bool was_open = since && since->open.contains(next);
    std::string difference = BlockCheck(keys, *block, was_open ? &since->open.at(next) : nullptr).Run(session, report);
    if (difference.empty()) difference = VerifyBooks(session, keys, *block);
    if (!difference.empty()) return difference;
    now.Add(*block);
    if (since && next < since->next_id) {
      SealRow as_then = *block;
      as_then.closed = !was_open;
      then.Add(as_then);
    }
    next = block->end_id;
    if (!progress(report)) {
      report.interrupted = true;
      return "";
    }
  }
  if (since && since->next_id > next)
    return "seals: the SEAL of before knows ids up to " + std::to_string(since->next_id) + ", there are none behind " +
           std::to_string(next);
  if (since && then.Finish(since->next_id).closed != since->closed)
    return "seals: blocks that were closed are not what the SEAL of before says they were";
  report.seal = now.Finish(next);
  return VerifyRequests(session);
}

}  // namespace loyalty::storage
