// Statements in one message over a connection that SOCI holds, by the MySQL client library: SOCI sends and reads one at
// a time, and looks through each text for parameters (docs/adr/0010-one-message-for-many-statements.md).
#pragma once

#include <mysql.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/rows.h"
#include "storage/session.h"

namespace loyalty::storage {

// Escapes as the server reads literals at our sql_mode.
class MysqlEscaper : public Escaper {
 public:
  explicit MysqlEscaper(MYSQL* connection) : connection_(connection) {}
  void AppendEscaped(std::string& out, std::string_view text) const override;

 private:
  MYSQL* connection_;
};

// From now on a message may hold several statements. Throws soci::mysql_soci_error, as all of these do.
void AllowManyStatements(MYSQL* connection);

// Has the kernel end the connection when its peer is gone: kUnconfirmedSeconds, kKeepAliveSeconds. Nothing happens on a
// unix socket.
void NoticeALostPeer(MYSQL* connection);

// A message that was sent, and its answers. The server stops at the first statement that fails.
class MysqlMessage {
 public:
  // Sends statements separated by semicolons.
  MysqlMessage(MYSQL* connection, const std::string& text);
  // Takes what was not asked for off the connection.
  ~MysqlMessage();
  MysqlMessage(const MysqlMessage&) = delete;
  MysqlMessage& operator=(const MysqlMessage&) = delete;

  // The answer of the next statement: its rows of `width` columns to `on_row`, or, without on_row, how many rows it
  // found to change.
  std::int64_t Next(std::size_t width, const OnRow* on_row);

 private:
  void Advance();

  MYSQL* connection_;
  bool first_ = true;
  bool failed_ = false;
};

}  // namespace loyalty::storage
