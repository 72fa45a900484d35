#include "clients/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <fstream>

#include "clients/input_file.h"
#include "tests/clients/temporary_directory.h"

namespace loyalty::client {
namespace {

std::string ReadToEnd(InputFile& file) {
  std::string text;
  char buffer[7];
  for (;;) {
    const auto got = file.Read(buffer, sizeof(buffer));
    EXPECT_TRUE(got.has_value());
    if (!got || *got == 0) return text;
    text.append(buffer, *got);
  }
}

TEST(Files, WhatIsWrittenIsPrivateAndReplacedAsAWhole) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "sub" / "entry";
  ASSERT_TRUE(MakePrivateDirectory(file.parent_path()));
  ASSERT_TRUE(WriteFileDurably(file, "first, and long"));
  ASSERT_TRUE(WriteFileDurably(file, "second"));
  const auto content = ReadSmallFile(file, 100);
  ASSERT_TRUE(content);
  EXPECT_EQ(*content, "second");
  struct stat status {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(stat(file.parent_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST(Files, AFileThatIsTooLargeOrAbsentIsRefused) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(WriteFileDurably(directory.path() / "f", "12345"));
  EXPECT_FALSE(ReadSmallFile(directory.path() / "f", 4));
  EXPECT_TRUE(ReadSmallFile(directory.path() / "f", 5));
  EXPECT_FALSE(ReadSmallFile(directory.path() / "absent", 5));
}

TEST(InputFile, ReadsPlainAndGzipAlike) {
  const TemporaryDirectory directory;
  const std::string text = "card,total\n1,2.00\n";
  const std::string plain = directory.path() / "plain.csv";
  const std::string packed = directory.path() / "packed.csv.gz";
  std::ofstream(plain) << text;
  gzFile gz = gzopen(packed.c_str(), "wb");
  gzwrite(gz, text.data(), static_cast<unsigned>(text.size()));
  gzclose(gz);
  for (const auto& path : {plain, packed}) {
    auto file = InputFile::Open(path);
    ASSERT_TRUE(file) << path;
    EXPECT_EQ(ReadToEnd(*file), text) << path;
    EXPECT_EQ(file->position(), file->size()) << path;
  }
}

TEST(InputFile, ATruncatedGzipIsAnErrorNotAnEnd) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() / "cut.csv.gz";
  gzFile gz = gzopen(path.c_str(), "wb");
  for (int i = 0; i < 1000; ++i) gzprintf(gz, "%d,%d\n", i, i * 7919);
  gzclose(gz);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  auto file = InputFile::Open(path);
  ASSERT_TRUE(file);
  char buffer[4096];
  bool failed = false;
  for (int i = 0; i < 100 && !failed; ++i) {
    const auto got = file->Read(buffer, sizeof(buffer));
    failed = !got;
    if (got && *got == 0) break;
  }
  EXPECT_TRUE(failed);
}

TEST(InputFile, AbsentFilesAndDirectoriesAreRefused) {
  const TemporaryDirectory directory;
  EXPECT_FALSE(InputFile::Open(directory.path() / "absent"));
  EXPECT_FALSE(InputFile::Open(directory.path()));
}

}  // namespace
}  // namespace loyalty::client
