"use strict";
// What all charts share: colours, drawing, being drawn again for another width, scheme or paper.

const kLight = {
  ink: "#1b1f24", muted: "#57606a", line: "#d0d7de", surface: "#ffffff",
  ramp: ["#eef4fb", "#9ecae1", "#3a87c0", "#08306b"],
};
const kDark = {
  ink: "#e6edf3", muted: "#9da7b3", line: "#3b434c", surface: "#14181d",
  ramp: ["#1d2733", "#1d4f7c", "#4a9ad4", "#cfe8fb"],
};
const kDarkScheme = window.matchMedia("(prefers-color-scheme: dark)");
const kPaperWidth = 680; // fits A4 and Letter within the margins of @page
const kNarrow = 560; // below it a chart gives up what it has no room for
const kFont = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

// Okabe and Ito's colours: told apart with every kind of colour blindness, on white and on black.
const kStageColours = {
  NONE: "#9aa0a6", ACQUIRE: "#56b4e9", CONVERT: "#0072b2", DEVELOP: "#009e73", RETAIN: "#e69f00", REACTIVATE: "#d55e00",
};
const kStages = ["ACQUIRE", "CONVERT", "DEVELOP", "RETAIN", "REACTIVATE"];
const stageColour = (stage) => (Object.hasOwn(kStageColours, stage) ? kStageColours[stage] : "#cc79a7");

const channelsOf = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const between = (from, to, share) => from.map((channel, at) => Math.round(channel + (to[at] - channel) * share));

// A stage's colour, paler: for a part of it.
const paler = (theme, colour) => `rgb(${between(channelsOf(colour), channelsOf(theme.surface), 0.45).join(",")})`;

// The colour of a share from 0 to 1 and that of text on it. One hue: only lightness counts.
function shade(theme, share) {
  const place = Math.min(Math.max(share, 0), 1) * (theme.ramp.length - 1);
  const low = Math.min(Math.floor(place), theme.ramp.length - 2);
  const channels = between(channelsOf(theme.ramp[low]), channelsOf(theme.ramp[low + 1]), place - low);
  const [red, green, blue] = channels.map((channel) => (channel / 255) ** 2.2);
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return {colour: `rgb(${channels.join(",")})`, ink: luminance > 0.18 ? "#111418" : "#ffffff"};
}

// Lines of a tooltip, the first one bold. Elements: what a name holds stays text.
function tip(first, ...lines) {
  return element("div", {}, element("strong", {}, first), lines.map((line) => element("div", {}, line)));
}

const charts = [];

// A chart to be drawn by drawCharts(). `height(width)` and `widest` in pixels, `option(theme, width)` for the library.
function chart(name, label, height, option, widest = Infinity) {
  const box = element("div", {class: "chart", "data-chart": name, role: "img", "aria-label": label});
  if (widest !== Infinity) box.style.maxWidth = `${widest}px`;
  charts.push({box, height, option, widest, instance: null});
  return box;
}

// `onFinished` is heard from the first drawing on: what is not animated may be finished before setOption returns.
function draw(one, theme, width, onFinished) {
  const height = one.height(width);
  one.box.style.height = `${height}px`;
  if (!one.instance) {
    one.instance = echarts.init(one.box, null, {renderer: "svg", width, height});
    one.instance.on("finished", onFinished);
  }
  one.instance.resize({width, height, silent: true});
  const {tooltip, ...option} = one.option(theme, width);
  one.instance.setOption({
    animation: false,
    textStyle: {fontFamily: kFont, color: theme.ink},
    tooltip: {
      confine: true, backgroundColor: theme.surface, borderColor: theme.line, transitionDuration: 0,
      textStyle: {color: theme.ink, fontSize: 13}, ...tooltip,
    },
    ...option,
  }, {notMerge: true});
}

const theme = () => (kDarkScheme.matches ? kDark : kLight);
const drawForScreen = () => charts.forEach((one) => draw(one, theme(), one.box.clientWidth));
const drawForPaper = () => charts.forEach((one) => draw(one, kLight, Math.min(kPaperWidth, one.widest)));

// Draws all charts. data-ready of the document says that the last one is there.
function drawCharts() {
  const ready = () => { document.documentElement.dataset.ready = "true"; };
  let waiting = charts.length;
  if (waiting === 0) ready();
  // All heights first: a scroll bar that comes with one of them takes width from every chart.
  for (const one of charts) one.box.style.height = `${one.height(one.box.clientWidth)}px`;
  for (const one of charts) {
    draw(one, theme(), one.box.clientWidth, () => {
      if (one.box.dataset.drawn) return;
      one.box.dataset.drawn = "true";
      if (--waiting === 0) ready();
    });
  }
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return; // a phone's address bar comes and goes
    width = window.innerWidth;
    drawForScreen();
  });
  kDarkScheme.addEventListener("change", drawForScreen);
  window.addEventListener("beforeprint", drawForPaper);
  window.addEventListener("afterprint", drawForScreen);
}
