"use strict";
// Two tables as pictures: who buys how recently and how often, and who came back in which month.

// `cells`: {x, y, share of the darkest, text, tip()}.
function heatmap(cells, xAxis, yAxis, grid, th, fontSize) {
  const axis = (own) => ({
    type: "category", axisTick: {show: false}, axisLine: {show: false}, splitArea: {show: false},
    nameTextStyle: {color: th.muted, fontSize: 12}, nameLocation: "middle", ...own,
    axisLabel: {color: th.muted, fontSize: 12, lineHeight: 15, interval: 0, ...own.axisLabel},
  });
  return {
    grid, xAxis: axis(xAxis), yAxis: axis(yAxis),
    tooltip: {trigger: "item", formatter: ({dataIndex}) => cells[dataIndex].tip()},
    series: [{
      type: "heatmap",
      data: cells.map((cell) => {
        const {colour, ink} = shade(th, cell.share);
        return {value: [cell.x, cell.y, cell.share], label: {color: ink},
          itemStyle: {color: colour, borderColor: th.surface, borderWidth: 2}};
      }),
      label: {show: true, fontSize, formatter: ({dataIndex}) => cells[dataIndex].text},
      emphasis: {itemStyle: {borderColor: th.ink, borderWidth: 2}},
    }],
  };
}

const kScores = [1, 2, 3, 4, 5];

function rfmSentences(cells) {
  const all = sum(cells, (cell) => cell.members);
  const best = cells.filter((cell) => cell.recency >= 4 && cell.frequency >= 4);
  const silent = cells.filter((cell) => cell.recency <= 2 && cell.frequency >= 4);
  const members = sum(best, (cell) => cell.members);
  return [
    t("rfm.best", {n: members, share: percentOf(members, all),
      spend: percentOf(sum(best, (cell) => cell.spend_minor), sum(cells, (cell) => cell.spend_minor))}),
    t("rfm.silent", {n: sum(silent, (cell) => cell.members)}),
  ];
}

function rfmOption(cells, th, width) {
  const narrow = width < kNarrow;
  const score = (kind) => (value) =>
    (!narrow && (value === "1" || value === "5") ? `${value}\n${t(`rfm.${kind}.${value}`)}` : value);
  const most = Math.max(...cells.map((cell) => cell.members), 1);
  const axis = (kind, gap) => ({name: t(`rfm.${kind}${narrow ? ".short" : ""}`), nameGap: gap, data: kScores.map(String),
    axisLabel: {formatter: score(kind)}});
  return heatmap(
    cells.map((cell) => ({
      x: cell.recency - 1, y: cell.frequency - 1, share: cell.members / most, text: number(cell.members),
      tip: () => tip(t("rfm.cell", {recency: cell.recency, frequency: cell.frequency}),
        t("members.n", {n: cell.members}), t("spend", {money: money(cell.spend_minor)})),
    })),
    axis("recency", narrow ? 28 : 44), axis("frequency", narrow ? 22 : 84),
    {left: narrow ? 44 : 124, right: 8, top: 8, bottom: narrow ? 46 : 64}, th, 13);
}

function rfmSection() {
  const given = list(data.rfm?.cells);
  if (!given.length) return missing("rfm");
  const at = (recency, frequency) => given.find((cell) => cell.recency === recency && cell.frequency === frequency);
  const cells = kScores.flatMap((frequency) => kScores.map((recency) =>
    ({recency, frequency, members: 0, spend_minor: 0, ...at(recency, frequency)})));
  const sentences = rfmSentences(cells);
  const columns = ["recency", "frequency", "members", "spend"].map((key) => columnOf(key, true));
  return section("rfm", sentences,
    chart("rfm", sentences.join(" "), (width) => (width < kNarrow ? 320 : 380), (th, width) => rfmOption(cells, th, width)),
    element("p", {class: "aside"}, t("rfm.reading")),
    figures(t("rfm.title"), columns, cells.map((cell) =>
      [number(cell.recency), number(cell.frequency), number(cell.members), money(cell.spend_minor)])));
}

const kCohortsShown = 24;

function cohortSentences(cohorts) {
  const known = cohorts.filter((cohort) => cohort.members[0] > 0 && isNumber(cohort.members[1]));
  if (!known.length) return [t("cohorts.young")];
  const last = known[known.length - 1];
  const all = ratio(sum(known, (cohort) => cohort.members[1]) / sum(known, (cohort) => cohort.members[0]));
  return [
    t("cohorts.last", {...ratio(last.members[1] / last.members[0]), month: month(last.month)}),
    known.length > 1 ? t("cohorts.all", all) : null,
  ];
}

function cohortOption(cohorts, th, width) {
  const narrow = width < kNarrow;
  const months = Math.min(Math.max(...cohorts.map((cohort) => cohort.members.length)) - 1, narrow ? 12 : kCohortsShown);
  const later = Array.from({length: months}, (_, at) => at + 1);
  const cells = cohorts.flatMap((cohort, y) => later.filter((k) => isNumber(cohort.members[k]) && cohort.members[0] > 0)
    .map((k) => ({x: k - 1, y, k, cohort, came: cohort.members[k] / cohort.members[0]})));
  const most = Math.max(...cells.map((cell) => cell.came), 0.01);
  return heatmap(
    cells.map((cell) => ({
      ...cell, share: cell.came / most, text: number(100 * cell.came),
      tip: () => tip(month(cell.cohort.month), t("cohorts.cell", {n: cell.k}),
        t("cohorts.came", {n: cell.cohort.members[cell.k], of: number(cell.cohort.members[0]),
          share: percent(cell.came, 1)})),
    })),
    {data: later.map(String), position: "top", name: t("cohorts.later"), nameGap: 24},
    {data: cohorts.map((cohort) => shortMonth(cohort.month)), inverse: true},
    {left: narrow ? 68 : 84, right: 4, top: 48, bottom: 4}, th, narrow ? 10 : 12);
}

function cohortsSection() {
  const cohorts = list(data.cohorts).filter((cohort) => list(cohort.members).length);
  // A single month without one after it has nothing to compare.
  if (!cohorts.some((cohort) => cohort.members.length > 1)) return missing("cohorts");
  const shown = cohorts.filter((cohort) => cohort.members.length > 1).slice(-kCohortsShown);
  const sentences = cohortSentences(cohorts);
  const later = Math.max(...cohorts.map((cohort) => cohort.members.length)) - 1;
  const columns = [columnOf("month"), columnOf("size", true),
    ...Array.from({length: later}, (_, at) => ({title: `+${at + 1}`, number: true}))];
  return section("cohorts", sentences,
    chart("cohorts", sentences.join(" "), () => 60 + 28 * shown.length, (th, width) => cohortOption(shown, th, width)),
    element("p", {class: "aside"}, t("cohorts.reading")),
    figures(t("cohorts.title"), columns, cohorts.map((cohort) => [month(cohort.month),
      ...Array.from({length: later + 1}, (_, k) => (isNumber(cohort.members[k]) ? number(cohort.members[k]) : ""))])));
}
