// Inputs in the order in which a world got them, in a file: what ends a process can be repeated from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loyalty::fuzz {

// A file that is written as it goes. Does nothing without a path.
class SequenceFile {
 public:
  explicit SequenceFile(std::string path);
  ~SequenceFile();
  SequenceFile(const SequenceFile&) = delete;
  SequenceFile& operator=(const SequenceFile&) = delete;

  void Add(std::string_view input) const;
  void Clear() const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int file_ = -1;
};

// Throws std::runtime_error when there is no such file.
std::vector<std::string> ReadSequence(const std::string& path);
void WriteSequence(const std::string& path, const std::vector<std::string>& inputs);

}  // namespace loyalty::fuzz
