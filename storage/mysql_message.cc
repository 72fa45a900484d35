#include "storage/mysql_message.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <soci/mysql/soci-mysql.h>
#include <sys/socket.h>

#include <charconv>
#include <memory>
#include <vector>

namespace loyalty::storage {
namespace {

[[noreturn]] void Fail(MYSQL* connection) {
  throw soci::mysql_soci_error(mysql_error(connection), static_cast<int>(mysql_errno(connection)));
}

using Result = std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)>;

// A row as the client library has it: texts, without a copy until somebody asks.
class MysqlRow : public ResultRow {
 public:
  explicit MysqlRow(std::size_t width) : texts_(width) {}

  bool Fetch(MYSQL_RES* result) {
    row_ = mysql_fetch_row(result);
    if (row_ != nullptr) lengths_ = mysql_fetch_lengths(result);
    return row_ != nullptr;
  }
  std::int64_t Number(std::size_t column) const override {
    std::int64_t number = 0;
    if (row_[column] != nullptr) std::from_chars(row_[column], row_[column] + lengths_[column], number);
    return number;
  }
  const std::string& Text(std::size_t column) const override {
    std::string& text = texts_[column];
    text.clear();
    if (row_[column] != nullptr) text.assign(row_[column], lengths_[column]);
    return text;
  }
  bool IsNull(std::size_t column) const override { return row_[column] == nullptr; }

 private:
  MYSQL_ROW row_ = nullptr;
  unsigned long* lengths_ = nullptr;  // NOLINT(google-runtime-int): the client library's type
  mutable std::vector<std::string> texts_;
};

}  // namespace

void MysqlEscaper::AppendEscaped(std::string& out, std::string_view text) const {
  const std::size_t at = out.size();
  out.resize(at + text.size() * 2 + 1);
  out.resize(at + mysql_real_escape_string(connection_, out.data() + at, text.data(), text.size()));
}

void AllowManyStatements(MYSQL* connection) {
  if (mysql_set_server_option(connection, MYSQL_OPTION_MULTI_STATEMENTS_ON) != 0) Fail(connection);
}

void NoticeALostPeer(MYSQL* connection) {
  const int fd = static_cast<int>(mysql_get_socket(connection));
  const auto set = [fd](int level, int option, int value) { setsockopt(fd, level, option, &value, sizeof value); };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveSeconds);
  set(IPPROTO_TCP, TCP_KEEPINTVL, kUnconfirmedSeconds);
  set(IPPROTO_TCP, TCP_KEEPCNT, 1);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, kUnconfirmedSeconds * 1'000);
}

MysqlMessage::MysqlMessage(MYSQL* connection, const std::string& text) : connection_(connection) {
  if (mysql_real_query(connection, text.data(), text.size()) != 0) Fail(connection);
}

MysqlMessage::~MysqlMessage() {
  if (failed_) return;
  if (first_) mysql_free_result(mysql_use_result(connection_));
  while (mysql_next_result(connection_) == 0) mysql_free_result(mysql_use_result(connection_));
}

void MysqlMessage::Advance() {
  if (!std::exchange(first_, false) && mysql_next_result(connection_) != 0) {
    failed_ = true;
    Fail(connection_);
  }
}

std::int64_t MysqlMessage::Next(std::size_t width, const OnRow* on_row) {
  Advance();
  const Result result(mysql_store_result(connection_), mysql_free_result);
  if (!result && mysql_errno(connection_) != 0) {
    failed_ = true;
    Fail(connection_);
  }
  if (on_row == nullptr || !result) return static_cast<std::int64_t>(mysql_affected_rows(connection_));
  MysqlRow row(width);
  while (row.Fetch(result.get())) (*on_row)(row);
  return 0;
}

}  // namespace loyalty::storage
