/** What a run cost: the flame graph, the curve of memory in use, allocations and host calls. */
import { scaleLinear } from "d3-scale";
import { area, curveStepAfter } from "d3-shape";
import type { CurvePoint, Report, RunProfile } from "../../model.js";
import { bytes, count, figure, percent } from "../../forms/format.js";
import { lineTexts } from "../../forms/line-texts.js";
import { isArenaOnly, partInUse, steadyText } from "../../forms/verdicts.js";
import { html, Markup } from "../markup.js";
import { sourceLink } from "../source-link.js";
import { dataTable, number, share } from "./tables.js";

const MOST_ROWS = 300;

/** The section; without a run it says how to get one. */
export function runSection(report: Report): Markup {
  const { run } = report;
  if (!run) {
    return html`<section aria-labelledby="run-title">
      <h2 id="run-title">Cost per item</h2>
      <p class="note">
        Not measured. <code>rill report --run --call 'IFACE#FUNC' --in PARAM=FILE</code> counts instructions,
        host calls and allocations.
      </p>
    </section>`;
  }
  return html`<section aria-labelledby="run-title">
      <h2 id="run-title">Cost of a run</h2>
      <p class="note">
        <code>${run.call}</code> on ${run.host}: ${run.items_in ?? "?"} items in, ${run.items_out ?? "?"} out;
        ${count(run.instructions)} instructions, ${count(run.host_calls)} host calls.
      </p>
      ${
        run.steady
          ? html`<p class="note">
              One more item costs ${steadyText(run.steady.ready)} when its copies are ready, and
              ${steadyText(run.steady.blocking)} when they block.
            </p>`
          : null
      }
      ${run.trap ? html`<p class="verdict bad">Trap: ${run.trap}</p>` : null}
      <h3>Instructions by call stack</h3>
      <div id="flame" class="zoom" data-label="flame graph of instructions"></div>
      ${lineTable(report, run, lineTexts(report))}${hostCalls(run)}
    </section>
    <section aria-labelledby="curve-title">
      <h2 id="curve-title">Memory in use over time</h2>
      ${curve(run)}${regions(run)}${inUse(run)}${allocations(run, report, lineTexts(report))}
    </section>`;
}

function lineTable(report: Report, run: RunProfile, textOf: (source: string) => string): Markup {
  const items = Math.max(1, run.items_in ?? 1);
  const rows = run.functions
    .slice(0, MOST_ROWS)
    .map((entry) => [
      html`<code>${entry.function}</code>`,
      number(entry.instructions),
      share(entry.instructions, run.instructions),
      number(entry.instructions / items),
      number(entry.calls),
    ]);
  const lines = run.lines
    .slice(0, MOST_ROWS)
    .map((entry) => [
      html`<code>${sourceLink(report, entry.source)}</code>`,
      number(entry.instructions),
      share(entry.instructions, run.instructions),
      number(entry.instructions / items),
      html`<code>${textOf(entry.source)}</code>`,
    ]);
  return html`${dataTable("run-functions", [["Function"], ["Instructions", "number"], ["Share", "number"], ["Per item", "number"], ["Calls", "number"]], rows, [1, "descending"])}
  ${lines.length > 0 ? dataTable("run-lines", [["Line"], ["Instructions", "number"], ["Share", "number"], ["Per item", "number"], ["Text"]], lines, [1, "descending"]) : null}`;
}

function hostCalls(run: RunProfile): Markup {
  const items = Math.max(1, run.items_in ?? 1);
  const rows = run.host_calls_by_import.map((entry) => [
    html`<code>${entry.import}</code>`,
    number(entry.calls),
    number(entry.calls / items),
  ]);
  return html`<h3>Host calls</h3>
    ${dataTable("host-calls", [["Import"], ["Calls", "number"], ["Per item", "number"]], rows)}`;
}

