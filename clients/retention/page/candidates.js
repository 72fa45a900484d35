"use strict";
// Who is worth winning back, and who is better left alone.

const kRowsMax = 100; // as many as somebody reads

const memberName = (name) => element("code", {title: name ?? ""}, String(name ?? kUnknown).replace(/^members\//, ""));

// "At risk: buys about every 20 days ..." in the words of the reason.
function reasonOf(row) {
  const key = `reason.${row.reason}`;
  const reason = Object.hasOwn(texts, key) && isNumber(row.cycle_days)
    ? t(key, {every: t("every", {n: row.cycle_days})}) : named("reason.short", row.reason);
  return `${named("segment", row.segment)}: ${reason}`;
}

function candidateTable(label, rows, last) {
  const withChance = rows.some((row) => isNumber(row.probability));
  const columns = [columnOf("member"), columnOf("reason"), columnOf("overdue", true), columnOf("value", true),
    ...(withChance ? [columnOf("chance", true)] : []), ...last];
  return table(label, columns, rows.slice(0, kRowsMax).map((row) => [
    memberName(row.member), reasonOf(row), isNumber(row.days_overdue) ? t("days", {n: row.days_overdue}) : kUnknown, money(row.value_minor),
    ...(withChance ? [percent(row.probability)] : []), ...last.map(({of}) => of(row))]), "cards");
}

const shownOf = (rows, total) => {
  const shown = Math.min(rows.length, kRowsMax);
  return shown < total ? t("candidates.shown", {n: shown, all: number(total)}) : null;
};

function worthSection(candidates) {
  const rows = list(candidates.worth);
  const total = candidates.worth_total ?? rows.length;
  if (total === 0) return section("candidates", [t("candidates.none")]);
  return section("candidates", [t("candidates.worth", {n: total, value: money(candidates.worth_value_minor)}),
    shownOf(rows, total)],
  candidateTable(t("candidates.title"), rows, [
    {title: t("column.action"), of: (row) => (row.holdout ? t("candidates.holdout") : named("action", row.action))},
    {title: t("column.expires"), short: true, of: (row) => (row.expires ? shortDate(row.expires) : kUnknown)},
  ]));
}

function notWorthSection(candidates) {
  const rows = list(candidates.not_worth);
  const total = candidates.not_worth_total ?? rows.length;
  if (total === 0) return section("not_worth", [t("not_worth.none")]);
  const counts = new Map();
  rows.forEach((row) => counts.set(row.why_not, (counts.get(row.why_not) ?? 0) + 1));
  const [common] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [null];
  return section("not_worth", [t("not_worth.total", {n: total}),
    common ? t("not_worth.common", {why: named("why_not", common)}) : null, shownOf(rows, total)],
  candidateTable(t("not_worth.title"), rows, [{title: t("column.why_not"), of: (row) => named("why_not", row.why_not)}]));
}

function candidateSections() {
  const candidates = data.candidates;
  return candidates ? [worthSection(candidates), notWorthSection(candidates)] : [missing("candidates")];
}
