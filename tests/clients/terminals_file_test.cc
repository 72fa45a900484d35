#include "clients/terminals_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/clients/temporary_directory.h"

namespace loyalty::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TerminalsFileTest : public ::testing::Test {
 protected:
  Result<TerminalsFile> Read(const std::string& text) const {
    const auto path = directory_.path() / "tills.csv";
    std::ofstream(path, std::ios::binary) << text;
    return ReadTerminalsFile(path.string());
  }

  TemporaryDirectory directory_;
};

TEST_F(TerminalsFileTest, ReadsStoresWithTheirTerminals) {
  const auto file = Read(
      "\xef\xbb\xbfterminal,store,store_name,store_time_zone,store_region,store_language,display_name\r\n"
      "T1,S1,\"Mitte, am Markt\",Europe/Berlin,DE,de,Till one\r\n"
      "T2, S1 ,,,,,\r\n"
      "\r\n"
      "T1,N1,Nord,,,,\r\n");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(file->problems, IsEmpty());
  EXPECT_TRUE(file->makes_stores && file->makes_terminals);
  ASSERT_EQ(file->stores.size(), 2U);
  const ListedStore& store = file->stores.at("S1");
  EXPECT_EQ(store.store.name(), "stores/S1");
  EXPECT_EQ(store.store.display_name(), "Mitte, am Markt");
  EXPECT_EQ(store.store.time_zone(), "Europe/Berlin");
  EXPECT_EQ(store.store.region_code(), "DE");
  EXPECT_EQ(store.store.language_code(), "de");
  ASSERT_EQ(store.terminals.size(), 2U);
  EXPECT_EQ(store.terminals[0].display_name, "Till one");
  EXPECT_EQ(store.terminals[1].id, "T2");
}

TEST_F(TerminalsFileTest, TellsWhatIsWrongWithEachRow) {
  const auto file = Read(
      "store,terminal,store_name\n"
      "S1,T1,Mitte\n"
      "S1,T1,Mitte\n"
      "S1,T2,Markt\n"
      ",T3,\n"
      "S1,T/4,\n"
      "S1,T5,\xff\n"
      "S1\n");
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->makes_terminals);
  EXPECT_THAT(file->problems, ElementsAre(HasSubstr("line 3: terminal T1 of store S1 stands in line 2 already"),
                                          HasSubstr("line 4: store_name of store S1 is 'Markt', and was 'Mitte'"),
                                          HasSubstr("line 5: store ''"), HasSubstr("line 6: terminal 'T/4'"),
                                          HasSubstr("line 7: not UTF-8"), HasSubstr("line 8: terminal ''")));
}

TEST_F(TerminalsFileTest, RefusesAHeaderThatItDoesNotKnow) {
  EXPECT_THAT(Read("store,terminal,colour\n").error().message, HasSubstr("'colour'"));
  EXPECT_THAT(Read("store,terminal,store\n").error().message, HasSubstr("two columns"));
  EXPECT_THAT(Read("store,display_name\n").error().message, HasSubstr("store and terminal"));
  EXPECT_FALSE(Read(""));
  EXPECT_FALSE(ReadTerminalsFile((directory_.path() / "none.csv").string()));
}

}  // namespace
}  // namespace loyalty::client