/** Each region of the arena as a gauge: how much of it was ever in use. */
function regions({ arena }: RunProfile): Markup | null {
  if (arena.regions.length === 0) return null;
  const rows = arena.regions.map(
    ({ label, bytes: room, high_water_bytes: most }) =>
      html`<li class="good">
        <p>
          <b>${label}</b> <span>${count(most)} of ${bytes(room)}</span>
          <em>at most ${percent(most, room)} full</em>
        </p>
        <div class="gauge" aria-hidden="true">
          <i style="width:${((most / Math.max(1, room)) * 100).toFixed(1)}%"></i>
        </div>
      </li>`,
  );
  return html`<h3>Arena regions</h3>
    <ul class="budget regions">
      ${rows}
    </ul>`;
}

function inUse({ operations: { slots, frames, in_flight_max: inFlight } }: RunProfile): Markup {
  return html`<p class="note spaced">
    Slots: ${partInUse(slots)}, at most ${count(inFlight)} in flight.
    ${frames ? html`Frames: ${partInUse(frames)}.` : null}
  </p>`;
}

function allocations(
  { allocations }: RunProfile,
  report: Report,
  textOf: (source: string) => string,
): Markup {
  if (allocations.count === 0) return html`<p class="verdict good">No allocations in the whole run.</p>`;
  const { steady_per_item: steady, first_item: first } = allocations;
  const rows = allocations.by_line
    .slice(0, MOST_ROWS)
    .map((entry) => [
      html`<code>${sourceLink(report, entry.source)}</code>`,
      number(entry.count),
      number(entry.bytes),
      number(entry.first_item.count),
      number(entry.first_item.bytes),
      number(entry.steady_per_item?.count ?? 0),
      number(entry.steady_per_item?.bytes ?? 0),
      html`<code>${textOf(entry.source)}</code>`,
    ]);
  const steadily = steady
    ? `, ${figure(steady.count)} (${figure(steady.bytes)} bytes) per item in the steady state`
    : "";
  return html`<p class="verdict ${isArenaOnly(report.allocation) ? "plain" : "bad"}">
      ${count(allocations.count)} allocations (${bytes(allocations.bytes)}): ${count(first.count)}
      (${bytes(first.bytes)}) up to the first item${steadily}.
    </p>
    ${dataTable("allocations", ALLOCATION_COLUMNS, rows)}`;
}

const ALLOCATION_COLUMNS = [
  ["Line"],
  ["Count", "number"],
  ["Bytes", "number"],
  ["First item: count", "number"],
  ["bytes", "number"],
  ["Each later item: count", "number"],
  ["bytes", "number"],
  ["Text"],
] as const;

const WIDTH = 720;
const HEIGHT = 200;
const MARGIN = { left: 64, right: 30, top: 20, bottom: 28 };

/** Bytes in use by item, as SVG: it prints, scales and needs no script. */
function curve({ arena, items_in }: RunProfile): Markup {
  const last = Math.max(1, items_in ?? 1, ...arena.curve.map(({ item }) => item));
  const x = scaleLinear([0, last], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear([0, Math.max(16, arena.high_water_bytes)], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(
    4,
  );
  const points: CurvePoint[] =
    arena.curve.length > 0
      ? [...arena.curve, { item: last, bytes: arena.curve.at(-1)!.bytes }]
      : [
          { item: 0, bytes: 0 },
          { item: last, bytes: 0 },
        ];
  const path =
    area<CurvePoint>()
      .x((p) => x(p.item))
      .y1((p) => y(p.bytes))
      .y0(y(0))
      .curve(curveStepAfter)(points) ?? "";
  const rows = y
    .ticks(4)
    .map(
      (tick) =>
        html`<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick)}" y2="${y(tick)}" /><text
            x="${MARGIN.left - 8}"
            y="${y(tick) + 4}"
            text-anchor="end"
            >${count(tick)}</text
          >`,
    );
  const columns = x
    .ticks(6)
    .filter(Number.isInteger)
    .map((tick) => html`<text x="${x(tick)}" y="${HEIGHT - 8}" text-anchor="middle">${count(tick)}</text>`);
  const label = `bytes in use, item by item; at most ${count(arena.high_water_bytes)}`;
  return html`<figure>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}" class="curve">
      ${rows}${columns}${new Markup(`<path d="${path}"/>`)}
    </svg>
    <figcaption>
      Arena and heap bytes in use, item by item; high-water mark ${bytes(arena.high_water_bytes)}.
    </figcaption>
  </figure>`;
}
