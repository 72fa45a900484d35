#include "tests/e2e/browser.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/process.h"
#include "tests/support/scratch_directory.h"

namespace loyalty::test {
namespace {

// Goes into the page and tells the frame around it what is to be seen, once the page is ready or has had its time.
constexpr const char* kProbe = R"html(<script>
{
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  // Every tooltip of a chart, as if all its marks were pointed at.
  const tips = (box) => {
    const chart = echarts.getInstanceByDom(box);
    if (!chart?.getModel) return "";
    const {formatter} = chart.getOption().tooltip[0];
    return chart.getModel().getSeries().flatMap((series) => (series.subType === "sankey" ? ["node", "edge"] : [undefined])
      .flatMap((type) => Array.from({length: series.getData(type).count()}, (_, at) => {
        const tip = formatter(series.getDataParams(at, type));
        return tip.textContent ?? tip;
      }))).join("\n");
  };
  const report = () => {
    const boxes = [...document.querySelectorAll("[data-chart]")];
    const closed = overflow();
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
    const seen = {
      ready: document.documentElement.dataset.ready === "true",
      charts: Object.fromEntries(boxes.map((box) => [box.dataset.chart,
        box.dataset.drawn === "true" && box.querySelectorAll("svg path").length > 1])),
      text: [document.title, document.body.innerText, ...boxes.map((box) => box.getAttribute("aria-label")),
        ...boxes.map(tips)].join("\n"),
      width: innerWidth, overflow: Math.max(closed, overflow()),
      requests: performance.getEntriesByType("resource").length,
      intruders: document.querySelectorAll("main img, main script, main iframe, [data-harmed]").length,
    };
    parent.postMessage(JSON.stringify(seen), "*");
  };
  let turns = 0;
  const wait = () => (document.documentElement.dataset.ready || ++turns > 40 ? report() : setTimeout(wait, 50));
  wait();
}
</script>
</body>)html";

// A window of Chromium is at least 500 pixels wide, a frame is as narrow as one likes.
constexpr const char* kFrame = R"html(<!doctype html><meta charset="utf-8"><pre id="seen"></pre><script>
addEventListener("message", ({data}) => {
  const escape = (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
  document.getElementById("seen").textContent = data.replace(/[<>&\u00a0]/g, escape);
});
</script><iframe src="page.html" style="border:0;width:{}px;height:900px"></iframe>)html";

void WriteText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string Between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  const std::size_t until = text.find(end, from);
  if (from == std::string::npos || until == std::string::npos) return "";
  return text.substr(from + begin.size(), until - from - begin.size());
}

std::vector<std::string> ConsoleOf(const std::string& err) {
  std::vector<std::string> messages;
  std::istringstream lines(err);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("CONSOLE") != std::string::npos) messages.push_back(line);
  }
  return messages;
}

}  // namespace

SeenPage OpenPage(const std::string& html, int width) {
  const ScratchDirectory directory;
  const std::size_t end = html.rfind("</body>");
  if (end == std::string::npos) throw std::runtime_error("the page has no end");
  WriteText(directory.path() / "page.html", html.substr(0, end) + kProbe + html.substr(end + 7));
  WriteText(directory.path() / "frame.html",
            std::string(kFrame).replace(std::string(kFrame).find("{}"), 2, fmt::to_string(width)));

  ProcessOptions options;
  // Nothing listens on the port of the proxy. The time of the page is not that of a slow machine.
  options.arguments = {"chromium",
                       "--headless",
                       "--no-sandbox",
                       "--disable-gpu",
                       "--disable-dev-shm-usage",
                       "--disable-background-networking",
                       "--no-first-run",
                       "--user-data-dir=" + (directory.path() / "profile").string(),
                       "--proxy-server=127.0.0.1:9",
                       "--window-size=1400,1000",
                       "--virtual-time-budget=10000",
                       "--enable-logging=stderr",
                       "--dump-dom",
                       "file://" + (directory.path() / "frame.html").string()};
  options.directory = directory.path();
  options.log = directory.path() / "chromium";
  const Ended ended = RunProgram(std::move(options));
  google::protobuf::Struct json;
  const std::string told = Between(ended.out, "<pre id=\"seen\">", "</pre>");
  if (!google::protobuf::util::JsonStringToMessage(told, &json).ok()) {
    throw std::runtime_error(fmt::format("chromium ended with {} and told '{}': {}", ended.code, told, ended.err));
  }

  const auto& fields = json.fields();
  SeenPage seen;
  seen.ready = fields.at("ready").bool_value();
  for (const auto& [name, drawn] : fields.at("charts").struct_value().fields()) seen.charts[name] = drawn.bool_value();
  seen.text = fields.at("text").string_value();
  seen.width = static_cast<int>(fields.at("width").number_value());
  seen.overflow = static_cast<int>(fields.at("overflow").number_value());
  seen.intruders = static_cast<int>(fields.at("intruders").number_value());
  seen.requests = static_cast<int>(fields.at("requests").number_value());
  seen.console = ConsoleOf(ended.err);
  return seen;
}

}  // namespace loyalty::test
