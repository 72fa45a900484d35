// Preloaded into a program (LD_PRELOAD): counts what it allocates, in the first eight bytes of COUNT_ALLOCATIONS_FILE.
// All of it is glibc's meanwhile, also in a program with an allocator of its own: hence each way in and each way out.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t size);                          // NOLINT: names of glibc
void* __libc_calloc(std::size_t count, std::size_t size);       // NOLINT
void* __libc_realloc(void* block, std::size_t size);            // NOLINT
void* __libc_memalign(std::size_t boundary, std::size_t size);  // NOLINT
void __libc_free(void* block);                                  // NOLINT
}

namespace {

using Counter = std::atomic<unsigned long>;

Counter* Open() {
  static Counter nobody_asked;
  const char* path = std::getenv("COUNT_ALLOCATIONS_FILE");
  const int file = path == nullptr ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return &nobody_asked;
  void* place = mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return place == MAP_FAILED ? &nobody_asked : static_cast<Counter*>(place);
}

// Neither a constructor nor a lock: allocations come before and during both.
Counter* counter = nullptr;

void Count() {
  if (counter == nullptr) counter = Open();
  counter->fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  Count();
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  Count();
  return __libc_calloc(count, size);
}

void* realloc(void* block, std::size_t size) {
  Count();
  return __libc_realloc(block, size);
}

void* aligned_alloc(std::size_t boundary, std::size_t size) {
  Count();
  return __libc_memalign(boundary, size);
}

void* memalign(std::size_t boundary, std::size_t size) { return aligned_alloc(boundary, size); }

void free(void* block) { __libc_free(block); }

int posix_memalign(void** block, std::size_t boundary, std::size_t size) {
  Count();
  *block = __libc_memalign(boundary, size);
  return *block == nullptr ? 12 : 0;  // ENOMEM
}

}  // extern "C"

// NOLINTBEGIN(misc-new-delete-overloads): the program's own pairs
void* operator new(std::size_t size) { return malloc(size); }
void* operator new[](std::size_t size) { return malloc(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void* operator new(std::size_t size, std::align_val_t at) { return aligned_alloc(static_cast<std::size_t>(at), size); }
void* operator new[](std::size_t size, std::align_val_t at) {
  return aligned_alloc(static_cast<std::size_t>(at), size);
}
void operator delete(void* block) noexcept { free(block); }
void operator delete[](void* block) noexcept { free(block); }
void operator delete(void* block, std::size_t) noexcept { free(block); }
void operator delete[](void* block, std::size_t) noexcept { free(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { free(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { free(block); }
void operator delete(void* block, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { free(block); }
// NOLINTEND(misc-new-delete-overloads)
