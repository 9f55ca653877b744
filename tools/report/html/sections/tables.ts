/** Tables: functions, sections, source lines, imports, and what changed. */
import { ORIGIN_LABELS } from "../../../source/origin.js";
import type { Report, ReportDiff } from "../../model.js";
import { count, figure, percent, signed } from "../../forms/format.js";
import { carriedText } from "../../forms/verdicts.js";
import { html, Markup } from "../markup.js";
import { sourceLink } from "../source-link.js";

/** Rows beyond these are left out: the page says so. */
const MOST_ROWS = 1000;
const MOST_LINES = 600;

/** A column: its heading, and whether it holds numbers. */
type Column = readonly [heading: string, numeric?: "number"];
type Cell = Markup | string | { readonly value: number; readonly text: string };

/**
 * A table that sorts by its headings.
 * @param sorted the column by which its rows are in order already, and how
 */
export function dataTable(
  id: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  sorted?: readonly [column: number, order: "ascending" | "descending"],
): Markup {
  const heads = columns.map(([heading, numeric], index) => {
    const order = sorted?.[0] === index ? new Markup(` aria-sort="${sorted[1]}"`) : null;
    return html`<th scope="col" class="${numeric ?? ""}" ${order}>${heading}</th>`;
  });
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell) => cellOf(cell))}
      </tr> `,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="table: ${id.replaceAll("-", " ")}">
    <table id="${id}" data-sortable>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function cellOf(cell: Cell): Markup {
  if (typeof cell === "object" && "value" in cell)
    return html`<td class="number" data-value="${cell.value}">${cell.text}</td>`;
  return html`<td>${cell}</td>`;
}

/** A cell that shows and sorts by a number. */
export function number(value: number): Cell {
  return { value, text: figure(value) };
}

/** A cell that shows a part of the whole in per cent and sorts by the part. */
export function share(part: number, whole: number): Cell {
  return { value: part, text: percent(part, whole) };
}

function filter(table: string, what: string): Markup {
  return html`<p class="filter">
    <label>Filter ${what} <input type="search" data-filters="${table}" /></label>
  </p>`;
}

function left(total: number, shown: number): Markup | null {
  return total > shown ? html`<p class="note">The JSON form lists ${count(total - shown)} more.</p>` : null;
}

/** Section and function tables. */
export function functionsSection(report: Report): Markup {
  const shown = [...report.functions].sort((x, y) => y.bytes - x.bytes).slice(0, MOST_ROWS);
  const rows = shown.map((entry) => [
    html`<i class="dot" data-origin="${entry.origin}"></i><code>${entry.name}</code>`,
    number(entry.bytes),
    share(entry.bytes, report.code_bytes),
    number(entry.retained_bytes),
    number(entry.instructions),
    entry.frame_bytes === null ? "" : number(entry.frame_bytes),
    ORIGIN_LABELS[entry.origin],
    html`<code>${sourceLink(report, entry.source)}</code>`,
    whyIsItIn(entry.called_by),
  ]);
  const columns: Column[] = [
    ["Function"],
    ["Bytes", "number"],
    ["Of code", "number"],
    ["Retained", "number"],
    ["Instructions", "number"],
    ["Frame", "number"],
    ["Origin"],
    ["Source"],
    ["Why it is in"],
  ];
  return html`<section aria-labelledby="functions-title">
      <h2 id="functions-title">Functions</h2>
      ${filter("functions", "functions")}${dataTable("functions", columns, rows, [1, "descending"])}${left(report.functions.length, shown.length)}
    </section>
    <section aria-labelledby="sections-title">
      <h2 id="sections-title">Sections</h2>
      ${sectionTable(report)}
    </section>`;
}

/** The way to a function from where execution starts. */
function whyIsItIn(callers: readonly string[] | null): Cell {
  if (callers === null) return "nothing calls it";
  return callers.length === 0 ? "the host calls it" : html`<code>${callers.join(" → ")}</code>`;
}

function sectionTable({ sections, file_bytes }: Report): Markup {
  const rows = sections.map(({ id, name, bytes, offset }) => [
    id === 0 ? `custom “${name}”` : name,
    number(offset),
    number(bytes),
    share(bytes, file_bytes),
  ]);
  return dataTable(
    "sections",
    [["Section"], ["Offset", "number"], ["Bytes", "number"], ["Share", "number"]],
    [["magic and version", number(0), number(8), share(8, file_bytes)], ...rows],
    [1, "ascending"],
  );
}

/** Source lines with their bytes; nothing without a source map. */
export function linesSection(report: Report): Markup | null {
  const { sources, code_bytes } = report;
  if (sources.length === 0) return null;
  const lines = sources.flatMap(({ file, origin, lines: all }) =>
    all.map((line) => ({ file, origin, ...line })),
  );
  const shown = lines.sort((x, y) => y.bytes - x.bytes).slice(0, MOST_LINES);
  const rows = shown.map(({ file, origin, line, bytes, text }) => [
    html`<i class="dot" data-origin="${origin}"></i><code>${sourceLink(report, `${file}:${line}`)}</code>`,
    number(bytes),
    share(bytes, code_bytes),
    html`<code class="source">${(text ?? "").trim().slice(0, 160)}</code>`,
  ]);
  return html`<section aria-labelledby="lines-title">
    <h2 id="lines-title">Source lines</h2>
    ${filter("lines", "lines")}${dataTable("lines", [["Line"], ["Bytes", "number"], ["Of code", "number"], ["Source"]], rows, [1, "descending"])}${left(lines.length, shown.length)}
  </section>`;
}

/** Imports and exports. */
export function importsSection({ imports, exports }: Report): Markup {
  const saving = imports.name_bytes - imports.shortest_name_bytes;
  const rows = imports.entries
    .slice(0, MOST_ROWS)
    .map((entry) => [
      entry.canonical ?? entry.kind,
      entry.does,
      entry.kind === "func" ? html`<code>${carriedText(entry)}</code>` : "",
      entry.blocks === "unknown" ? html`<span class="unsure-text">unknown</span>` : entry.blocks,
      html`<code>${entry.module} ${entry.field}</code>`,
      number(entry.name_bytes),
      number(entry.call_sites),
    ]);
  const out = exports
    .slice(0, MOST_ROWS)
    .map((entry) => [
      entry.canonical ?? entry.kind,
      html`<code>${entry.name}</code>`,
      number(entry.name_bytes),
    ]);
  return html`<section aria-labelledby="imports-title">
    <h2 id="imports-title">Imports and exports</h2>
    <p class="note">
      ${count(imports.count)} imports; their names take ${count(imports.name_bytes)} bytes. One-letter names
      would save ${count(saving)}.
    </p>
    ${imports.count > 0 ? dataTable("imports", [["Built-in"], ["What it may do"], ["In → out"], ["Blocks"], ["Import"], ["Name bytes", "number"], ["Calls", "number"]], rows) : null}
    ${dataTable("exports", [["Kind"], ["Export"], ["Name bytes", "number"]], out)}
  </section>`;
}

/** What changed since another build. */
export function diffSection(report: Report, diff: ReportDiff): Markup {
  if (diff.identical)
    return html`<section aria-labelledby="diff-title">
      <h2 id="diff-title">Changes since ${diff.old_file}</h2>
      <p>Nothing changed: the builds are identical byte for byte.</p>
    </section>`;
  const most = Math.max(1, ...diff.functions.map(({ before, after }) => Math.abs(after - before)));
  const figures = diff.figures.map(({ name, before, after }) => [
    name,
    number(before),
    number(after),
    change(before, after),
  ]);
  const rows = diff.functions
    .slice(0, MOST_ROWS)
    .map((entry) => [
      html`<code>${entry.old_name ? `${entry.old_name} → ${entry.name}` : entry.name}</code>`,
      entry.change,
      number(entry.before),
      number(entry.after),
      change(entry.before, entry.after),
      swing(entry.after - entry.before, most),
      html`<code>${sourceLink(report, entry.source)}</code>`,
    ]);
  const names = [
    ...diff.imports.added.map((name) => html`<li class="bad">import added: <code>${name}</code></li>`),
    ...diff.imports.removed.map((name) => html`<li class="good">import removed: <code>${name}</code></li>`),
    ...diff.exports.added.map((name) => html`<li>export added: <code>${name}</code></li>`),
    ...diff.exports.removed.map((name) => html`<li>export removed: <code>${name}</code></li>`),
  ];
  const columns: Column[] = [
    ["Function"],
    ["What"],
    ["Before", "number"],
    ["After", "number"],
    ["Change", "number"],
    ["Weight"],
    ["Source"],
  ];
  const sections = diff.sections
    .filter(({ before, after }) => before !== after)
    .map(({ name, before, after }) => [name, number(before), number(after), change(before, after)]);
  return html`<section aria-labelledby="diff-title">
    <h2 id="diff-title">Changes since ${diff.old_file}</h2>
    ${dataTable("diff-figures", [["Figure"], ["Before", "number"], ["After", "number"], ["Change", "number"]], figures)}
    ${changeMap()}
    ${sections.length > 0 ? dataTable("diff-sections", [["Section"], ["Before", "number"], ["After", "number"], ["Change", "number"]], sections) : null}
    ${rows.length > 0 ? dataTable("diff-functions", columns, rows) : html`<p>No function changed.</p>`}
    ${
      names.length > 0
        ? html`<ul class="changes">
            ${names}
          </ul>`
        : null
    }
  </section>`;
}

/** Where the map of both builds is drawn; the tables below it show the same figures. */
function changeMap(): Markup {
  const legend = (
    [
      ["grew", "grew"],
      ["shrank", "shrank"],
      ["new", "is new"],
      ["gone", "is gone"],
      ["same", "as long as before"],
    ] as const
  ).map(([kind, text]) => html`<li><i data-change="${kind}"></i>${text}</li>`);
  return html`<h3>Map of what changed</h3>
    <fieldset class="choice">
      <legend>Build</legend>
      <label><input type="radio" name="change-map-of" value="after" checked /> after</label>
      <label><input type="radio" name="change-map-of" value="before" /> before</label>
    </fieldset>
    <div id="change-map" class="zoom areas" data-label="treemap of both builds, by what changed"></div>
    <ul class="legend">
      ${legend}
    </ul>
    <noscript
      ><p class="note">The map needs JavaScript; the tables below show the same figures.</p></noscript
    >`;
}

function change(before: number, after: number): Cell {
  return { value: after - before, text: signed(after - before) };
}

function swing(by: number, most: number): Markup {
  const width = Math.max(1, Math.round((Math.abs(by) / most) * 60));
  return html`<span
    class="swing ${by > 0 ? "bad" : "good"}"
    style="width:${width}px"
    aria-hidden="true"
  ></span>`;
}
