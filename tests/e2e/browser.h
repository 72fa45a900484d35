// A page as a headless Chromium shows it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace loyalty::test {

struct SeenPage {
  bool ready = false;                  // the page says that all its charts are drawn
  std::map<std::string, bool> charts;  // by data-chart: is it drawn, by its own word and with paths in an <svg>?
  std::string text;                    // whatever can be read: title, page, what is folded away, tooltips, descriptions
  int width = 0;                       // pixels that the page has
  int overflow = 0;                    // how many more it would need
  int intruders = 0;                   // elements that the page never makes, but markup in its data would
  int requests = 0;                    // that were tried
  std::vector<std::string> console;    // errors, warnings and whatever else is said there, breaches of its policy too
};

// Opens a page of its own, without a network. Throws std::runtime_error when there is no Chromium, or the page does not
// answer.
SeenPage OpenPage(const std::string& html, int width);

}  // namespace loyalty::test
