"use strict";
// Where members stand: stages, the segments of each, and the stages of those who are lost.

const stageLegend = (stages, explained) => legend(stages.map((stage) => ({
  colour: stageColour(stage),
  name: named("stage", stage),
  about: explained && Object.hasOwn(texts, `stage.about.${stage}`) ? texts[`stage.about.${stage}`] : null,
})));

function stageSentences(stages) {
  const members = sum(stages, (row) => row.members);
  const spend = sum(stages, (row) => row.spend_minor);
  const of = (stage) => stages.find((row) => row.stage === stage) ?? {members: 0, spend_minor: 0};
  const [retain, lapsed] = [of("RETAIN"), of("REACTIVATE")];
  return [
    t("stages.retain", {n: retain.members, share: percentOf(retain.members, members),
      spend: percentOf(retain.spend_minor, spend)}),
    t("stages.lapsed", {n: lapsed.members, share: percentOf(lapsed.members, members)}),
  ];
}

// A row for each stage, and one below it for each of its segments.
function stageRows(stages) {
  return stages.flatMap((row) => [
    {stage: row.stage, name: named("stage", row.stage), members: row.members, spend: row.spend_minor, isStage: true},
    ...list(row.segments).map((part) => ({
      stage: row.stage, name: named("segment", part.segment), members: part.members, spend: part.spend_minor,
    })),
  ]);
}

function stageOption(rows, members, th, width) {
  const left = width < kNarrow ? 146 : 200;
  return {
    grid: {left, right: width < kNarrow ? 84 : 110, top: 4, bottom: 4},
    xAxis: {type: "value", show: false, max: Math.max(...rows.map((row) => row.members), 1)},
    yAxis: {
      type: "category", inverse: true, data: rows.map((row, at) => String(at)),
      axisTick: {show: false}, axisLine: {lineStyle: {color: th.line}},
      axisLabel: {
        interval: 0, width: left - 12, overflow: "truncate",
        formatter: (at) => `{${rows[at].isStage ? "stage" : "segment"}|${rows[at].name}}`,
        rich: {stage: {color: th.ink, fontWeight: "bold", fontSize: 13}, segment: {color: th.muted, fontSize: 12}},
      },
    },
    tooltip: {
      trigger: "item",
      formatter: ({dataIndex}) => tip(rows[dataIndex].name, t("members.n", {n: rows[dataIndex].members}),
        t("members.share", {share: percentOf(rows[dataIndex].members, members)}),
        t("spend", {money: money(rows[dataIndex].spend)})),
    },
    series: [{
      type: "bar", barWidth: "68%",
      data: rows.map((row) => ({
        value: isNumber(row.members) ? row.members : 0,
        itemStyle: {color: row.isStage ? stageColour(row.stage) : paler(th, stageColour(row.stage))},
      })),
      label: {
        show: true, position: "right", color: th.ink, fontSize: 12,
        formatter: ({dataIndex}) => `${number(rows[dataIndex].members)} · ${percentOf(rows[dataIndex].members, members)}`,
      },
    }],
  };
}

function lostTable(lost) {
  const columns = [columnOf("lost_stage"), columnOf("members", true), columnOf("spend", true), columnOf("action")];
  return table(t("lost.title"), columns, lost.map((row) => [
    named("lost_stage", row.lost_stage), number(row.members), money(row.spend_minor),
    named("lost_action", row.lost_stage),
  ]), "cards");
}

function lostPart(lost) {
  if (!lost.length) return [element("h3", {}, t("lost.title")), element("p", {}, t("lost.missing"))];
  const most = lost.reduce((a, b) => (b.members > a.members ? b : a));
  return [
    element("h3", {}, t("lost.title")),
    element("p", {}, t("lost.most", {n: most.members, all: number(sum(lost, (row) => row.members)),
      stage: named("lost_stage", most.lost_stage)})),
    lostTable(lost),
  ];
}

function stagesSection() {
  const stages = list(data.stages);
  const lost = list(data.lost_stages);
  if (!stages.length) return section("stages", [t("stages.missing")], lost.length ? lostPart(lost) : null);
  const sentences = stageSentences(stages);
  const rows = stageRows(stages);
  const members = sum(stages, (row) => row.members);
  const columns = [columnOf("stage"), columnOf("members", true), columnOf("share", true), columnOf("spend", true)];
  return section("stages", sentences,
    stageLegend(stages.map((row) => row.stage), true),
    chart("stages", sentences.join(" "), () => 16 + 25 * rows.length, (th, width) => stageOption(rows, members, th, width)),
    figures(t("stages.title"), columns, rows.map((row) => [
      row.isStage ? element("strong", {}, row.name) : row.name, number(row.members), percentOf(row.members, members),
      money(row.spend)])),
    lostPart(lost));
}
