// What goes wrong while a load runs.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace loyalty::test {

// What goes wrong from time to time, on the thread that runs the load.
struct Disturbance {
  std::function<void()> strike;
  std::function<void()> mend;  // afterwards the server is up
  // Answers that come between the two are none: where there is no power, nobody hears them. (A sync under way may end
  // well in a file system that is shut down meanwhile.)
  bool power_is_cut = false;
};

// Runs `load` on a thread of its own, and `disturb` on this one with each of the disturbances in turn, one about every
// second, until the load is done. How many there were. What `disturb` throws (a server did not come up) is thrown when
// the load has given up by itself.
int RunDisturbed(const std::vector<Disturbance>& disturbances, std::mt19937_64& random,
                 const std::function<void()>& load, const std::function<void(const Disturbance&)>& disturb);

}  // namespace loyalty::test
