#include "clients/enrollment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/code_sheet.h"

namespace loyalty::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SecondsOf, ReadsMinutesHoursAndDays) {
  EXPECT_EQ(SecondsOf("1m"), 60);
  EXPECT_EQ(SecondsOf("48h"), 172'800);
  EXPECT_EQ(SecondsOf("30d"), 2'592'000);
  EXPECT_EQ(SecondsOf("720h"), 2'592'000);
  for (const char* text : {"", "h", "0h", "-1h", "48", "48s", "48 h", "31d", "721h", "99999999999999999999d", "4.5h"})
    EXPECT_FALSE(SecondsOf(text)) << text;
}

TEST(CodeSheet, HasWhatSomebodyAtATillNeedsAndNothingOfItsOwn) {
  const std::string sheet = CodeSheet(Language::kGerman, "stores/S1", "Mitte <&>", "points.example:443",
                                      {{"stores/S1/terminals/T1", "\"Eins\"", "7KQ2-M4XB-0D9T-VE3H", "2026-12-05"}});
  EXPECT_THAT(sheet, HasSubstr("lang=\"de\""));
  EXPECT_THAT(sheet, HasSubstr("Mitte &lt;&amp;&gt; (stores/S1)"));
  EXPECT_THAT(sheet, HasSubstr("&quot;Eins&quot;"));
  EXPECT_THAT(sheet, HasSubstr("7KQ2-M4XB-0D9T-VE3H"));
  EXPECT_THAT(sheet, HasSubstr("2026-12-05"));
  EXPECT_THAT(sheet, HasSubstr("loyalty-till enroll --server points.example:443 --ca ca.crt --out till.key"));
  EXPECT_THAT(sheet, Not(HasSubstr("http"))) << "nothing is fetched from elsewhere";
  EXPECT_TRUE(SheetHas(sheet, "stores/S1/terminals/T1"));
  EXPECT_FALSE(SheetHas(sheet, "stores/S1/terminals/T"));
}

}  // namespace
}  // namespace loyalty::client
