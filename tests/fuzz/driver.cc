// fuzz_slice: the fuzzer without libFuzzer. Replays files, then mutates on its own for a while, the same for a seed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/harness.h"
#include "tests/fuzz/mutator.h"
#include "tests/fuzz/report.h"
#include "tests/fuzz/seeds.h"

namespace loyalty::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kInputMax = 100'000;

struct Arguments {
  double seconds = 10;
  std::int64_t runs = 0;  // 0: as many as fit into the time
  std::uint64_t seed = std::random_device()();
  std::optional<std::uint8_t> method;
  std::vector<std::string> replay;  // files and folders
  std::string write_seeds;          // folder
  std::string sequence = "fuzz.sequence";
};

int Usage() {
  std::fputs(
      "Usage: fuzz_slice [--seconds N] [--runs N] [--seed S] [--method NAME] [--sequence FILE] [--write-seeds DIR]\n"
      "                  [FILE | DIR ...]\n"
      "Replays the inputs in the files (NAME.sequence: many, one world), then mutates for N seconds or N runs.\n"
      "A finding prints how to run it again.\n",
      stderr);
  return 2;
}

bool Read(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name.substr(0, 2) != "--") {
      arguments.replay.emplace_back(name);
      continue;
    }
    if (++i == argc) return false;
    if (name == "--seconds") {
      arguments.seconds = std::strtod(argv[i], nullptr);
    } else if (name == "--runs") {
      arguments.runs = std::strtoll(argv[i], nullptr, 10);
    } else if (name == "--seed") {
      arguments.seed = std::strtoull(argv[i], nullptr, 10);
    } else if (name == "--method") {
      arguments.method = MethodNumber(argv[i]);
    } else if (name == "--sequence") {
      arguments.sequence = argv[i];
    } else if (name == "--write-seeds") {
      arguments.write_seeds = argv[i];
    } else {
      return false;
    }
  }
  return true;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// False after a finding.
bool Replay(Harness& harness, const fs::path& path, std::vector<std::string>& kept) {
  std::vector<std::string> inputs;
  if (path.extension() == ".sequence") {
    inputs = ReadSequence(path);
  } else {
    inputs.push_back(ReadAll(path));
  }
  std::string fault;
  for (std::size_t i = 0; i < inputs.size() && fault.empty(); ++i) fault = harness.Run(inputs[i]);
  if (fault.empty()) fault = harness.StartAnew();
  kept.insert(kept.end(), inputs.begin(), inputs.end());
  if (!fault.empty()) std::printf("finding: %s\nagain: fuzz_slice --seconds 0 %s\n", fault.c_str(), path.c_str());
  return fault.empty();
}

std::vector<fs::path> FilesOf(const std::vector<std::string>& names) {
  std::vector<fs::path> files;
  for (const std::string& name : names) {
    if (!fs::is_directory(name)) {
      files.emplace_back(name);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(name))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// False after a finding.
bool Fuzz(Harness& harness, const Arguments& arguments, std::vector<std::string> kept) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(arguments.runs > 0 ? 1e6 : arguments.seconds));
  Chance chance(arguments.seed);
  const Mutator mutator(harness.vocabulary());
  std::set<std::string> outcomes;
  for (std::size_t i = 0; i < Methods().size(); ++i) {
    const auto method = arguments.method.value_or(static_cast<std::uint8_t>(i));
    kept.push_back(InputBytes(Seed(method, harness.vocabulary(), harness.now(), chance)));
  }
  for (std::int64_t run = 0; arguments.runs == 0 ? Clock::now() < end : run < arguments.runs; ++run) {
    Input input = ReadInput(chance.OneOf(kept));
    if (arguments.method) input.method = *arguments.method;
    if (chance.OneIn(16)) input = mutator.Cross(std::move(input), ReadInput(chance.OneOf(kept)), chance);
    input = mutator.Mutate(std::move(input), kInputMax, harness.now(), arguments.method.has_value(), chance,
                           MutateBytesPlainly);
    const std::string bytes = InputBytes(input);
    const std::string fault = harness.Run(bytes);
    if (!fault.empty()) {
      std::printf("finding: %s\nseed %llu, run %lld; again: fuzz_slice --seconds 0 %s\n", fault.c_str(),
                  static_cast<unsigned long long>(arguments.seed), static_cast<long long>(run),
                  arguments.sequence.c_str());
      return false;
    }
    if (bytes.size() < 4'096 && outcomes.insert(harness.outcome()).second) kept.push_back(bytes);
  }
  return true;
}

void WriteSeeds(const Harness& harness, const fs::path& directory) {
  fs::create_directories(directory);
  Chance chance(1);
  for (std::size_t i = 0; i < Methods().size(); ++i)
    for (int k = 0; k < 4; ++k) {
      std::ofstream file(directory / (std::string(Methods()[i].name) + "-" + std::to_string(k)), std::ios::binary);
      file << InputBytes(Seed(static_cast<std::uint8_t>(i), harness.vocabulary(), harness.now(), chance));
    }
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!Read(argc, argv, arguments)) return Usage();
  Harness harness(arguments.sequence);
  if (!arguments.write_seeds.empty()) {
    WriteSeeds(harness, arguments.write_seeds);
    return 0;
  }
  std::vector<std::string> kept;
  for (const fs::path& file : FilesOf(arguments.replay))
    if (!Replay(harness, file, kept)) return 1;
  std::printf("seed %llu\n", static_cast<unsigned long long>(arguments.seed));
  std::fflush(stdout);
  const auto start = std::chrono::steady_clock::now();
  const bool good = (arguments.seconds == 0 && arguments.runs == 0) || Fuzz(harness, arguments, std::move(kept));
  std::fputs(ReportText(harness.tallies(), std::chrono::steady_clock::now() - start).c_str(), stdout);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace loyalty::fuzz

int main(int argc, char** argv) {
  try {
    return loyalty::fuzz::Main(argc, argv);
  } catch (const std::exception& error) {  // a good request that is not answered well
    std::printf("finding: %s\n", error.what());
    return 1;
  }
}
