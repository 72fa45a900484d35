// Loaded into a program (LD_PRELOAD): every file lies on NFS, as far as it can see.
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

extern "C" int statfs(const char* path, struct statfs* status) {
  constexpr long kNfs = 0x6969;
  const long result = syscall(SYS_statfs, path, status);
  if (result == 0) status->f_type = kNfs;
  return static_cast<int>(result);
}
