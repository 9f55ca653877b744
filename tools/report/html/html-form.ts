/** The report as one HTML page that needs no network, no server and, to be read, no script. */
import type { Report } from "../model.js";
import type { PageData } from "./page-data.js";
import { html, type Markup } from "./markup.js";
import { pageFrame } from "./page-frame.js";
import { memorySections } from "./sections/memory.js";
import { provenanceRows } from "../forms/provenance-rows.js";
import { overview } from "./sections/overview.js";
import { runSection } from "./sections/run.js";
import { dataTable, diffSection, functionsSection, importsSection, linesSection } from "./sections/tables.js";
import {
  allocationSection,
  budgetSection,
  deviceSection,
  nativeSection,
  fitSection,
  stackSection,
  worstCaseSection,
} from "./sections/verdict.js";
import { changeTree } from "./change-tree.js";
import { authorTree, flameTree, functionTree, sourceTree } from "./weight-tree.js";

/** Draws the page. */
export function htmlForm(report: Report): string {
  const data: PageData = {
    functions: functionTree(report),
    authors: authorTree(report),
    sources: sourceTree(report),
    change: changeTree(report),
    flame: report.run ? flameTree(report.run.flame) : null,
  };
  const body = html`${overview(report)} ${fitSection(report)} ${budgetSection(report)}
  ${report.diff ? diffSection(report, report.diff) : null} ${treemap(data, report)} ${memorySections(report)}
  ${allocationSection(report)} ${stackSection(report)} ${worstCaseSection(report)} ${deviceSection(report)}
  ${nativeSection(report)} ${runSection(report)} ${functionsSection(report)} ${linesSection(report)}
  ${importsSection(report)} ${provenanceSection(report)} ${notes(report)}`;
  const footer = `report version ${report.version}. Every byte of the file is counted once.`;
  return pageFrame({ title: `${report.file} – as-rill report`, body, data, footer });
}

function treemap({ authors, sources }: PageData, { custom_bytes: custom }: Report): Markup {
  const ways = [
    ...(authors ? [["authors", "function"]] : []),
    ["functions", authors ? "function of the module" : "function"],
    ...(sources ? [["sources", "source line"]] : []),
  ];
  const radios = ways.map(
    ([value, text], index) =>
      html`<label
        ><input type="radio" name="treemap-by" value="${value}" ${index === 0 ? "checked" : ""} />
        ${text}</label
      >`,
  );
  const by = html`<fieldset class="choice">
    <legend>Bytes by</legend>
    ${radios}
  </fieldset>`;
  const of = html`<fieldset class="choice">
    <legend>Bytes of</legend>
    <label><input type="radio" name="treemap-of" value="file" checked /> the whole file</label>
    <label
      ><input type="radio" name="treemap-of" value="shipped" /> what ships, without custom sections</label
    >
  </fieldset>`;
  return html`<section aria-labelledby="treemap-title">
    <h2 id="treemap-title">Map of the file</h2>
    ${ways.length > 1 ? by : null} ${custom > 0 ? of : null}
    <div id="treemap" class="zoom areas" data-label="treemap of the file's bytes"></div>
    <p class="note keys">Click or press Enter to zoom in, Escape to zoom out, and the arrow keys to move.</p>
    <noscript><p class="note">The map needs JavaScript; the tables below show the same figures.</p></noscript>
  </section>`;
}

function provenanceSection(report: Report): Markup {
  const rows = provenanceRows(report).map(([name, value]) => [name, html`<code>${value}</code>`]);
  return html`<section aria-labelledby="provenance-title">
    <h2 id="provenance-title">Provenance</h2>
    <p class="note">What the module says of itself; rill verify builds it again and compares the bytes.</p>
    ${dataTable("provenance", [["What"], ["Value"]], rows)}
  </section>`;
}

function notes({ notes }: Report): Markup | null {
  if (notes.length === 0) return null;
  return html`<section aria-labelledby="notes-title">
    <h2 id="notes-title">Notes</h2>
    <ul>
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>
  </section>`;
}
