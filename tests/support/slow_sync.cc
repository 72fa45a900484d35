// Preloaded into a program (LD_PRELOAD), or part of it: a disk that takes its time to make anything durable. How many
// microseconds longer, the first line of the file SLOW_SYNC_FILE says at that moment.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace {

void Wait() {
  static const char* const kFile = std::getenv("SLOW_SYNC_FILE");
  if (kFile == nullptr) return;
  const int file = open(kFile, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char text[16] = {};
  const ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  if (size > 0) usleep(static_cast<useconds_t>(std::atoi(text)));
}

}  // namespace

extern "C" int fdatasync(int fd) {
  Wait();
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

extern "C" int fsync(int fd) {
  Wait();
  return static_cast<int>(syscall(SYS_fsync, fd));
}
