// fuzz_handlers: libFuzzer over all methods. FUZZ_METHOD names one of them; FUZZ_OUT is the folder of this process's
// files: report.txt (what was done so far) and world.sequence (the inputs since the world began).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "tests/fuzz/harness.h"
#include "tests/fuzz/mutator.h"
#include "tests/fuzz/report.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);

namespace loyalty::fuzz {
namespace {

constexpr int kRunsBetweenReports = 10'000;

std::string Variable(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : value;
}

// libFuzzer's own mutations, which know what comparisons the program makes.
void MutateBytesByLibFuzzer(std::string& bytes, std::size_t max, Chance&) {
  std::string room = bytes.substr(0, max);
  const std::size_t before = room.size();
  room.resize(max);
  room.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(room.data()), before, max));
  bytes = std::move(room);
}

class Process {
 public:
  static Process& The() {
    static Process* process = new Process;  // outlives whatever runs at exit
    return *process;
  }

  void Run(std::string_view bytes) {
    const std::string fault = harness_.Run(bytes);
    if (!fault.empty()) {
      WriteReport();
      std::fprintf(stderr, "finding: %s\nagain: fuzz_slice --seconds 0 %s\n", fault.c_str(), sequence_.c_str());
      std::abort();
    }
    if (++runs_ % kRunsBetweenReports == 0) WriteReport();
  }

  std::size_t Mutate(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    Chance chance(seed);
    Input input = ReadInput({reinterpret_cast<const char*>(data), size});
    if (method_) input.method = *method_;
    return Return(
        mutator_.Mutate(std::move(input), max, harness_.now(), method_.has_value(), chance, MutateBytesByLibFuzzer),
        data, max);
  }

  std::size_t Cross(std::string_view first, std::string_view second, std::uint8_t* out, std::size_t max,
                    unsigned seed) {
    Chance chance(seed);
    return Return(mutator_.Cross(ReadInput(first), ReadInput(second), chance), out, max);
  }

  void WriteReport() const {
    // Whoever reads it meanwhile sees a whole one.
    const auto written = directory_ / "report.new";
    std::ofstream(written) << ReportText(harness_.tallies(), std::chrono::steady_clock::now() - start_);
    std::filesystem::rename(written, directory_ / "report.txt");
  }

 private:
  Process() {
    if (const std::string name = Variable("FUZZ_METHOD", ""); !name.empty()) method_ = MethodNumber(name);
    std::atexit([] { The().WriteReport(); });
  }

  static std::size_t Return(const Input& input, std::uint8_t* data, std::size_t max) {
    const std::string bytes = InputBytes(input);
    const std::size_t size = std::min(bytes.size(), max);
    std::copy_n(bytes.begin(), size, data);
    return size;
  }

  static std::filesystem::path OutDirectory() {
    const std::filesystem::path directory = Variable("FUZZ_OUT", "fuzz-out");
    std::filesystem::create_directories(directory);
    return directory;
  }

  std::filesystem::path directory_ = OutDirectory();
  std::string sequence_ = (directory_ / "world.sequence").string();
  Harness harness_{sequence_};
  Mutator mutator_{harness_.vocabulary()};
  std::optional<std::uint8_t> method_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  int runs_ = 0;
};

}  // namespace
}  // namespace loyalty::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  loyalty::fuzz::Process::The().Run({reinterpret_cast<const char*>(data), size});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  return loyalty::fuzz::Process::The().Mutate(data, size, max, seed);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second, std::size_t second_size, std::uint8_t* out,
                                                 std::size_t max, unsigned seed) {
  return loyalty::fuzz::Process::The().Cross({reinterpret_cast<const char*>(first), first_size},
                                             {reinterpret_cast<const char*>(second), second_size}, out, max, seed);
}
