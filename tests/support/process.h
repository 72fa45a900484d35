// Runs real programs: start, wait for what they print, signal, wait for their end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loyalty::test {

struct ProcessOptions {
  std::vector<std::string> arguments;              // the program first; looked for in PATH when it has no slash
  std::map<std::string, std::string> environment;  // besides ours, from which every LOYALTY_ variable is taken away
  std::filesystem::path log;                       // stdout goes to LOG.out, stderr to LOG.err, both written anew
  std::filesystem::path directory;                 // where it runs; empty: where we are
  int death_signal = SIGKILL;                      // what it gets when we end without having ended it
};

// A program that was started. It is killed with this object, and by the kernel when the thread that started it ends,
// so that nothing is left behind however a test ends: start it from a thread that lives as long as it should.
// Everything throws std::runtime_error with the end of what the program said.
class Process {
 public:
  explicit Process(ProcessOptions options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The first line on stdout or stderr that holds `text`. Throws when the program ends without it, or time is up.
  std::string WaitForLine(std::string_view text, std::chrono::seconds most = std::chrono::seconds(60));

  void Signal(int signal) const;
  // The exit code, 128 + number for the end by a signal; nothing while it runs.
  std::optional<int> Poll();
  // The same once it has ended.
  int Wait(std::chrono::seconds most = std::chrono::seconds(60));
  // SIGKILL, and gone when it returns. Safe to repeat.
  void Kill();

  pid_t pid() const { return pid_; }
  std::string Out() const;
  std::string Err() const;

 private:
  [[noreturn]] void Fail(const std::string& what) const;

  ProcessOptions options_;
  pid_t pid_ = 0;
  std::optional<int> exit_code_;
};

// What a program came to.
struct Ended {
  int code = -1;
  std::string out, err;
};

// Runs a program to its end.
Ended RunProgram(ProcessOptions options, std::chrono::seconds most = std::chrono::seconds(120));

// The whole text of a file; empty when there is none.
std::string ReadText(const std::filesystem::path& path);

}  // namespace loyalty::test
