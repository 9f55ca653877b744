/** Budget, allocation paths, stack and device: what a reviewer asks about. */
import type { DeviceRam, Report } from "../../model.js";
import { count, figure, signed } from "../../forms/format.js";
import {
  allocationSentence,
  boardCyclesText,
  boardMeanText,
  allocationTone,
  BLOCK_CACHE_HEAD,
  capitalized,
  deviceRows,
  nativeRows,
  nativeStack,
  stackSentence,
  measuredOf,
  measuredText,
  stackSteps,
  worstCaseText,
} from "../../forms/verdicts.js";
import { html, type Markup } from "../markup.js";
import { linkedText, sourceLink } from "../source-link.js";
import { dataTable, number } from "./tables.js";

const MOST_PATHS = 100;

/** Whether the guest fits a board: a bar for each kind of room. */
export function fitSection({ fit }: Report): Markup | null {
  if (!fit) return null;
  const rows = (["ram", "flash", "images"] as const).map((kind) => {
    const { available, used } = fit[kind];
    const left = available - used;
    return html`<li class="${left >= 0 ? "good" : "bad"}">
      <p>
        <b>${{ ram: "RAM", flash: "Flash", images: "Flash for images" }[kind]}</b>
        <span>${count(used)} of ${count(available)} bytes</span>
        <em>${left >= 0 ? `${count(left)} left` : `${count(-left)} too many`}</em>
      </p>
      <div class="gauge" aria-hidden="true">
        <i style="width:${Math.min(100, (used / available) * 100).toFixed(1)}%"></i>
      </div>
    </li>`;
  });
  const errors = fit.guests.flatMap(({ name, error }) =>
    error === null ? [] : [html`<p class="verdict bad">${name}: ${error}.</p>`],
  );
  return html`<section aria-labelledby="fit-title">
    <h2 id="fit-title">Fit on ${fit.board}</h2>
    <p class="verdict ${fit.fits ? "good" : "bad"}">${fit.fits ? "Fits" : "Does not fit"}.</p>
    ${errors}
    <ul class="budget">
      ${rows}
    </ul>
  </section>`;
}

/** Every budgeted figure as a bar against its limit. */
export function budgetSection({ budget }: Report): Markup | null {
  if (!budget) return null;
  const rows = budget.checks.map(({ name, limit, actual, passed, grown }) => {
    const used =
      actual === null || limit === 0
        ? actual
          ? 100
          : 0
        : Math.min(100, (actual / Math.max(limit, actual)) * 100);
    const mark = actual !== null && actual > limit ? (limit / actual) * 100 : 100;
    const by = grown.map((entry) => html`<li><code>${entry.function}</code> ${signed(entry.by)}</li>`);
    const verdict =
      actual === null
        ? "not measured"
        : passed
          ? actual === limit
            ? "at the limit"
            : `${figure(limit - actual)} left`
          : `${figure(actual - limit)} over`;
    return html`<li class="${passed ? "good" : "bad"}">
      <p>
        <b>${name}</b> <span>${actual === null ? "–" : figure(actual)} of ${figure(limit)}</span>
        <em>${verdict}</em>
      </p>
      <div class="gauge" aria-hidden="true">
        <i style="width:${used.toFixed(1)}%"></i><u style="left:${mark.toFixed(1)}%"></u>
      </div>
      ${
        by.length > 0
          ? html`<ul class="grown">
              ${by}
            </ul>`
          : null
      }
    </li>`;
  });
  return html`<section aria-labelledby="budget-title">
    <h2 id="budget-title">Budget</h2>
    <p class="note">${budget.path}</p>
    ${budget.imports?.denied.map((name) => html`<p class="verdict bad">Import that is not allowed: <code>${name}</code></p>`)}
    <ul class="budget">
      ${rows}
    </ul>
  </section>`;
}

/** The verdict, its evidence, why nobody can say, and the way from each export to the allocation. */
export function allocationSection(report: Report): Markup {
  const { paths, evidence, reasons, verdict, leading } = report.allocation;
  const shown = paths.slice(0, MOST_PATHS).map(({ export: name, chain, kind, source }) => {
    const steps = chain.map(
      (step) =>
        html`<li>
          <code>${step.function}</code
          >${step.source ? html` <span>${sourceLink(report, step.source)}</span>` : null}
        </li>`,
    );
    return html`<details>
      <summary><code>${name}</code> <span>${count(chain.length)} calls to ${kind}</span></summary>
      <ol class="chain">
        ${steps}
        <li class="end">${kind}${source ? html` <span>${sourceLink(report, source)}</span>` : null}</li>
      </ol>
    </details>`;
  });
  const doubtful = verdict === "found" ? [] : reasons;
  const rows = doubtful.map(({ kind, name, why, source }) => [
    kind,
    html`<code>${name}</code>`,
    why,
    html`<code>${sourceLink(report, source)}</code>`,
  ]);
  return html`<section aria-labelledby="allocation-title">
    <h2 id="allocation-title">Allocation</h2>
    <p class="verdict ${allocationTone(report.allocation)}">${sentence(allocationSentence(report))}</p>
    <ul class="evidence">
      ${evidence.map((line) => html`<li>${line}</li>`)}
    </ul>
    ${rows.length > 0 ? dataTable("reasons", [["Kind"], ["Name"], ["Why nobody can say"], ["Source"]], rows) : null}
    ${shown}
    ${leading > shown.length ? html`<p class="note">${count(leading - shown.length)} more exports lead to an allocation.</p>` : null}
  </section>`;
}

