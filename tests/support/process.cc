#include "tests/support/process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;  // NOLINT: as POSIX declares it

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kQuotedMax = 3'000;  // of a log, in a message

std::vector<std::string> Environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.rfind("LOYALTY_", 0) != 0 && !added.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string End(const std::string& text) {
  return text.substr(text.size() > kQuotedMax ? text.size() - kQuotedMax : 0);
}

std::optional<std::string> LineWith(const std::string& text, std::string_view part) {
  const auto at = text.find(part);
  if (at == std::string::npos) return std::nullopt;
  const auto end = text.find('\n', at);
  if (end == std::string::npos) return std::nullopt;  // still being written
  const auto before = text.rfind('\n', at);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  return text.substr(begin, end - begin);
}

}  // namespace

Process::Process(ProcessOptions options) : options_(std::move(options)) {
  // Everything that allocates comes before fork: another thread may hold the allocator's lock.
  auto environment = Environment(options_.environment);
  auto envp = Pointers(environment);
  auto argv = Pointers(options_.arguments);
  const std::string out = options_.log.string() + ".out";
  const std::string err = options_.log.string() + ".err";
  const std::string directory = options_.directory.string();
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, options_.death_signal);
  if (getppid() != parent) _exit(126);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(open(out.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600), STDOUT_FILENO);
  dup2(open(err.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600), STDERR_FILENO);
  close_range(3, ~0U, 0);
  if (!directory.empty() && chdir(directory.c_str()) != 0) _exit(126);
  execvpe(argv[0], argv.data(), envp.data());
  dprintf(STDERR_FILENO, "cannot run %s\n", argv[0]);
  _exit(127);
}

Process::~Process() { Kill(); }

std::string Process::WaitForLine(std::string_view text, std::chrono::seconds most) {
  for (const auto until = Clock::now() + most;;) {
    const bool ended = Poll().has_value();  // before reading: what it said last is there then
    for (const auto& said : {Out(), Err()})
      if (auto line = LineWith(said, text)) return *line;
    if (ended) Fail("ended with " + std::to_string(*exit_code_) + " before it said '" + std::string(text) + "'");
    if (Clock::now() > until) Fail("did not say '" + std::string(text) + "' in time");
    std::this_thread::sleep_for(milliseconds(5));
  }
}

void Process::Signal(int signal) const {
  if (!exit_code_) kill(pid_, signal);
}

std::optional<int> Process::Poll() {
  if (exit_code_) return exit_code_;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

int Process::Wait(std::chrono::seconds most) {
  const auto until = Clock::now() + most;
  while (!Poll()) {
    if (Clock::now() > until) Fail("did not end in time");
    std::this_thread::sleep_for(milliseconds(5));
  }
  return *exit_code_;
}

void Process::Kill() {
  if (exit_code_) return;
  kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Process::Out() const { return ReadText(options_.log.string() + ".out"); }
std::string Process::Err() const { return ReadText(options_.log.string() + ".err"); }

void Process::Fail(const std::string& what) const {
  throw std::runtime_error(options_.arguments[0] + " " + what + "\n" + End(Out()) + End(Err()));
}

Ended RunProgram(ProcessOptions options, std::chrono::seconds most) {
  Process process(std::move(options));
  const int code = process.Wait(most);
  return {code, process.Out(), process.Err()};
}

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace loyalty::test
