#include "tests/fuzz/sequence.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace loyalty::fuzz {
namespace {

// Length, then bytes.
std::string Framed(std::string_view input) {
  const auto size = static_cast<std::uint32_t>(input.size());
  std::string frame(sizeof size, '\0');
  std::memcpy(frame.data(), &size, sizeof size);
  return frame.append(input);
}

}  // namespace

SequenceFile::SequenceFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  file_ = open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) throw std::runtime_error("cannot write " + path_);
}

SequenceFile::~SequenceFile() {
  if (file_ >= 0) close(file_);
}

void SequenceFile::Add(std::string_view input) const {
  if (file_ < 0) return;
  const std::string frame = Framed(input);
  if (write(file_, frame.data(), frame.size()) != static_cast<ssize_t>(frame.size()))
    throw std::runtime_error("cannot write " + path_);
}

void SequenceFile::Clear() const {
  if (file_ >= 0 && ftruncate(file_, 0) != 0) throw std::runtime_error("cannot write " + path_);
}

std::vector<std::string> ReadSequence(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> inputs;
  std::uint32_t size = 0;
  for (std::size_t at = 0; at + sizeof size <= bytes.size(); at += size) {
    std::memcpy(&size, bytes.data() + at, sizeof size);
    at += sizeof size;
    if (size > bytes.size() - at) break;  // the process ended while it wrote
    inputs.push_back(bytes.substr(at, size));
  }
  return inputs;
}

void WriteSequence(const std::string& path, const std::vector<std::string>& inputs) {
  std::ofstream file(path, std::ios::binary);
  for (const std::string& input : inputs) file << Framed(input);
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

}  // namespace loyalty::fuzz
