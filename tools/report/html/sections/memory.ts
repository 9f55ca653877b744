/** The map of linear memory: word by word for a small guest, in proportion for a large one. */
import type { Report, ReportRegion } from "../../model.js";
import { address, bytes, count } from "../../forms/format.js";
import { html, type Markup } from "../markup.js";
import { dataTable, number } from "./tables.js";

const ROW_BYTES = 16;
/** Up to here every byte has its place in a grid. */
const MOST_GRID_BYTES = 1024;
const MOST_ROWS = 300;

/** The section; nothing for a module without memory. */
export function memorySection(report: Report): Markup | null {
  const { linear_memory: memory } = report;
  if (memory.regions.length === 0) return null;
  const used = memory.regions.filter(({ address: at }) => at < memory.used_bytes);
  const map =
    memory.used_bytes <= MOST_GRID_BYTES
      ? grid(used, memory.used_bytes)
      : strip(memory.regions, memory.initial_bytes);
  const kinds = [...new Set(memory.regions.map(({ kind }) => kind))];
  const legend = kinds.map((kind) => html`<li><i data-kind="${kind}"></i>${kind}</li>`);
  const rows = memory.regions
    .slice(0, MOST_ROWS)
    .map((region) => [
      html`<code>${address(region.address)}</code>`,
      number(region.bytes),
      html`<i class="dot" data-kind="${region.kind}"></i>${region.kind}`,
      region.label,
    ]);
  const obstacles = memory.shrink_obstacles.map((why) => html`<li>${why}</li>`);
  return html`<section aria-labelledby="memory-title">
    <h2 id="memory-title">Linear memory</h2>
    <p class="note">
      ${count(memory.used_bytes)} bytes used (by ${memory.used_by}) of ${bytes(memory.initial_bytes)} at the
      start.
    </p>
    ${map}
    <ul class="legend">
      ${legend}
    </ul>
    ${dataTable("memory", [["Address"], ["Bytes", "number"], ["Kind"], ["What"]], rows)}
    ${
      obstacles.length > 0
        ? html`<h3>Why WAMR allots whole pages</h3>
            <ul>
              ${obstacles}
            </ul>`
        : null
    }
  </section>`;
}

/** Sixteen bytes a row; a region that crosses rows is drawn in pieces. */
function grid(regions: readonly ReportRegion[], used: number): Markup {
  const pieces: Markup[] = [];
  for (const region of regions) {
    const end = Math.min(region.address + region.bytes, used);
    for (let at = region.address; at < end;) {
      const until = Math.min(end, at - (at % ROW_BYTES) + ROW_BYTES);
      const place = `grid-row:${Math.floor(at / ROW_BYTES) + 1};grid-column:${(at % ROW_BYTES) + 2}/span ${until - at}`;
      const label = at === region.address || until - at === ROW_BYTES ? region.kind : "";
      pieces.push(
        html`<i
          data-kind="${region.kind}"
          style="${place}"
          title="${address(region.address)}, ${region.bytes} bytes, ${region.kind}: ${region.label}"
          ><span>${label}</span></i
        >`,
      );
      at = until;
    }
  }
  const rows = Array.from(
    { length: Math.ceil(used / ROW_BYTES) },
    (_, row) => html`<b style="grid-row:${row + 1};grid-column:1">${address(row * ROW_BYTES)}</b>`,
  );
  return html`<div
    class="grid"
    role="img"
    aria-label="memory map, ${ROW_BYTES} bytes a row; the table below lists it"
  >
    ${rows}${pieces}
  </div>`;
}

function strip(regions: readonly ReportRegion[], total: number): Markup {
  const merged = mergeSmall(regions, total / 400);
  const pieces = merged.map(
    (region) =>
      html`<i
        data-kind="${region.kind}"
        style="flex-grow:${region.bytes}"
        title="${address(region.address)}, ${count(region.bytes)} bytes, ${region.kind}: ${region.label}"
      ></i>`,
  );
  return html`<div
    class="bar tall"
    role="img"
    aria-label="memory map in proportion; the table below lists it"
  >
    ${pieces}
  </div>`;
}

/** Joins neighbours too small to be seen. */
function mergeSmall(regions: readonly ReportRegion[], least: number): ReportRegion[] {
  const merged: ReportRegion[] = [];
  for (const region of regions) {
    const last = merged.at(-1);
    if (last && (region.bytes < least || last.bytes < least)) {
      const larger = last.bytes >= region.bytes ? last : region;
      merged[merged.length - 1] = { ...larger, address: last.address, bytes: last.bytes + region.bytes };
    } else merged.push(region);
  }
  return merged;
}
