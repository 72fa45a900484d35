#include "clients/secret_input.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "clients/files.h"
#include "clients/text.h"
#include "domain/pin.h"

namespace loyalty::client {
namespace {

constexpr std::size_t kFileBytesMax = 4'096;

Error Refused(std::string why) { return Error{Reason::kInvalidArgument, std::move(why), {}}; }

// The terminal of this process, without echo as long as this lives.
class QuietTerminal {
 public:
  QuietTerminal() : file_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (file_ < 0 || tcgetattr(file_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_quiet_ = tcsetattr(file_, TCSAFLUSH, &quiet) == 0;
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (is_quiet_) tcsetattr(file_, TCSAFLUSH, &before_);
    if (file_ >= 0) ::close(file_);
  }

  bool is_quiet() const { return is_quiet_; }
  std::string Ask(const std::string& prompt) const {
    Write(prompt + ": ");
    std::string line;
    for (char c = 0; ::read(file_, &c, 1) == 1 && c != '\n' && line.size() <= kPinDigitsMax;) line += c;
    Write("\n");
    return line;
  }

 private:
  void Write(const std::string& text) const {
    if (::write(file_, text.data(), text.size()) < 0) return;  // who cannot be asked answers nothing
  }

  int file_;
  termios before_{};
  bool is_quiet_ = false;
};

Result<std::string> FromFile(const std::string& file) {
  const auto content = ReadSmallFile(file, kFileBytesMax);
  if (!content) return content.error();
  return std::string(Trim(std::string_view(*content).substr(0, content->find_first_of("\r\n"))));
}

Result<std::string> Typed(const std::string& prompt, bool twice) {
  const QuietTerminal terminal;
  if (!terminal.is_quiet())
    return Error{Reason::kUnavailable, "there is no terminal to ask for a PIN: name a file with it", {}};
  const std::string first = terminal.Ask(prompt);
  if (twice && terminal.Ask("Again") != first) return Refused("the two PINs differ");
  return first;
}

}  // namespace

Result<std::string> ReadPin(const std::string& prompt, const std::string& file) {
  auto pin = file.empty() ? Typed(prompt, false) : FromFile(file);
  if (pin && !IsPin(*pin)) return Refused("a PIN has 4 to 12 digits");
  return pin;
}

Result<std::string> ReadNewPin(const std::string& prompt, const std::string& file) {
  auto pin = file.empty() ? Typed(prompt, true) : FromFile(file);
  if (pin && !IsGoodPin(*pin))
    return Refused("a PIN has 4 to 12 digits, not the same ones again and again, and no row as 1234");
  return pin;
}

}  // namespace loyalty::client
