"use strict";
// Whether what was foretold came to pass.

function calibrationSentences(trial, deciles) {
  const top = deciles.reduce((a, b) => (b.predicted > a.predicted ? b : a), deciles[0]);
  const values = {
    predicted: percent(top?.predicted), observed: percent(top?.observed),
    until: date(trial.until), holdout_until: date(trial.holdout_until), model: trial.model ?? kUnknown,
    error: isNumber(trial.calibration_error) ? number(100 * trial.calibration_error, 1) : kUnknown,
  };
  const why = `calibration.withheld.${trial.withheld_reason}`;
  const trust = !trial.withheld ? t("calibration.trust", values)
    : Object.hasOwn(texts, why) ? t(why, values) : t("calibration.withheld", {reason: trial.withheld_reason});
  return [trust, top ? t("calibration.top", values) : null, t("calibration.how", values)];
}

function biasSentence(trial) {
  if (!isNumber(trial.total_bias)) return null;
  const key = trial.total_bias > 0.005 ? "more" : trial.total_bias < -0.005 ? "fewer" : "even";
  return t(`calibration.bias.${key}`, {share: percent(Math.abs(trial.total_bias))});
}

const pairsOf = (auc) => (isNumber(auc) ? number(100 * auc) : kUnknown);

function rankingSentence(trial) {
  const best = list(trial.auc).find((row) => row.score === trial.ranking);
  if (!trial.ranking) return null;
  if (trial.ranking === "constant" || !isNumber(best?.auc)) {
    return t("calibration.ranking.none", {score: named("score", trial.ranking)});
  }
  return t("calibration.ranking", {score: named("score", trial.ranking), pairs: pairsOf(best.auc)});
}

function calibrationOption(deciles, th, width) {
  const points = deciles.map((tenth) => [tenth.predicted, tenth.observed]);
  const reached = Math.max(...points.flat(), 0.01);
  const interval = reached <= 0.1 ? 0.02 : reached <= 0.5 ? 0.1 : 0.2;
  const most = Math.min(Math.ceil(reached / interval - 1e-9) * interval, 1);
  const axis = (key, gap) => ({
    type: "value", min: 0, max: most, interval, name: t(`calibration.${key}`), nameLocation: "middle", nameGap: gap,
    nameTextStyle: {color: th.muted, fontSize: 12}, axisLabel: {color: th.muted, formatter: (share) => percent(share)},
    splitLine: {lineStyle: {color: th.line, opacity: 0.6}}, axisLine: {show: true, lineStyle: {color: th.line}},
  });
  return {
    grid: {left: 66, right: 16, top: 12, bottom: 50},
    xAxis: axis("predicted", 30), yAxis: axis("observed", 46),
    tooltip: {
      trigger: "item",
      formatter: ({dataIndex, seriesIndex}) => (seriesIndex === 1 ? tip(t("calibration.tenth", {n: dataIndex + 1}),
        `${t("calibration.predicted")}: ${percent(points[dataIndex][0], 1)}`,
        `${t("calibration.observed")}: ${percent(points[dataIndex][1], 1)}`) : ""),
    },
    series: [
      {
        type: "line", silent: true, symbol: "none", data: [[0, 0], [most, most]],
        lineStyle: {type: "dashed", color: th.muted, width: 1.5},
      },
      {
        type: "line", data: points, symbol: "circle", symbolSize: width < kNarrow ? 9 : 11,
        lineStyle: {color: kStageColours.CONVERT, width: 1.5}, itemStyle: {color: kStageColours.CONVERT},
      },
    ],
  };
}

function calibrationSection() {
  const trial = data.calibration;
  if (!trial) return missing("calibration");
  const deciles = list(trial.deciles).filter((tenth) => isNumber(tenth.predicted) && isNumber(tenth.observed));
  const sentences = calibrationSentences(trial, deciles);
  const rows = list(trial.auc).filter((row) => row.score !== "constant");
  const shares = deciles.map((tenth, at) => [number(at + 1), percent(tenth.predicted, 1), percent(tenth.observed, 1)]);
  return section("calibration", [...sentences, biasSentence(trial)],
    deciles.length ? [
      chart("calibration", sentences.join(" "), (width) => (width < kNarrow ? 300 : 400),
        (th, width) => calibrationOption(deciles, th, width), 560), // nearly square
      element("p", {class: "aside"}, t("calibration.reading")),
      figures(t("calibration.title"),
        [columnOf("tenth", true), columnOf("predicted", true), columnOf("observed", true)], shares),
    ] : [],
    paragraphs("meaning", [rankingSentence(trial)]),
    rows.length ? table(t("calibration.title"), [columnOf("score"), columnOf("pairs", true)],
      rows.map((row) => [named("score", row.score), pairsOf(row.auc)])) : null);
}
