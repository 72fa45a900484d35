#include "tests/support/mariadb.h"

#include <fcntl.h>
#include <grp.h>
#include <mysql.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/free_port.h"

namespace loyalty::test {
namespace {

// A node of a cluster may have to copy all data from another before it answers.
constexpr std::chrono::seconds kStartMax{120};

// The account to run the server under; nothing when we are not root.
const passwd* ServerAccount() {
  if (geteuid() != 0) return nullptr;
  const passwd* account = getpwnam("mysql");
  if (account == nullptr) throw std::runtime_error("MariaDB is not installed: there is no user mysql");
  return account;
}

// Starts a program whose output goes to a log file, in a process group of its own. It is killed when this process ends.
pid_t Spawn(const std::vector<std::string>& arguments, const std::string& log) {
  const passwd* account = ServerAccount();
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  setpgid(0, 0);
  const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  if (account != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0))
    _exit(126);
  // After setuid, which clears it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);
  execvp(argv[0], argv.data());
  dprintf(STDERR_FILENO, "cannot run %s\n", argv[0]);
  _exit(127);
}

std::string ReadAll(const std::filesystem::path& path) {
  std::ostringstream all;
  all << std::ifstream(path).rdbuf();
  return all.str();
}

using Connection = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

// Nothing while the server does not answer.
Connection Connect(const std::string& socket) {
  Connection connection(mysql_init(nullptr), mysql_close);
  if (mysql_real_connect(connection.get(), nullptr, "root", "", nullptr, 0, socket.c_str(), 0) == nullptr)
    return {nullptr, mysql_close};
  return connection;
}

}  // namespace

MariaDb::MariaDb(MariaDbOptions options) : options_(std::move(options)) {
  socket_ = directory_.path() / "mariadb.sock";
  if (options_.networking) port_ = FreePort();
  data_dir_ = options_.data_dir.empty() ? (directory_.path() / "data").string() : options_.data_dir + "/mariadb";
  std::filesystem::create_directory(data_dir_);
  for (const auto& path : {directory_.path().string(), data_dir_})
    if (const passwd* account = ServerAccount();
        account != nullptr && chown(path.c_str(), account->pw_uid, account->pw_gid) != 0)
      throw std::runtime_error("cannot give " + path + " to the user mysql");
  Install();
  if (options_.started) Start();
}

MariaDb::~MariaDb() { Kill(); }

MariaDb& MariaDb::Shared() {
  static MariaDb server;
  return server;
}

void MariaDb::Install() const {
  // With a tmpdir of its own: a server that begins deletes what looks like a temporary table, whoever it belongs to.
  const pid_t child =
      Spawn({"mariadb-install-db", "--no-defaults", "--datadir=" + data_dir_, "--tmpdir=" + directory_.path().string(),
             "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=16M"},
            directory_.path() / "install.log");
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("mariadb-install-db failed: install mariadb-server\n" + LogEnd());
}

std::vector<std::string> MariaDb::Arguments(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = {"mariadbd",
                                        "--no-defaults",
                                        "--datadir=" + data_dir_,
                                        "--tmpdir=" + directory_.path().string(),
                                        "--pid-file=" + (directory_.path() / "mariadb.pid").string(),
                                        "--socket=" + socket_,
                                        "--innodb-flush-log-at-trx-commit=1",
                                        "--innodb-log-file-size=16M",
                                        "--innodb-buffer-pool-size=64M",
                                        "--max-connections=200",
                                        "--skip-name-resolve",
                                        "--performance-schema=OFF"};
  if (options_.networking) {
    arguments.push_back("--bind-address=127.0.0.1");
    arguments.push_back("--port=" + std::to_string(port_));
  } else {
    arguments.push_back("--skip-networking");
  }
  arguments.insert(arguments.end(), options_.settings.begin(), options_.settings.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  // Debian keeps the server where a user's PATH may not look.
  if (access("/usr/sbin/mariadbd", X_OK) == 0) arguments[0] = "/usr/sbin/mariadbd";
  return arguments;
}

void MariaDb::Start(const std::vector<std::string>& more) {
  pid_ = Spawn(Arguments(more), directory_.path() / "server.log");
  WaitUntilItAnswers();
}

std::string MariaDb::RunToEnd(const std::vector<std::string>& more) {
  const auto log = directory_.path() / "run.log";
  std::filesystem::remove(log);
  waitpid(Spawn(Arguments(more), log), nullptr, 0);
  return ReadAll(log);
}

void MariaDb::WaitUntilItAnswers() {
  const auto until = std::chrono::steady_clock::now() + kStartMax;
  while (std::chrono::steady_clock::now() < until) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = 0;
      throw std::runtime_error("mariadbd does not start\n" + LogEnd());
    }
    if (Connect(socket_)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw std::runtime_error("mariadbd does not answer\n" + LogEnd());
}

void MariaDb::Kill() {
  if (pid_ == 0) return;
  kill(-pid_, SIGKILL);  // with what it has started: the helpers of a state transfer
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void MariaDb::Execute(const std::string& sql) {
  const Connection connection = Connect(socket_);
  if (!connection) throw std::runtime_error("mariadbd does not answer\n" + LogEnd());
  if (mysql_real_query(connection.get(), sql.data(), sql.size()) != 0)
    throw std::runtime_error(sql + ": " + mysql_error(connection.get()));
}

std::string MariaDb::Ask(const std::string& sql) const {
  const Connection connection = Connect(socket_);
  if (!connection || mysql_real_query(connection.get(), sql.data(), sql.size()) != 0) return {};
  const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> answer(mysql_store_result(connection.get()),
                                                                        mysql_free_result);
  MYSQL_ROW row = answer ? mysql_fetch_row(answer.get()) : nullptr;
  return row == nullptr || row[0] == nullptr ? std::string() : std::string(row[0]);
}

storage::DatabaseUrl MariaDb::UrlOf(std::string_view database) const {
  storage::DatabaseUrl url;
  url.engine = storage::Engine::kMysql;
  url.user = "root";
  url.host = options_.networking ? "127.0.0.1" : "localhost";
  if (options_.networking) {
    url.port = port_;
  } else {
    url.unix_socket = socket_;
  }
  url.database = database;
  return url;
}

std::string MariaDb::LogEnd() const {
  std::string text;
  for (const char* name : {"install.log", "server.log"}) {
    const std::string log = ReadAll(directory_.path() / name);
    text += log.substr(log.size() > 3'000 ? log.size() - 3'000 : 0);
  }
  return text;
}

}  // namespace loyalty::test