/** The stack as a waterfall: each bar begins where the one before ends, and the last is the whole. */
export function stackSection(report: Report): Markup {
  const { stack } = report;
  const whole = Math.max(1, stack.stack_bytes ?? 0);
  const width = (size: number): string => `${((size / whole) * 100).toFixed(2)}%`;
  const steps = stackSteps(stack).map(
    ({ what, bytes, total, kind }) =>
      html`<li>
        <code>${what}</code
        ><span class="fall" aria-hidden="true"
          ><i data-step="${kind}" style="margin-left:${width(total - bytes)};width:${width(bytes)}"></i></span
        ><b>${count(bytes)}</b>
      </li>`,
  );
  const sum = html`<li class="sum">
    <span>stack_size</span
    ><span class="fall" aria-hidden="true"><i data-step="sum" style="width:100%"></i></span
    ><b>${count(whole)}</b>
  </li>`;
  const roots = stack.roots
    .slice(0, MOST_PATHS)
    .map((root) => [html`<code>${root.export}</code>`, number(root.stack_bytes)]);
  const operands = stack.operand_cells;
  return html`<section aria-labelledby="stack-title">
    <h2 id="stack-title">Stack</h2>
    <p class="verdict ${stack.stack_bytes === null ? "bad" : "good"}">${sentence(stackSentence(report))}</p>
    ${operands ? html`<p class="note">Deepest operand stack: ${operands.cells} cells of 4 bytes in <code>${operands.function}</code>.</p>` : null}
    ${
      stack.recursion.length > 0
        ? html`<ol class="chain">
            ${[...stack.recursion, stack.recursion[0]!].map((name) => html`<li><code>${name}</code></li>`)}
          </ol>`
        : null
    }
    ${
      steps.length > 0
        ? html`<h3>Where the bytes of the deepest chain go</h3>
            <ol class="frames">
              ${steps}${sum}
            </ol>`
        : null
    }
    ${roots.length > 0 ? dataTable("stack", [["Export"], ["Stack bytes", "number"]], roots) : null}
  </section>`;
}

/** The most that an item of each exported function can take, beside what was measured. */
export function worstCaseSection(report: Report): Markup | null {
  if (report.worst_cases.length === 0) return null;
  const list = report.worst_cases.map((worst) => {
    const measured = measuredOf(report, worst);
    const lines = [measured && measuredText(measured), boardCyclesText(worst), boardMeanText(worst)];
    return html`<p class="verdict ${worst.instructions === null ? "unsure" : "good"}">
        <code>${worst.export}</code>:
        ${linkedText(report, worstCaseText(worst), [worst.loop, ...worst.obstacles.map(({ source }) => source)])}.
      </p>
      ${lines.map((line) => (line === null ? null : html`<p class="note">${capitalized(line)}.</p>`))}`;
  });
  return html`<section aria-labelledby="worst-case-title">
    <h2 id="worst-case-title">How long it can take</h2>
    ${list}
  </section>`;
}

/** The guest as C on a core. */
export function nativeSection({ native }: Report): Markup | null {
  if (!native) return null;
  const rows = nativeRows(native).map(([name, value]) => [
    capitalized(name),
    value === null ? "open" : number(value),
  ]);
  return html`<section aria-labelledby="native-title">
    <h2 id="native-title">As C, without an interpreter</h2>
    <p class="note">Compiled for ${native.cpu}: ${native.compiler}.</p>
    ${dataTable("native", [["What"], ["Bytes", "number"]], rows)}
    <p class="note">The deepest chain: ${nativeStack(native)}.</p>
  </section>`;
}

/** RAM measured on WAMR. */
export function deviceSection({ device }: Report): Markup | null {
  if (!device) return null;
  const rows = deviceRows(device).map(([name, value]) => [capitalized(name), number(value)]);
  const fits = device.fits.map(
    ({ kib, guests }) =>
      html`<li class="card">
        <h2>${kib} KiB</h2>
        <p class="value">${count(guests)}</p>
        <p class="note">guests</p>
      </li>`,
  );
  return html`<section aria-labelledby="device-title">
    <h2 id="device-title">RAM on the device</h2>
    <p class="note">Measured on ${device.interpreter}, ${device.word_bits}-bit.</p>
    ${dataTable("device", [["What"], ["Bytes", "number"]], rows)}
    <ul class="cards small">
      ${fits}
    </ul>
    ${device.block_caches.length === 0 ? null : blockCaches(device)}
  </section>`;
}

function blockCaches({ block_caches: caches }: DeviceRam): Markup {
  const rows = caches.map(({ places, exec_env_bytes: bytes, instructions }) => [
    number(places),
    number(bytes),
    instructions === null ? "-" : number(instructions),
  ]);
  return dataTable(
    "block-caches",
    BLOCK_CACHE_HEAD.map((head) => [head, "number"] as const),
    rows,
  );
}

function sentence(text: string): string {
  return `${capitalized(text)}.`;
}
