"use strict";
// The page from top to bottom.

function headline() {
  const {candidates} = data;
  const stages = list(data.stages);
  const members = data.members ?? (stages.length ? sum(stages, (row) => row.members) : null);
  const lapsed = stages.find((row) => row.stage === "REACTIVATE");
  const tile = (key, figure, about) => element("div", {}, element("dt", {}, t(`headline.${key}`)),
    element("dd", {class: "figure"}, figure), about ? element("dd", {class: "about"}, about) : null);
  return element("dl", {class: "tiles"},
    tile("members", number(members)),
    tile("as_of", date(data.as_of)),
    candidates
      ? tile("worth", number(candidates.worth_total), t("headline.not_worth", {n: candidates.not_worth_total ?? 0}))
      : tile("lapsed", number(lapsed?.members), t("headline.no_candidates")),
    tile("value", money(candidates?.worth_value_minor), t(candidates ? "headline.value_of" : "headline.no_candidates")));
}

function notes() {
  const given = list(data.notes);
  return given.length ? section("notes", [], element("ul", {}, given.map((note) => element("li", {}, String(note))))) : null;
}

function build() {
  const title = String(data.title ?? "Stammgast");
  document.title = `${title} – ${t("title")}`;
  const page = document.getElementById("page");
  page.append(element("h1", {}, `${title}: ${t("title")}`));
  const parts = [headline, stagesSection, flowSection, rfmSection, cohortsSection, calibrationSection, candidateSections,
    notes];
  for (const part of parts) {
    const made = [part()].flat().filter((node) => node);
    page.append(...made);
  }
  page.append(element("footer", {}, t("footer", {version: echarts.version})));
  drawCharts();
}

build();
