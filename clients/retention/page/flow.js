"use strict";
// How members move between stages from one day to the next.

const kNotYet = "NONE"; // where those come from who were no members yet

// Nodes from top to bottom: the newcomers, the stages in order, then what this page does not know.
function flowOrder(links) {
  const seen = new Set(links.flatMap((link) => [link.from, link.to]));
  const known = [kNotYet, ...kStages];
  return [...known.filter((stage) => seen.has(stage)), ...[...seen].filter((stage) => !known.includes(stage))];
}

function flowSentences(flow, links) {
  const last = flow.dates.length - 2;
  const count = (wanted) => sum(links.filter((link) => link.step === last && wanted(link)), (link) => link.members);
  const rank = (stage) => ["REACTIVATE", ...kStages.slice(0, 4)].indexOf(stage);
  const isLapsed = (stage) => stage === "REACTIVATE";
  const lapsed = count(({from, to}) => from !== kNotYet && !isLapsed(from) && isLapsed(to));
  const back = count(({from, to}) => isLapsed(from) && !isLapsed(to));
  const compared = lapsed > back ? "flow.losing" : lapsed < back ? "flow.winning" : "flow.even";
  return [
    t("flow.last", {
      from: date(flow.dates[last]), to: date(flow.dates[last + 1]), lapsed: number(lapsed), back: number(back),
      joined: number(count(({from}) => from === kNotYet)),
      up: number(count(({from, to}) => rank(from) > 0 && rank(to) > rank(from))),
    }),
    t(compared, {n: Math.abs(lapsed - back), difference: number(Math.abs(lapsed - back))}),
  ];
}

// The days along the chart: the library gives a Sankey diagram no axis.
function flowDays(dates, upright, box, th, width) {
  const step = (box.end - box.start) / (dates.length - 1);
  const stride = Math.ceil(58 / step); // in a row only so many have room, and a year only at both ends
  return dates.map((day, at) => {
    const place = box.start + step * at;
    const last = at === dates.length - 1;
    const hasRoom = (dates.length - 1 - at) % stride === 0 && Math.min(place - box.start, box.end - place) >= 105;
    const text = upright || at === 0 || last ? shortDate(day) : hasRoom ? dayOfYear(day) : "";
    return {
      type: "text", silent: true,
      style: {text, fill: th.muted, font: `12px ${kFont}`, align: upright || at === 0 ? "left" : last ? "right" : "center",
        verticalAlign: "middle"},
      ...(upright ? {x: 0, y: place} : {x: last ? width - box.right : place, y: 10}),
    };
  });
}

function flowOption(dates, links, order, th, width) {
  const upright = width < kNarrow; // on a phone time runs downwards
  const nodeWidth = upright ? 10 : 14;
  const at = (depth, stage) => `${depth}|${stage}`;
  const used = new Set(links.flatMap((link) => [at(link.step, link.from), at(link.step + 1, link.to)]));
  const nodes = dates.flatMap((_, depth) => order.filter((stage) => used.has(at(depth, stage))).map((stage) => ({
    name: at(depth, stage), depth, stage, itemStyle: {color: stageColour(stage), borderWidth: 0},
  })));
  const room = upright ? {left: 96, right: 4, top: 12, bottom: 12} : {left: 4, right: 112, top: 26, bottom: 8};
  const height = flowHeight(dates, width);
  const box = upright ? {start: room.top + nodeWidth / 2, end: height - room.bottom - nodeWidth / 2}
    : {start: room.left, end: width - room.right, right: room.right};
  const stageOf = (name) => named("stage", name.slice(name.indexOf("|") + 1));
  return {
    graphic: flowDays(dates, upright, box, th, width),
    tooltip: {
      trigger: "item",
      formatter: ({dataType, data: item, name, value}) => dataType === "edge"
        ? tip(`${stageOf(item.source)} → ${stageOf(item.target)}`,
          `${date(dates[item.step])} – ${date(dates[item.step + 1])}`, t("members.n", {n: item.value}))
        : tip(stageOf(name), date(dates[+name.slice(0, name.indexOf("|"))]), t("members.n", {n: value})),
    },
    series: [{
      type: "sankey", ...room, orient: upright ? "vertical" : "horizontal", nodeWidth, nodeGap: 6,
      layoutIterations: 0, // keeps the order of the nodes, the same on each day
      draggable: false, emphasis: {focus: "adjacency"},
      label: {
        show: !upright, position: "right", color: th.ink, fontSize: 12,
        formatter: ({name}) => (+name.slice(0, name.indexOf("|")) === dates.length - 1 ? stageOf(name) : ""),
      },
      lineStyle: {color: "source", opacity: 0.35, curveness: 0.5},
      data: nodes,
      links: links.map((link) => ({source: at(link.step, link.from), target: at(link.step + 1, link.to),
        value: link.members, step: link.step})),
    }],
  };
}

const flowHeight = (dates, width) => (width < kNarrow ? 24 + 64 * (dates.length - 1) : 420);

function flowSection() {
  const flow = data.flow ?? {};
  const steps = list(flow.dates).length - 1;
  const links = list(flow.links).filter((link) => link.members > 0 && link.step >= 0 && link.step < steps);
  if (steps < 1 || !links.length) return missing("flow");
  const order = flowOrder(links);
  const sentences = flowSentences(flow, links);
  const columns = [columnOf("from_day"), columnOf("to_day"), columnOf("from"), columnOf("to"), columnOf("members", true)];
  return section("flow", sentences,
    stageLegend(order, false),
    chart("flow", sentences.join(" "), (width) => flowHeight(flow.dates, width),
      (th, width) => flowOption(flow.dates, links, order, th, width)),
    figures(t("flow.title"), columns, links.map((link) => [
      shortDate(flow.dates[link.step]), shortDate(flow.dates[link.step + 1]), named("stage", link.from),
      named("stage", link.to), number(link.members)])));
}
