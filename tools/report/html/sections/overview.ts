/** The top of the page: the answer in one look. */
import { ORIGIN_LABELS } from "../../../source/origin.js";
import { costPerItem } from "../../item-cost.js";
import type { Report } from "../../model.js";
import { bytes, count, figure, percent, signed } from "../../forms/format.js";
import {
  allocationSentence,
  allocationTone,
  isArenaOnly,
  type Tone,
  usedBytes,
} from "../../forms/verdicts.js";
import { html, type Markup } from "../markup.js";

/** File name and the figures that decide. */
export function overview(report: Report): Markup {
  return html`<header class="top">
      <div>
        <p class="eyebrow">as-rill report</p>
        <h1>${report.file}</h1>
        <p class="hash">sha256 ${report.sha256.slice(0, 16)}…</p>
      </div>
      <button type="button" id="theme" hidden>Theme: auto</button>
    </header>
    <ul class="cards">
      ${cards(report)}
    </ul>
    ${originBar(report)}`;
}

function cards(report: Report): Markup[] {
  const { linear_memory: memory, stack, imports, allocation, budget, device, run } = report;
  const change = report.diff?.figures.find(({ name }) => name === "file bytes");
  const since = change ? `, ${signed(change.after - change.before)} since ${report.diff!.old_file}` : "";
  const list = [
    card(
      "Size",
      bytes(report.file_bytes),
      `${bytes(report.stripped_bytes)} without custom sections, ${bytes(report.gzip_bytes)} of them by gzip${since}`,
    ),
    card("Code", bytes(report.code_bytes), `${count(report.functions.length)} functions`),
    card("Linear memory", usedBytes(memory), memoryNote(report)),
    card(
      "Allocation",
      isArenaOnly(allocation)
        ? "fixed arena"
        : { proven: "none", found: "found", unknown: "unknown" }[allocation.verdict],
      allocationSentence(report),
      allocationTone(allocation),
    ),
    stack.stack_bytes === null
      ? card("Stack", "unbounded", stack.recursion.length > 0 ? "calls can recurse" : "not computed", "bad")
      : card("Stack", bytes(stack.stack_bytes), `${stack.interpreter}; call depth ${stack.call_depth}`),
    card(
      "Imports",
      count(imports.count),
      `${imports.canonical_count} canonical; names take ${bytes(imports.name_bytes)}`,
    ),
  ];
  if (device)
    list.push(
      card(
        "RAM on the device",
        bytes(device.pool_bytes),
        `pool for one guest, ${device.interpreter}, ${device.word_bits}-bit; ${bytes(device.next_instance_bytes)} for each further guest`,
      ),
    );
  const cost = run && costPerItem(run);
  if (run && cost) {
    list.push(
      card(
        "Per item",
        `${figure(cost.instructions_per_item)} instr.`,
        `${figure(cost.host_calls_per_item)} host calls, ${figure(run.allocations.steady_per_item?.count ?? 0)} allocations`,
      ),
    );
  }
  if (budget) {
    const over = budget.checks.filter(({ passed }) => !passed).length;
    const denied = budget.imports?.denied.length ?? 0;
    list.unshift(
      card(
        "Budget",
        budget.passed ? "met" : "exceeded",
        denied > 0
          ? `${count(denied)} imports that are not allowed`
          : over === 0
            ? `all ${budget.checks.length} figures within their limits`
            : `${over} of ${budget.checks.length} figures over their limits`,
        budget.passed ? "good" : "bad",
      ),
    );
  }
  return list;
}

function memoryNote({ linear_memory: memory, memories }: Report): string {
  if (memories.length === 0) return "no memory";
  if (memories.length > 1)
    return `used of ${bytes(memory.initial_bytes)} in the first of ${count(memories.length)} memories`;
  return `used of ${bytes(memory.initial_bytes)}${memory.shrinks_on_wamr ? "; WAMR allots only what is used" : ""}`;
}

function card(title: string, value: string, note: string, tone: Tone = "plain"): Markup {
  return html`<li class="card ${tone}">
    <h2>${title}</h2>
    <p class="value">${value}</p>
    <p class="note">${note}</p>
  </li>`;
}

function originBar({ origins, file_bytes }: Report): Markup {
  const pieces = origins.map(
    ({ origin, bytes: size }) =>
      html`<i
        data-origin="${origin}"
        style="flex-grow:${size}"
        title="${ORIGIN_LABELS[origin]}: ${count(size)} bytes"
      ></i>`,
  );
  const legend = origins.map(
    ({ origin, bytes: size }) =>
      html`<li>
        <i data-origin="${origin}"></i>${ORIGIN_LABELS[origin]} <b>${count(size)}</b>
        <span>${percent(size, file_bytes)}</span>
      </li>`,
  );
  return html`<section aria-labelledby="origins-title">
    <h2 id="origins-title">Where the bytes come from</h2>
    <div class="bar" aria-hidden="true">${pieces}</div>
    <ul class="legend">
      ${legend}
    </ul>
  </section>`;
}
