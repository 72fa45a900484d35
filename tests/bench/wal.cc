#include "tests/bench/wal.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace loyalty::test {
namespace {

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
constexpr std::size_t kHeader = 32, kFrameHeader = 24, kSalts = 8;
constexpr std::uint32_t kMagic = 0x377f0682;  // its last bit: which way checksums are written

std::uint32_t NumberAt(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

}  // namespace

std::vector<std::uint32_t> PagesInLog(const std::string& database) {
  std::ifstream file(database + "-wal", std::ios::binary);
  const std::string log((std::istreambuf_iterator<char>(file)), {});
  if (log.size() < kHeader) return {};
  if ((NumberAt(log, 0) & ~1U) != kMagic) throw std::runtime_error(database + "-wal is no log of SQLite");
  const std::size_t frame = kFrameHeader + NumberAt(log, 8);
  const std::string salts = log.substr(16, kSalts);
  std::vector<std::uint32_t> pages;
  // Behind its end a log that began anew holds frames of before.
  for (std::size_t at = kHeader; at + frame <= log.size() && log.compare(at + 8, kSalts, salts) == 0; at += frame)
    pages.push_back(NumberAt(log, at));
  return pages;
}

}  // namespace loyalty::test
