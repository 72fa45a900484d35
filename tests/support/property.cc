#include "tests/support/property.h"

#include <rapidcheck/detail/Configuration.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <fstream>
#include <iostream>
#include <sstream>

namespace loyalty::test {
namespace {

using rc::detail::Configuration;

constexpr const char* kFailedProperties = "failed_properties.txt";

// The line that repeats a run: `Suite/Name seed=... max_success=... max_size=...`.
std::string LineOf(const std::string& name, const rc::detail::TestParams& params) {
  std::ostringstream line;
  line << name << " seed=" << params.seed << " max_success=" << params.maxSuccess << " max_size=" << params.maxSize;
  return line.str();
}

void RunOnce(const rc::detail::Property& property, const std::string& name, const Configuration& configuration,
             bool pinned) {
  const rc::detail::TestMetadata metadata{name, name};
  rc::detail::TestListenerAdapter silent;
  const auto result =
      rc::detail::checkProperty(property, metadata, configuration.testParams, silent, configuration.reproduce);
  std::ostringstream report;
  rc::detail::printResultMessage(result, report);
  if (result.is<rc::detail::SuccessResult>()) {
    if (!result.get<rc::detail::SuccessResult>().distribution.empty()) std::cout << report.str() << '\n';
    return;
  }
  const std::string line = LineOf(name, configuration.testParams);
  if (!pinned) std::ofstream(kFailedProperties, std::ios::app) << line << '\n';
  ADD_FAILURE() << report.str()
                << (pinned ? "\npinned in tests/data/regressions.txt as\n"
                           : "\nto keep it, add to tests/data/regressions.txt\n")
                << line;
}

}  // namespace

void CheckProperty(const rc::detail::Property& property, int times) {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = std::string(info->test_suite_name()) + "/" + info->name();
  std::ifstream regressions(LOYALTY_REGRESSIONS);
  ASSERT_TRUE(regressions) << LOYALTY_REGRESSIONS;
  for (const auto& params : PinnedParams(regressions, name))
    RunOnce(property, name, rc::detail::configFromString(params), true);
  Configuration configuration = rc::detail::configuration();
  configuration.testParams.maxSuccess *= times;
  RunOnce(property, name, configuration, false);
}

bool FindsCounterexample(const rc::detail::Property& property, int cases) {
  rc::detail::TestParams params;
  params.seed = 20'260'101;
  params.maxSuccess = cases;
  params.disableShrinking = true;
  rc::detail::TestListenerAdapter silent;
  return rc::detail::checkProperty(property, {}, params, silent, {}).is<rc::detail::FailureResult>();
}

std::vector<std::string> PinnedParams(std::istream& regressions, std::string_view property) {
  std::vector<std::string> pinned;
  for (std::string line; std::getline(regressions, line);) {
    line.resize(std::min(line.find('#'), line.size()));
    std::istringstream words(line);
    std::string name;
    if (!(words >> name) || name != property) continue;
    std::string params;
    for (std::string word; words >> word;) params += (params.empty() ? "" : " ") + word;
    pinned.push_back(params);
  }
  return pinned;
}

}  // namespace loyalty::test
