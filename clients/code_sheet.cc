#include "clients/code_sheet.h"

#include <string_view>

namespace loyalty::client {
namespace {

constexpr std::string_view kStyle =
    "body{font:12pt sans-serif;margin:2cm}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #999;padding:.5em;text-align:left}tr{page-break-inside:avoid}"
    ".code{font:bold 16pt monospace;white-space:nowrap}pre{font:11pt monospace;white-space:pre-wrap}";

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string Cell(std::string_view text) { return "<td>" + Escaped(text) + "</td>"; }

std::string TerminalCell(std::string_view terminal) { return Cell(terminal); }

}  // namespace

std::string CodeSheet(Language language, const std::string& store, const std::string& store_name,
                      const std::string& server, const std::vector<SheetLine>& lines) {
  const std::string title =
      Escaped(Text(language, "sheet.title", {{"store", store_name.empty() ? store : store_name + " (" + store + ")"}}));
  std::string out =
      "<!doctype html>\n<html lang=\"" + std::string(TagOf(language)) + "\"><head><meta charset=\"utf-8\"><title>" +
      title + "</title><style>" + std::string(kStyle) + "</style></head><body>\n<h1>" + title + "</h1>\n<p>" +
      Escaped(Text(language, "sheet.once")) + "</p>\n<p>" + Escaped(Text(language, "sheet.type")) + "</p>\n<pre>" +
      Escaped("loyalty-till enroll --server " + server + " --ca ca.crt --out till.key") + "</pre>\n<table><tr>";
  for (const char* head : {"sheet.till", "sheet.till", "sheet.code", "sheet.until"})
    out += "<th>" + Escaped(Text(language, head)) + "</th>";
  out += "</tr>\n";
  for (const SheetLine& line : lines)
    out += "<tr>" + TerminalCell(line.terminal) + Cell(line.display_name) + "<td class=\"code\">" + Escaped(line.code) +
           "</td>" + Cell(line.until) + "</tr>\n";
  return out + "</table></body></html>\n";
}

bool SheetHas(const std::string& sheet, const std::string& terminal) {
  return sheet.find(TerminalCell(terminal)) != std::string::npos;
}

}  // namespace loyalty::client
