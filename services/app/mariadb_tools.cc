#include "services/app/mariadb_tools.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <climits>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "services/app/key_files.h"
#include "storage/session.h"

namespace loyalty {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kStartMax{10};  // a large log is read first

Error Bad(std::string why) { return Error{Reason::kInternal, std::move(why), {}}; }

// Starts a program whose output goes to the end of a file; it is killed when the thread that starts it ends.
pid_t Spawn(const std::vector<std::string>& arguments, const fs::path& log) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  // Only what may be called between fork and exec.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);
  const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execvp(argv[0], argv.data());
  _exit(127);
}

// The exit code; 127: there is no such program.
int RunToEnd(const std::vector<std::string>& arguments, const fs::path& log) {
  const pid_t child = Spawn(arguments, log);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

std::string LastLines(const fs::path& log) {
  std::ostringstream all;
  all << std::ifstream(log).rdbuf();
  const std::string text = all.str();
  constexpr std::size_t kMost = 1'000;
  return text.substr(text.size() > kMost ? text.size() - kMost : 0);
}

Status RunTool(const std::vector<std::string>& arguments, const fs::path& log) {
  const int code = RunToEnd(arguments, log);
  if (code == 0) return Ok{};
  if (code == 127) return Bad("there is no " + arguments[0] + ": install the package mariadb-backup");
  return Bad(arguments[0] + " failed; the end of " + log.string() + ":\n" + LastLines(log));
}

// Where Debian keeps it is not where a user's PATH looks.
std::string ServerProgram() { return access("/usr/sbin/mariadbd", X_OK) == 0 ? "/usr/sbin/mariadbd" : "mariadbd"; }

// Files of the same path on this machine may be those of another server.
bool IsHere(const storage::DatabaseUrl& url, const storage::ServerPlace& server) {
  if (!url.unix_socket.empty() || url.host == "localhost" || url.host.rfind("127.", 0) == 0) return true;
  std::string name(HOST_NAME_MAX + 1, '\0');
  return gethostname(name.data(), name.size()) == 0 && server.host == name.c_str();
}

}  // namespace

Status BackUpMariaDb(const storage::DatabaseUrl& url, const storage::ServerPlace& server, const fs::path& directory,
                     const fs::path& log) {
  if (!IsHere(url, server) || access((server.data_directory + "/ibdata1").c_str(), R_OK) != 0)
    return Bad(
        "the files of the database server, " + server.data_directory + " on " + server.host +
        ", cannot be read here: mariadb-backup copies files, so run 'loyaltyd backup' on that machine, as root or "
        "as the user mysql, with the same --db and --state-dir (chain.key is enough)");
  // The password must not stand where everybody can read it.
  const std::string settings = directory.string() + ".cnf";
  std::string quoted;
  for (const char c : url.password) quoted.append(c == '"' || c == '\\' ? "\\" : "").append(1, c);
  if (const Status ok = WriteSecret(settings, "[mariadb-backup]\npassword=\"" + quoted + "\"\n"); !ok) return ok;
  std::vector<std::string> arguments{"mariadb-backup",
                                     "--defaults-file=" + settings,
                                     "--backup",
                                     "--target-dir=" + directory.string(),
                                     "--datadir=" + server.data_directory,
                                     "--user=" + url.user,
                                     "--tables-exclude=^" + url.database + "[.]member_keys$"};
  if (url.unix_socket.empty()) {
    arguments.push_back("--host=" + url.host);
    arguments.push_back("--port=" + std::to_string(url.port));
  } else {
    arguments.push_back("--socket=" + url.unix_socket);
  }
  const Status copied = RunTool(arguments, log);
  fs::remove(settings);
  if (!copied) return copied;
  // Now and not when it is needed: the log that it brings along has keys of members in it, and is gone afterwards.
  return RunTool({"mariadb-backup", "--no-defaults", "--prepare", "--target-dir=" + directory.string()}, log);
}

Result<std::unique_ptr<ScratchMariaDb>> ScratchMariaDb::Start(const fs::path& directory, const std::string& database) {
  const fs::path data = directory / "mariadb", socket = directory / "socket", log = directory / "mariadb.log";
  std::vector<std::string> arguments{ServerProgram(),
                                     "--no-defaults",
                                     "--datadir=" + data.string(),
                                     "--socket=" + socket.string(),
                                     "--pid-file=" + (directory / "pid").string(),
                                     "--tmpdir=" + directory.string(),
                                     "--skip-networking",
                                     "--skip-grant-tables",
                                     "--skip-log-bin",
                                     "--skip-slave-start",
                                     "--performance-schema=OFF"};
  // It asks to be told so. Nobody else gets to it: the directory is of this user alone.
  if (geteuid() == 0) arguments.emplace_back("--user=root");
  std::unique_ptr<ScratchMariaDb> server(new ScratchMariaDb);
  server->url_.engine = storage::Engine::kMysql;
  server->url_.user = "root";
  server->url_.host = "localhost";
  server->url_.database = database;
  server->url_.unix_socket = socket.string();
  server->pid_ = Spawn(arguments, log);
  const auto until = std::chrono::steady_clock::now() + kStartMax;
  while (std::chrono::steady_clock::now() < until) {
    if (waitpid(server->pid_, nullptr, WNOHANG) != 0) {
      server->pid_ = 0;
      return Bad("no MariaDB server can be started on the restored files (package mariadb-server); the end of " +
                 log.string() + ":\n" + LastLines(log));
    }
    try {
      const storage::Session session(server->url_);
      return server;
    } catch (const storage::Failure&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  return Bad("the MariaDB server on the restored files does not answer; the end of " + log.string() + ":\n" +
             LastLines(log));
}

ScratchMariaDb::~ScratchMariaDb() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

}  // namespace loyalty
