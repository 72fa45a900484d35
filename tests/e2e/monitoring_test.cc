// deploy/prometheus and deploy/grafana against the tools and servers they are for: what they name is there.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/e2e/server.h"

namespace loyalty::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string Deployed(const std::string& file) {
  std::string text = ReadText(std::string(LOYALTY_SOURCE) + "/deploy/" + file);
  EXPECT_NE(text, "") << file;
  return text;
}

Ended Promtool(const std::vector<std::string>& arguments) {
  const ScratchDirectory directory;
  ProcessOptions options;
  options.arguments = {"promtool"};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  options.log = directory.path() / "promtool";
  options.directory = std::string(LOYALTY_SOURCE) + "/deploy/prometheus";
  return RunProgram(std::move(options));
}

std::vector<std::string> All(const std::string& text, const std::string& pattern) {
  std::vector<std::string> found;
  const std::regex regex(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

// What an expression asks of one metric, and what a line of /metrics says.
struct Selector {
  std::string metric;
  std::map<std::string, std::string> equals;   // label = value
  std::map<std::string, std::string> matches;  // label =~ pattern
};

// Names of metrics stand where an expression has a word that is no function, no keyword and no label of a grouping.
std::vector<Selector> SelectorsOf(std::string expression) {
  expression = std::regex_replace(expression, std::regex(R"(\b(by|without|on|ignoring)\s*\([^)]*\))"), " ");
  expression = std::regex_replace(expression, std::regex(R"(\[[^\]]*\])"), " ");
  static const std::set<std::string> kWords{"offset", "and", "or", "unless", "bool"};
  static const std::regex kName(R"(([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{[^}]*\})?(\s*\()?)");
  std::vector<Selector> selectors;
  for (std::sregex_iterator at(expression.begin(), expression.end(), kName), end; at != end; ++at) {
    if ((*at)[3].matched || kWords.contains((*at)[1]) || (*at)[1].str().size() == 1) continue;
    Selector selector{(*at)[1], {}, {}};
    const std::string labels = (*at)[2];
    static const std::regex kLabel(R"re(([a-z_]+)(=~|=)"([^"]*)")re");
    for (std::sregex_iterator label(labels.begin(), labels.end(), kLabel); label != end; ++label)
      ((*label)[2] == "=" ? selector.equals : selector.matches)[(*label)[1]] = (*label)[3];
    selectors.push_back(std::move(selector));
  }
  return selectors;
}

// Prometheus' own, and labels that it adds.
bool IsOfPrometheus(const std::string& name) { return name == "up" || name == "instance" || name == "job"; }
// What only a call that has failed would show.
bool IsOfFailures(const std::string& label) { return label == "grpc_code"; }

bool IsIn(const std::string& metrics, const Selector& selector) {
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(selector.metric + "{", 0) != 0 && line.rfind(selector.metric + " ", 0) != 0) continue;
    bool fits = true;
    for (const auto& [label, value] : selector.equals)
      fits = fits && (IsOfPrometheus(label) || line.find(label + "=\"" + value + "\"") != std::string::npos);
    for (const auto& [label, pattern] : selector.matches) {
      const auto values = All(line, "[{,]" + label + "=\"([^\"]*)\"");
      fits = fits && (IsOfPrometheus(label) ||
                      (!values.empty() && (IsOfFailures(label) || std::regex_match(values[0], std::regex(pattern)))));
    }
    if (fits) return true;
  }
  return false;
}

// A server that has done a little of everything that it counts.
std::string MetricsOfAServerInUse() {
  const Installation installation(storage::Engine::kSqlite, {.init = {"--self-signed"}});
  const Server server(installation, {.tls = true, .http = true});
  const Caller admin(Connect(server.address(), installation.certificate()), installation.admin_key());
  SetUpProgram(admin, 1);
  v1::ScanResponse response;
  EXPECT_TRUE(admin.Call(&v1::TerminalService::Stub::Scan, PlainScan("scan-alone", "2600000001"), &response).ok());
  grpc::ClientContext context;
  admin.Prepare(context);
  const auto stub = v1::TerminalService::NewStub(admin.channel());
  const auto stream = stub->ScanStream(&context);
  v1::ScanStreamRequest request;
  *request.mutable_scan() = PlainScan("scan-of-stream", "2600000001");
  stream->Write(request);
  stream->WritesDone();
  v1::ScanStreamResponse answer;
  while (stream->Read(&answer)) {
  }
  EXPECT_TRUE(stream->Finish().ok());
  std::string metrics;
  for (int look = 0; look < 600 && metrics.find("loyalty_points_outstanding") == std::string::npos; ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    metrics = Get(server.http_port(), "/metrics");
  }
  return metrics;
}

std::vector<std::string> ExpressionsOfRules() {
  return All(Deployed("prometheus/alerts.yml"), "\n +expr: '?([^\n']*)'?");
}

void AddExpressions(const google::protobuf::Value& value, std::vector<std::string>& all) {
  for (const auto& element : value.list_value().values()) AddExpressions(element, all);
  for (const auto& [name, member] : value.struct_value().fields()) {
    if (name == "expr") all.push_back(member.string_value());
    AddExpressions(member, all);
  }
}

std::vector<std::string> ExpressionsOfDashboard() {
  google::protobuf::Value json;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(Deployed("grafana/stammgast.json"), &json).ok());
  std::vector<std::string> all;
  AddExpressions(json, all);
  // $instance stands for a pattern of servers.
  for (auto& expression : all) expression = std::regex_replace(expression, std::regex(R"(\$instance)"), ".*");
  return all;
}

TEST(Monitoring, PrometheusTakesRulesAndConfigurationAndEachRuleFiresInItsTests) {
  for (const std::vector<std::string>& check : {std::vector<std::string>{"check", "rules", "alerts.yml"},
                                                {"check", "config", "prometheus.yml"},
                                                {"test", "rules", "alerts_test.yml"}}) {
    const Ended ended = Promtool(check);
    EXPECT_EQ(ended.code, 0) << check[2] << ": " << ended.out << ended.err;
  }
  const auto tests = All(Deployed("prometheus/alerts_test.yml"), "- name: ([^\n]*)");
  const auto alerts = All(Deployed("prometheus/alerts.yml"), "- alert: ([A-Za-z]+)");
  EXPECT_GT(alerts.size(), 10U);
  for (const auto& alert : alerts) {
    EXPECT_THAT(tests, Contains(alert + " fires"));
    EXPECT_THAT(tests, Contains(alert + " is quiet"));
  }
}

TEST(Monitoring, PrometheusUnderstandsWhatTheDashboardAsks) {
  const ScratchDirectory directory;
  const auto path = directory.path() / "dashboard.yml";
  std::ofstream file(path);
  file << "groups:\n  - name: dashboard\n    rules:\n";
  int number = 0;
  for (const auto& expression : ExpressionsOfDashboard())
    file << "      - record: dashboard:" << ++number << "\n        expr: '"
         << std::regex_replace(expression, std::regex(R"(\$__rate_interval)"), "1m") << "'\n";
  file.close();
  const Ended ended = Promtool({"check", "rules", path.string()});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr(std::to_string(number) + " rules found"));
}

