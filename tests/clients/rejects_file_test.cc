#include "clients/rejects_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "clients/files.h"
#include "tests/clients/temporary_directory.h"
#include "tests/clients/text_source.h"

namespace loyalty::client {
namespace {

TEST(RejectsFile, CanBeReplayedAsItIs) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "in.csv.rejects.csv";
  const std::string header = "card,receipt_no,business_time,store,terminal,currency,kind,total";
  const std::string row = "\"1,2\",R1,2026-01-02,S1,T1,EUR,sale,5.00";
  auto rejects = RejectsFile::Start(path, directory.path() / "in.csv", header);
  ASSERT_TRUE(rejects);
  CsvReceipt receipt;
  receipt.rows.push_back({2, row});
  ASSERT_TRUE(rejects->Add(receipt, "RECEIPT_CONFLICT", "other content, as \"before\""));
  ASSERT_TRUE(rejects->Close());
  const auto content = ReadSmallFile(path, 10'000);
  ASSERT_TRUE(content);
  EXPECT_EQ(*content, "line,reason,message," + header + "\n2,RECEIPT_CONFLICT,\"other content, as \"\"before\"\"\"," +
                          row + "\n");

  auto reader = ReceiptReader::Open(TextSource(*content), StoreZones(), 0);
  ASSERT_TRUE(reader);
  EXPECT_TRUE(reader->columns().unknown().empty());
  const auto read = reader->Next();
  ASSERT_TRUE(read && read->has_value());
  EXPECT_EQ((*read)->reason, "");
  EXPECT_EQ((*read)->request.identifier().card(), "1,2");
}

TEST(RejectsFile, WithoutRejectsThereIsNoFileAndOldOnesAreKept) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "r.csv";
  for (const std::string old : {"first", "second"}) {
    std::ofstream(path) << old;
    auto rejects = RejectsFile::Start(path, directory.path() / "in.csv", "card");
    ASSERT_TRUE(rejects);
    ASSERT_TRUE(rejects->Close());
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  EXPECT_EQ(*ReadSmallFile(path.string() + ".1", 100), "first");
  EXPECT_EQ(*ReadSmallFile(path.string() + ".2", 100), "second");
}

TEST(RejectsFile, TheInputIsRefusedByWhateverNameAndStaysAsItIs) {
  const TemporaryDirectory directory;
  const auto input = directory.path() / "in.csv";
  std::ofstream(input) << "rows";
  std::filesystem::create_symlink(input, directory.path() / "link.csv");
  std::filesystem::create_hard_link(input, directory.path() / "hard.csv");
  for (const auto& path :
       {input, directory.path() / "." / "in.csv", directory.path() / "link.csv", directory.path() / "hard.csv"}) {
    const auto rejects = RejectsFile::Start(path, input, "card");
    ASSERT_FALSE(rejects) << path;
    EXPECT_EQ(rejects.error().reason, Reason::kInvalidArgument);
  }
  EXPECT_EQ(*ReadSmallFile(input, 100), "rows");
}

TEST(RejectsFile, WhatIsNoPlainFileIsWrittenAndNeverMoved) {
  const TemporaryDirectory directory;
  auto rejects = RejectsFile::Start("/dev/null", directory.path() / "in.csv", "card");
  ASSERT_TRUE(rejects);
  CsvReceipt receipt;
  receipt.rows.push_back({2, "x"});
  EXPECT_TRUE(rejects->Add(receipt, "X", "y"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(RejectsFile, APlaceThatCannotBeWrittenIsAnError) {
  auto rejects = RejectsFile::Start("/nonexistent-directory/r.csv", "in.csv", "card");
  ASSERT_TRUE(rejects);
  CsvReceipt receipt;
  receipt.rows.push_back({2, "x"});
  EXPECT_FALSE(rejects->Add(receipt, "X", "y"));
}

}  // namespace
}  // namespace loyalty::client
