// A slower disk: each fsync and fdatasync takes longer, of this process and of all that it starts.
#pragma once

namespace loyalty::test {

// What a sync of a disk takes longer that lies behind a network.
inline constexpr int kCloudDiskUs = 1'000;

// Before anything is started or synced: what is started from now on looks at each sync how much longer it takes
// (tests/support/slow_sync.cc), which is nothing yet.
void MakeSyncsSlowable();

// So many microseconds longer while this lives; afterwards as before. 0: none.
class SlowedSyncs {
 public:
  explicit SlowedSyncs(int microseconds);
  ~SlowedSyncs();
  SlowedSyncs(const SlowedSyncs&) = delete;
  SlowedSyncs& operator=(const SlowedSyncs&) = delete;

 private:
  int before_;
};

}  // namespace loyalty::test
