/** A trend as a page: a chart for each figure, and the same as a table. */
import { scaleLinear, scalePoint } from "d3-scale";
import { line } from "d3-shape";
import { html, Markup } from "../html/markup.js";
import { pageFrame } from "../html/page-frame.js";
import { dataTable, number } from "../html/sections/tables.js";
import { figure } from "../forms/format.js";
import { changeText, empties, reportCount, valueText } from "./trend-text.js";
import { spanOf, type Trend, type TrendFigure } from "./trend.js";

const WIDTH = 720;
const HEIGHT = 120;
const MARGIN = { left: 78, right: 20, top: 14, bottom: 18 };
/** Points beyond these are too close to be told apart: the line alone shows them. */
const MOST_POINTS = 120;

/** Draws the page. */
export function trendPage(trend: Trend): string {
  const known = trend.figures.filter((each) => spanOf(each) !== null);
  const body = html`<header class="top">
      <div>
        <p class="eyebrow">as-rill trend</p>
        <h1>${trend.module}</h1>
        <p class="hash">${reportCount(trend)}, in the order of their files' names</p>
      </div>
      <button type="button" id="theme" hidden>Theme: auto</button>
    </header>
    <ul class="cards">
      ${known.map(card)}
    </ul>
    ${known.map((each) => chart(trend, each))} ${tables(trend, known)}`;
  const data = { functions: null, authors: null, sources: null, flame: null, change: null };
  return pageFrame({
    title: `${trend.module} – as-rill trend`,
    body,
    data,
    footer: `trend version ${trend.version}. Charts begin at the least value, not at zero.`,
  });
}

function card(each: TrendFigure): Markup {
  const { first, last } = spanOf(each)!;
  const tone = last > first ? "bad" : last < first ? "good" : "plain";
  return html`<li class="card ${tone}">
    <h2>${heading(each)}</h2>
    <p class="value">${figure(last)}</p>
    <p class="note">${changeText(each)} since the first report that has it</p>
  </li>`;
}

/** The values as a line with gaps where nothing was measured; SVG, so that it prints and needs no script. */
function chart({ reports }: Trend, each: TrendFigure): Markup {
  const { least, most } = spanOf(each)!;
  const x = scalePoint(
    reports.map((_, index) => index),
    [MARGIN.left, WIDTH - MARGIN.right],
  );
  const room = least === most ? Math.max(1, Math.abs(least) * 0.1) : 0;
  const y = scaleLinear([least - room, most + room], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path =
    line<number | null>()
      .defined((value) => value !== null)
      .x((_, index) => x(index)!)
      .y((value) => y(value!))(each.values) ?? "";
  const alone = each.values.filter(isAlone);
  const dots = each.values.map((value, index) =>
    value === null || (reports.length > MOST_POINTS && !alone.includes(value))
      ? null
      : html`<circle cx="${round(x(index)!)}" cy="${round(y(value))}" r="3">
          <title>${reports[index]!.name}: ${figure(value)}</title>
        </circle>`,
  );
  const marks = [...new Set([least, most])].map(
    (value) =>
      html`<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}" /><text
          x="${MARGIN.left - 8}"
          y="${y(value) + 4}"
          text-anchor="end"
          >${figure(value)}</text
        >`,
  );
  const id = `figure-${each.name.replaceAll(" ", "-")}`;
  const { first, last } = spanOf(each)!;
  const label = `${each.name} over ${reportCount({ reports } as Trend)}: from ${figure(first)} to ${figure(last)}, least ${figure(least)}, greatest ${figure(most)}; the table below has each value`;
  return html`<section aria-labelledby="${id}-title">
    <h2 id="${id}-title">${heading(each)}</h2>
    <figure>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}" class="curve trend">
        ${marks}${new Markup(`<path d="${path}"/>`)}${dots}
      </svg>
      <figcaption>
        From ${reports[0]!.name} (left) to ${reports.at(-1)!.name}: ${changeText(each)}.
      </figcaption>
    </figure>
  </section>`;
}

/** Whether a value has none at its sides, so that no line goes through it. */
function isAlone(value: number | null, index: number, all: readonly (number | null)[]): boolean {
  return value !== null && (all[index - 1] ?? null) === null && (all[index + 1] ?? null) === null;
}

function tables(trend: Trend, known: readonly TrendFigure[]): Markup {
  const rows = trend.reports.map(({ name, sha256 }, index) => [
    html`<code>${name}</code>`,
    ...known.map(({ values }) =>
      values[index] === null ? { value: -1, text: valueText(null) } : number(values[index]!),
    ),
    html`<code>${sha256.slice(0, 16)}</code>`,
  ]);
  const columns = known.map((each) => [heading(each), "number"] as const);
  return html`<section aria-labelledby="reports-title">
    <h2 id="reports-title">Reports</h2>
    ${dataTable("reports", [["Report"], ...columns, ["sha256"]], rows)}
    ${empties(trend).map((why) => html`<p class="note">${why}.</p>`)}
  </section>`;
}

function heading({ name }: TrendFigure): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function round(value: number): string {
  return value.toFixed(1);
}