TEST(Monitoring, NeitherRulesNorDashboardNameWhatAServerDoesNotHave) {
  const std::string metrics = MetricsOfAServerInUse();
  auto expressions = ExpressionsOfRules();
  EXPECT_EQ(expressions.size(), All(Deployed("prometheus/alerts.yml"), "- (alert): ").size());
  const auto dashboard = ExpressionsOfDashboard();
  EXPECT_GT(dashboard.size(), 15U);
  expressions.insert(expressions.end(), dashboard.begin(), dashboard.end());
  std::set<std::string> named;
  for (const auto& expression : expressions) {
    const auto selectors = SelectorsOf(expression);
    EXPECT_FALSE(selectors.empty()) << expression;
    for (const auto& selector : selectors) {
      named.insert(selector.metric);
      EXPECT_TRUE(IsOfPrometheus(selector.metric) || IsIn(metrics, selector))
          << selector.metric << " of " << expression;
    }
  }
  const std::string handbook = ReadText(std::string(LOYALTY_SOURCE) + "/docs/OPERATIONS.md");
  for (const auto& name : All(metrics, "# TYPE ([a-z_]+) "))
    EXPECT_NE(handbook.find("| `" + name + "` |"), std::string::npos) << name << " has no line in docs/OPERATIONS.md";
  // And whatever a server tells of the program is shown somewhere.
  for (const auto& name : All(metrics, "# TYPE ([a-z_]+) (?:counter|gauge)\n"))
    EXPECT_TRUE(named.contains(name)) << name << " is in no rule and not on the dashboard";
}

TEST(Monitoring, TheCheckSeesWhatIsNotThere) {
  const std::string metrics = "a_total{kind=\"key\"} 1\n";
  const auto is_in = [&](const std::string& expression) {
    const auto selectors = SelectorsOf(expression);
    return selectors.size() == 1 && IsIn(metrics, selectors[0]);
  };
  EXPECT_TRUE(is_in("sum by (kind) (rate(a_total{kind=\"key\"}[5m])) > 0"));
  EXPECT_TRUE(is_in("max(a_total{instance=~\"x\",kind=~\"k.*\"} offset 1d)"));
  EXPECT_FALSE(is_in("a_total{kind=\"other\"}"));
  EXPECT_FALSE(is_in("a_total{kin=~\".*\"}"));
  EXPECT_FALSE(is_in("b_total"));
  EXPECT_FALSE(is_in("rate(a[5m])"));
}

}  // namespace
}  // namespace loyalty::test
