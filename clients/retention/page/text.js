"use strict";
// Words, numbers, money and days in the language of the page.

const data = JSON.parse(document.getElementById("data").textContent);
const texts = JSON.parse(document.getElementById("texts").textContent);
const locale = document.documentElement.lang;

const kUnknown = "–"; // instead of a value that is not there
const kShareFormats = [0, 1].map(
  (digits) => new Intl.NumberFormat(locale, {style: "percent", maximumFractionDigits: digits}));
const kPlurals = new Intl.PluralRules(locale);

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const sum = (rows, value) => rows.reduce((total, row) => total + (isNumber(value(row)) ? value(row) : 0), 0);
const list = (value) => (Array.isArray(value) ? value : []);

function number(value, digits = 0) {
  if (!isNumber(value)) return kUnknown;
  return new Intl.NumberFormat(locale, {maximumFractionDigits: digits}).format(value);
}

// A share of 1 in per cent.
const percent = (share, digits = 0) => (isNumber(share) ? kShareFormats[digits].format(share) : kUnknown);
const percentOf = (part, whole) => (whole > 0 ? percent(part / whole) : kUnknown);

// From minor units; cents are left away where they only hide the figure.
function money(minor) {
  if (!isNumber(minor)) return kUnknown;
  const exponent = isNumber(data.currency_exponent) ? data.currency_exponent : 2;
  const value = minor / 10 ** exponent;
  const digits = Math.abs(value) >= 1000 ? 0 : exponent;
  const format = {minimumFractionDigits: digits, maximumFractionDigits: digits};
  try {
    return new Intl.NumberFormat(locale, {style: "currency", currency: data.currency, ...format}).format(value);
  } catch { // a currency that Intl takes for no code
    return `${new Intl.NumberFormat(locale, format).format(value)} ${data.currency ?? ""}`.trim();
  }
}

// "2026-06-30" or "2026-06" by what `format` wants to see of it; other text stays as it is.
function dateIn(text, format) {
  const parts = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text ?? "");
  if (!parts) return String(text ?? kUnknown);
  const day = new Date(Date.UTC(+parts[1], parts[2] - 1, +(parts[3] ?? 1)));
  return new Intl.DateTimeFormat(locale, {timeZone: "UTC", ...format}).format(day);
}
const date = (text) => dateIn(text, {day: "numeric", month: "long", year: "numeric"});
const shortDate = (text) => dateIn(text, {day: "numeric", month: "short", year: "numeric"});
const dayOfYear = (text) => dateIn(text, {day: "numeric", month: "short"});
const month = (text) => dateIn(text, {month: "long", year: "numeric"});
const shortMonth = (text) => dateIn(text, {month: "short", year: "numeric"});

// The text of `key` with its {places} filled. `n` picks singular or plural where a text has both.
function t(key, values = {}) {
  if (!Object.hasOwn(texts, key)) console.error(`no text for ${key}`);
  let text = texts[key] ?? key;
  if (typeof text === "object") text = text[kPlurals.select(values.n)] ?? text.other;
  const shown = {...values, ...(isNumber(values.n) ? {n: number(values.n)} : {})};
  return text.replace(/\{(\w+)\}/g, (_, place) => String(shown[place] ?? kUnknown));
}

// What a code of the data is called; a code that is new to this page is shown as it is.
function named(kind, code) {
  if (code === null || code === undefined || code === "") return kUnknown;
  const key = `${kind}.${code}`;
  return Object.hasOwn(texts, key) ? texts[key] : String(code);
}

// 0.34 -> "about 1 in 3 (34%)", as one would say it aloud; `n` is 1 where a verb has to be singular.
function ratio(share) {
  if (!isNumber(share)) return {n: 2, ratio: kUnknown};
  if (share <= 0 || share >= 1) return {n: 2, ratio: t(share <= 0 ? "ratio.none" : "ratio.all")};
  let best = share < 0.08 ? {part: 1, of: Math.round(1 / share)} : {error: 1};
  for (const of of share < 0.08 ? [] : [2, 3, 4, 5, 10]) {
    const part = Math.round(share * of);
    const error = Math.abs(part / of - share);
    // A larger denominator has to be worth it.
    if (part > 0 && part < of && error < best.error - 0.015) best = {part, of, error};
  }
  if (!best.of) return {n: 2, ratio: percent(share)};
  return {n: best.part, ratio: t("ratio", {part: number(best.part), of: number(best.of), share: percent(share)})};
}
