// The page of retention figures (clients/retention/page.h) in a real browser: all there, in both languages, on a phone
// too; nothing on the console, nothing loaded, nothing of the data taken for markup.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "clients/retention/page.h"
#include "clients/retention/page_files.h"
#include "tests/e2e/browser.h"
#include "tests/support/process.h"

namespace loyalty::test {
namespace {

using client::PageLanguage;
using client::RenderPage;
using google::protobuf::Struct;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kPhone = 360;
constexpr int kDesktop = 1100;
const std::vector<std::string> kAllCharts{"calibration", "cohorts", "flow", "rfm", "stages"};
constexpr const char* kOnlyWhatIsRequired =
    R"({"title": "My shop", "currency": "EUR", "currency_exponent": 2, "as_of": "2026-06-30"})";

std::string Example() {
  const std::string json = ReadText(std::string(LOYALTY_SOURCE) + "/tests/data/retention_page.json");
  EXPECT_THAT(json, HasSubstr("\"calibration\""));
  return json;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// The places where a browser would fetch something: an address after what makes it load one.
std::vector<std::string> Loads(const std::string& html) {
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = html.find("://", at)) != std::string::npos; at += 3) {
    std::string before = html.substr(at < 40 ? 0 : at - 40, std::min<std::size_t>(at, 40));
    before.erase(std::remove_if(before.begin(), before.end(), [](char c) { return c == ' ' || c == '"' || c == '\''; }),
                 before.end());
    for (const char* loads : {"src=", "srcset=", "href=", "action=", "url(", "@import", "import(", "from"}) {
      for (const char* scheme : {"http", "https"}) {
        if (before.ends_with(std::string(loads) + scheme)) found.push_back(html.substr(at - 20, 60));
      }
    }
  }
  return found;
}

// Everything that is wrong with a page that was opened, in words.
std::vector<std::string> Complaints(const std::string& html, const SeenPage& seen, int width,
                                    const std::vector<std::string>& charts) {
  std::vector<std::string> complaints;
  const auto check = [&](bool good, std::string complaint) {
    if (!good) complaints.push_back(std::move(complaint));
  };
  for (const std::string& message : seen.console) check(false, "console: " + message);
  for (const std::string& place : Loads(html)) check(false, "loads: " + place);
  check(seen.ready, "not ready");
  for (const auto& [name, drawn] : seen.charts) check(drawn, "not drawn: " + name);
  for (const std::string& name : charts) check(seen.charts.count(name) == 1, "no chart: " + name);
  check(seen.charts.size() == charts.size(), "more charts than data");
  check(seen.width == width, fmt::format("width: {}", seen.width));
  check(seen.overflow <= 0, fmt::format("overflow: {} pixels", seen.overflow));
  check(seen.requests == 0, fmt::format("requests: {}", seen.requests));
  check(seen.intruders == 0, fmt::format("intruders: {}", seen.intruders));
  for (const char* word : {"undefined", "NaN", "null", "[object", "Infinity"}) {
    const std::size_t at = seen.text.find(word);
    check(at == std::string::npos, "text: " + seen.text.substr(at == std::string::npos || at < 40 ? 0 : at - 40, 80));
  }
  return complaints;
}

std::vector<std::string> Complaints(const std::string& html, int width, const std::vector<std::string>& charts) {
  return Complaints(html, OpenPage(html, width), width, charts);
}

struct Case {
  PageLanguage language;
  int width;
};

class RetentionPage : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(LanguagesAndWidths, RetentionPage,
                         ::testing::Values(Case{PageLanguage::kEnglish, kPhone}, Case{PageLanguage::kEnglish, kDesktop},
                                           Case{PageLanguage::kGerman, kPhone}, Case{PageLanguage::kGerman, kDesktop}),
                         [](const auto& of) {
                           return fmt::format("{}{}", of.param.language == PageLanguage::kGerman ? "German" : "English",
                                              of.param.width);
                         });

TEST_P(RetentionPage, ShowsAllThereIs) {
  EXPECT_THAT(Complaints(RenderPage(Example(), GetParam().language), GetParam().width, kAllCharts), IsEmpty());
}

TEST_P(RetentionPage, SaysWhatIsMissing) {
  const std::string html = RenderPage(kOnlyWhatIsRequired, GetParam().language);
  const SeenPage seen = OpenPage(html, GetParam().width);
  EXPECT_THAT(Complaints(html, seen, GetParam().width, {}), IsEmpty());
  const bool german = GetParam().language == PageLanguage::kGerman;
  for (const char* sentence :
       german ? std::vector{"Die Phasen fehlen:", "Die Wanderungen fehlen:", "noch nicht berechnet."}
              : std::vector{"Stages are not shown:", "Movements are not shown:", "worked out"}) {
    EXPECT_THAT(seen.text, HasSubstr(sentence));
  }
}

TEST(RetentionPage, SaysTheSameNumbersInTheWayOfEachLanguage) {
  const std::string english = OpenPage(RenderPage(Example(), PageLanguage::kEnglish), kDesktop).text;
  EXPECT_THAT(english, HasSubstr("2,357"));
  EXPECT_THAT(english, HasSubstr("€12,847"));
  EXPECT_THAT(english, HasSubstr("June 30, 2026"));
  EXPECT_THAT(english, HasSubstr("Of those who first bought in May 2026, about 1 in 3"));
  const std::string german = OpenPage(RenderPage(Example(), PageLanguage::kGerman), kDesktop).text;
  EXPECT_THAT(german, HasSubstr("2.357"));
  EXPECT_THAT(german, HasSubstr("12.847\u00a0€"));
  EXPECT_THAT(german, HasSubstr("30. Juni 2026"));
  EXPECT_THAT(german, HasSubstr("die im Mai 2026 zum ersten Mal gekauft haben, kam etwa 1 von 3"));
}

TEST(RetentionPage, TakesNothingOfTheDataForMarkup) {
  const std::string attack = R"(</script><!--<script></ScRiPt ><img src=x onerror=\"document.body.dataset.harmed=1\">)";
  std::string json = Example();
  for (const char* text : {"Tea & Spice", "members/", "MBG/CNBD-k", "CHAMPIONS", "REACTIVATE", "WIN_BACK_OFFER",
                           "OVERDUE", "WRITTEN_OFF", "Stages and segments", "2026-07-21", "2025-09", "EUR"}) {
    json = Replaced(std::move(json), text, attack + text);
  }
  const std::string html = RenderPage(json, PageLanguage::kEnglish);
  const SeenPage seen = OpenPage(html, kDesktop);
  EXPECT_THAT(Complaints(html, seen, kDesktop, kAllCharts), IsEmpty());
  EXPECT_THAT(seen.text, HasSubstr("<img src=x onerror="));
  EXPECT_THAT(Complaints(html, kPhone, kAllCharts), IsEmpty()) << "names of any length have room";
}

TEST(RetentionPage, ShowsCodesItDoesNotKnowAsTheyAre) {
  const std::vector<std::pair<std::string, std::string>> codes{
      {"DEVELOP", "AN_ODD_STAGE"},     {"CHAMPIONS", "AN_ODD_SEGMENT"}, {"L4", "constructor"},
      {"OVERDUE", "AN_ODD_REASON"},    {"HOLDOUT", "AN_ODD_EXCUSE"},    {"recency", "AN_ODD_SCORE"},
      {"PERSONAL_CONTACT", "toString"}};
  std::string json = Example();
  for (const auto& [known, unknown] : codes) {
    json = Replaced(std::move(json), fmt::format(": \"{}\"", known), fmt::format(": \"{}\"", unknown));
  }
  const std::string html = RenderPage(json, PageLanguage::kGerman);
  const SeenPage seen = OpenPage(html, kPhone);
  EXPECT_THAT(Complaints(html, seen, kPhone, kAllCharts), IsEmpty());
  for (const auto& code : codes) EXPECT_THAT(seen.text, HasSubstr(code.second));
}

TEST(RetentionPage, WithholdsProbabilitiesInWords) {
  for (const auto& [reason, sentence] : {std::pair{"no_contrast", "This cannot be said"},
                                         {"calibration", "which is too much"},
                                         {"total_bias", "far too many or far too few"},
                                         {"a_new_one", "(a_new_one)"}}) {
    const std::string json = Replaced(Replaced(Example(), "\"withheld\": false", "\"withheld\": true"), "\"shown\"",
                                      fmt::format("\"{}\"", reason));
    EXPECT_THAT(OpenPage(RenderPage(json, PageLanguage::kEnglish), kDesktop).text, HasSubstr(sentence));
  }
}

// Each guard finds what it is there for.
TEST(RetentionPage, ABrokenPageIsComplainedAbout) {
  const std::string good = RenderPage(Example(), PageLanguage::kEnglish);
  const auto with = [&](const std::string& markup) { return Replaced(good, "<noscript>", markup + "<noscript>"); };
  const std::string main = "<main id=\"page\">";
  const struct {
    std::string html, complaint;
  } kCases[]{
      {with("<script>console.warn('oh')</script>"), "console: "},
      {with("<script>throw Error('oh')</script>"), "console: "},
      {with("<img src=\"http://example.com/a.png\">"), "Content Security Policy"},
      {with("<img src=\"http://example.com/a.png\">"), "loads: "},
      {Replaced(with("<img src=\"http://example.com/a.png\">"), "img-src data:", "img-src http:"), "requests: 1"},
      {Replaced(good, main, main + "<p>NaN</p>"), "text: "},
      {Replaced(good, main, main + "<p style='width:400px'>oh</p>"), "overflow: "},
      {Replaced(good, "repeat(auto-fit, minmax(150px, 1fr))", "repeat(4, 150px)"), "overflow: "},
      {Replaced(good, "type: \"sankey\"", "type: \"no such chart\""), "not drawn: flow"},
      {Replaced(good, "chart(\"rfm\"", "chart(\"other\""), "no chart: rfm"},
      {Replaced(good, ".dataset.ready = ", ".dataset.other = "), "not ready"},
      {Replaced(good, "\"Tea & Spice", "\"</script><img src=x>"), "console: "},
      {Replaced(good, "element(\"h1\", {}, ", "element(\"h1\", {}, element(\"img\"), "), "intruders: 1"},
  };
  for (const auto& broken : kCases) {
    EXPECT_THAT(Complaints(broken.html, kPhone, kAllCharts), Contains(HasSubstr(broken.complaint)));
  }
}

// {place} and {n} of a text, which both languages have to fill.
std::set<std::string> PlacesIn(const std::string& text) {
  std::set<std::string> places;
  for (std::size_t at = 0; (at = text.find('{', at)) != std::string::npos; ++at) {
    places.insert(text.substr(at, text.find('}', at) - at));
  }
  return places;
}

TEST(RetentionPage, BothLanguagesSayTheSame) {
  Struct english, german;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(std::string(client::PageTextsEnglish()), &english).ok());
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(std::string(client::PageTextsGerman()), &german).ok());
  const auto plain = [](const google::protobuf::Value& text) {
    return text.has_struct_value() ? text.struct_value().fields().at("other").string_value() : text.string_value();
  };
  EXPECT_EQ(english.fields_size(), german.fields_size());
  for (const auto& [name, text] : english.fields()) {
    ASSERT_EQ(german.fields().count(name), 1) << name;
    EXPECT_EQ(PlacesIn(plain(text)), PlacesIn(plain(german.fields().at(name)))) << name;
  }
}

}  // namespace
}  // namespace loyalty::test
