/** The map of linear memory: word by word for a small guest, in proportion for a large one. */
import type { LinearMemory, Report, ReportRegion } from "../../model.js";
import { address, bytes, count } from "../../forms/format.js";
import { memoryBasis, memoryName } from "../../forms/verdicts.js";
import { html, type Markup } from "../markup.js";
import { dataTable, number, share } from "./tables.js";

const ROW_BYTES = 16;
/** Up to this many rows every byte has its place in a grid. */
const MOST_GRID_ROWS = 96;
/** Beyond this a grid is not tried. */
const MOST_GRID_BYTES = 1 << 20;
const MOST_ROWS = 300;

/** A section for each memory. */
export function memorySections({ memories }: Report): (Markup | null)[] {
  return memories.map((memory) => memorySection(memory, memories.length > 1));
}

function memorySection(memory: LinearMemory, isNamed: boolean): Markup | null {
  if (memory.regions.length === 0) return null;
  const id = memory.index === 0 ? "memory" : `memory-${memory.index}`;
  const used = memory.regions.filter(({ address: at }) => at < memory.used_bytes);
  const gridded = memory.used_bytes <= MOST_GRID_BYTES ? gridRows(used, memory.used_bytes) : [];
  const map =
    gridded.length > 0 && gridded.length <= MOST_GRID_ROWS
      ? grid(used, gridded, memory.used_bytes)
      : strip(memory.regions, memory.initial_bytes);
  const kinds = [...new Set(memory.regions.map(({ kind }) => kind))];
  const legend = kinds.map((kind) => html`<li><i data-kind="${kind}"></i>${kind}</li>`);
  const rows = memory.regions
    .slice(0, MOST_ROWS)
    .map((region) => [
      { value: region.address, text: address(region.address) },
      number(region.bytes),
      html`<i class="dot" data-kind="${region.kind}"></i>${region.kind}`,
      region.label,
    ]);
  const obstacles = memory.shrink_obstacles.map((why) => html`<li>${why}</li>`);
  return html`<section aria-labelledby="${id}-title">
    <h2 id="${id}-title">Linear memory${isNamed ? `: ${memoryName(memory)}` : ""}</h2>
    <p class="note">
      ${memory.used_is_at_least ? "At least " : ""}${count(memory.used_bytes)} bytes used of an initial
      ${bytes(memory.initial_bytes)}: ${memoryBasis(memory)}.
    </p>
    ${map}
    <ul class="legend">
      ${legend}
    </ul>
    ${dataTable(id, [["Address"], ["Bytes", "number"], ["Kind"], ["What"]], rows, [0, "ascending"])}
    ${sources(memory, id)}
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

/** Which source files the bytes in use are of; nothing where nothing tells. */
function sources({ by_source: files, used_bytes: used }: LinearMemory, id: string): Markup | null {
  if (files.every(({ file }) => file === null)) return null;
  const rows = files
    .slice(0, MOST_ROWS)
    .map(({ file, bytes: size }) => [
      file === null ? "not known" : html`<code>${file}</code>`,
      number(size),
      share(size, used),
    ]);
  return html`<h3>By source file</h3>
    ${dataTable(`${id}-sources`, [["Source file"], ["Bytes", "number"], ["Of what is used", "number"]], rows, [1, "descending"])}`;
}

/**
 * A row of the grid: sixteen bytes, or (`skipped` above 0) a stretch of rows that all belong to one region.
 */
interface GridRow {
  readonly address: number;
  readonly skipped: number;
  readonly region: ReportRegion | null;
}

/** Rows are left out inside a region that fills more than these. */
const MOST_ROWS_ALIKE = 4;

/** The rows that are drawn. */
function gridRows(regions: readonly ReportRegion[], used: number): GridRow[] {
  const rows: GridRow[] = [];
  for (let at = 0; at < used; at += ROW_BYTES) {
    rows.push({ address: at, skipped: 0, region: null });
    const region = regions.find(({ address: from, bytes: size }) => from <= at && at < from + size)!;
    const whole = Math.floor((Math.min(region.address + region.bytes, used) - at) / ROW_BYTES);
    if (whole <= MOST_ROWS_ALIKE) continue;
    const skipped = whole - 2;
    rows.push({ address: at + ROW_BYTES, skipped, region });
    at += skipped * ROW_BYTES;
  }
  return rows;
}

/** Sixteen bytes a row; a region that crosses rows is drawn in pieces, and a long one is folded. */
function grid(regions: readonly ReportRegion[], rows: readonly GridRow[], used: number): Markup {
  const lines = rows.map((row, index) => {
    const place = `grid-row:${index + 1}`;
    const head = html`<b style="${place};grid-column:1">${address(row.address)}</b>`;
    return row.region
      ? html`${head}<u data-kind="${row.region.kind}" style="${place}"
            >${row.region.label}: ${count(row.skipped * ROW_BYTES)} more bytes</u
          >`
      : html`${head}${pieces(regions, row.address, Math.min(row.address + ROW_BYTES, used), place)}`;
  });
  return html`<div
    class="grid"
    role="img"
    aria-label="memory map, ${ROW_BYTES} bytes per row; the table below lists its regions"
  >
    ${lines}
  </div>`;
}

/** The pieces of regions between the addresses `from` and `to`, which lie in one row. */
function pieces(regions: readonly ReportRegion[], from: number, to: number, place: string): Markup[] {
  return regions
    .filter(({ address: at, bytes: size }) => at < to && at + size > from)
    .map((region) => {
      const start = Math.max(region.address, from);
      const length = Math.min(region.address + region.bytes, to) - start;
      const label = start === region.address || length === ROW_BYTES ? region.kind : "";
      return html`<i
        data-kind="${region.kind}"
        style="${place};grid-column:${(start % ROW_BYTES) + 2}/span ${length}"
        title="${address(region.address)}, ${region.bytes} bytes, ${region.kind}: ${region.label}"
        ><span>${label}</span></i
      >`;
    });
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
    aria-label="memory map to scale; the table below lists its regions"
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
