"use strict";
// Parts of the page. Everything from the data becomes text or an attribute, never markup.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const paragraphs = (className, sentences) =>
  sentences.filter((sentence) => sentence).map((sentence) => element("p", {class: className}, sentence));

// One part of the page: its heading, what it means, what it shows.
function section(name, sentences, ...children) {
  return element("section", {id: name}, element("h2", {}, t(`${name}.title`)), paragraphs("meaning", sentences),
    ...children);
}

// A part whose data is not there says so.
const missing = (name) => section(name, [t(`${name}.missing`)]);

// `columns`: {title, number, short}, where short ones do not wrap; `rows`: lists of text or elements. `className` "cards" lets rows become cards on a phone.
function table(label, columns, rows, className = null) {
  const head = columns.map((column) =>
    element("th", {scope: "col", role: "columnheader", class: column.number ? "number" : null}, column.title));
  const cell = (value, at) => element("td", {
    role: "cell",
    class: columns[at].number ? "number" : columns[at].short ? "short" : null,
    "data-column": columns[at].title,
  }, value instanceof Node ? value : element("span", {}, String(value ?? kUnknown)));
  const body = rows.map((row) => element("tr", {role: "row"}, row.map(cell)));
  // The roles say what the elements are even where a style sheet takes rows and cells apart.
  return element("div", {class: "scroll", role: "region", "aria-label": label, tabindex: "0"},
    element("table", {role: "table", class: className},
      element("thead", {role: "rowgroup"}, element("tr", {role: "row"}, head)),
      element("tbody", {role: "rowgroup"}, body)));
}

// The figures behind a chart, for those who cannot see it or want to know.
function figures(label, columns, rows) {
  return element("details", {}, element("summary", {}, t("figures")), table(label, columns, rows));
}

const columnOf = (key, number = false) => ({title: t(`column.${key}`), number});

function legend(entries) {
  return element("ul", {class: "legend"}, entries.map(({colour, name, about}) =>
    element("li", {}, element("span", {class: "swatch", style: `background:${colour}`}), element("span", {}, name),
      about ? element("span", {class: "about"}, about) : null)));
}
