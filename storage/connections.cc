#include "storage/connections.h"

#include <array>

namespace loyalty::storage {
namespace {

constexpr const char* kConnections =
    "SELECT DISTINCT p.id, p.user, p.host, p.command, p.time, COALESCE(p.state, '') FROM "
    "information_schema.processlist "
    "p";
constexpr const char* kOfOthers = " WHERE p.id <> CONNECTION_ID() AND ";
constexpr const char* kLongest = " ORDER BY p.time DESC LIMIT 5";

// From the most exact to what everybody may ask.
struct Question {
  const char* join;
  const char* where;
  const char* are;
};
constexpr std::array<Question, 3> kQuestions{{
    {" JOIN information_schema.metadata_lock_info m ON m.thread_id = p.id", "m.table_schema = DATABASE()",
     "holding it "},
    {" JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id", "COALESCE(p.db, DATABASE()) = DATABASE()",
     "with an open transaction "},
    {"", "p.db = DATABASE()", "perhaps "},
}};

// Nothing when the server does not answer this.
std::string Ask(Session& session, const Question& question) {
  std::string all;
  const auto add = [&all](std::int64_t id, const std::string& user, const std::string& host, const std::string& command,
                          std::int64_t seconds, const std::string& state) {
    all += (all.empty() ? "" : "; ") + ("connection " + std::to_string(id)) + " of " + user + " from " + host + " (" +
           command + " for " + std::to_string(seconds) + " s" + (state.empty() ? "" : ", " + state) + ")";
  };
  try {
    session.Read(std::string(kConnections) + question.join + kOfOthers + question.where + kLongest, add);
  } catch (const Failure&) {
    return {};
  }
  return all.empty() ? all : question.are + all;
}

}  // namespace

std::string WhoUsesTheDatabase(Session& session) {
  for (const Question& question : kQuestions)
    if (const std::string who = Ask(session, question); !who.empty()) return who;
  return "by whom the server does not say (SHOW PROCESSLIST with the right PROCESS tells)";
}

}  // namespace loyalty::storage
