/** The budget file: what a guest may cost, and how to run it so that its cost can be measured. */
import { existsSync } from "node:fs";
import { UserError } from "../../errors/user-error.js";
import { readInput } from "../../files/read-input.js";
import { replaceFile } from "../../files/write-whole.js";
import { costPerItem } from "../item-cost.js";
import type { Report } from "../model.js";

/** A figure that a budget can limit. */
export interface BudgetFigure {
  readonly name: string;
  readonly what: string;
  /** What has to be measured for it. */
  readonly needs: "nothing" | "run" | "device";
  readonly of: (report: Report) => number | null;
}

/** All figures, in the order in which a budget lists them. */
export const BUDGET_FIGURES: readonly BudgetFigure[] = [
  {
    name: "bytes",
    what: "the file without custom sections",
    needs: "nothing",
    of: (report) => report.stripped_bytes,
  },
  { name: "file_bytes", what: "the whole file", needs: "nothing", of: (report) => report.file_bytes },
  { name: "code_bytes", what: "the code section", needs: "nothing", of: (report) => report.code_bytes },
  { name: "data_bytes", what: "the data section", needs: "nothing", of: (report) => report.data_bytes },
  {
    name: "linear_memory_bytes",
    what: "linear memory in use",
    needs: "nothing",
    of: (report) => report.linear_memory.used_bytes,
  },
  { name: "imports", what: "imports", needs: "nothing", of: (report) => report.imports.count },
  {
    name: "stack_bytes",
    what: "WAMR stack_size",
    needs: "nothing",
    of: (report) => report.stack.stack_bytes,
  },
  {
    name: "instructions_per_item",
    what: "wasm instructions that one more item takes",
    needs: "run",
    of: ({ run }) => (run && costPerItem(run)?.instructions_per_item) ?? null,
  },
  {
    name: "instructions_per_item_blocking",
    what: "the same when every copy blocks",
    needs: "run",
    of: ({ run }) => run?.steady?.blocking.instructions_per_item ?? null,
  },
  {
    name: "host_calls_per_item",
    what: "host calls that one more item takes",
    needs: "run",
    of: ({ run }) => (run && costPerItem(run)?.host_calls_per_item) ?? null,
  },
  {
    name: "allocations_per_item",
    what: "allocations per item",
    needs: "run",
    of: (report) => report.run?.allocations.steady_per_item?.count ?? null,
  },
  {
    name: "pool_bytes",
    what: "WAMR pool for one guest",
    needs: "device",
    of: (report) => report.device?.pool_bytes ?? null,
  },
  {
    name: "next_instance_bytes",
    what: "WAMR pool for each further guest",
    needs: "device",
    of: (report) => report.device?.next_instance_bytes ?? null,
  },
];

/** How to run the guest for its figures per item: the flags of `rill run`, files relative to the budget. */
export interface BudgetRun {
  /** Null for the only function that the guest exports. */
  readonly call: string | null;
  readonly in: readonly string[];
  readonly limit?: number;
}

/** A limit as it stands there: a figure, and by how many per cent it may be exceeded. */
export interface BudgetLimit {
  readonly base: number;
  readonly percent: number;
}

/** A budget as it stands in its file. */
export interface BudgetFile {
  readonly path: string;
  readonly limits: ReadonlyMap<string, BudgetLimit>;
  readonly run: BudgetRun | null;
  /**
   * Imports that the module may have: `MODULE`, or `MODULE FIELD`, with `*` for anything; null allows all.
   */
  readonly imports: readonly string[] | null;
  /** Interpreter for `pool_bytes`. */
  readonly device: string | null;
  /** Function bytes when the budget was written; tells which one grew. Null where the file has none. */
  readonly functions: Readonly<Record<string, number>> | null;
}

/** What is no more than an error of floating-point division, in hundredths. */
const ROUNDING = 1e-6;

interface RawBudget {
  version?: unknown;
  limits?: unknown;
  run?: unknown;
  imports?: unknown;
  device?: string | null;
  functions?: Record<string, number>;
}

/**
 * Reads a budget.
 * Errors: UserError when it is not there or not a budget
 */
export function readBudget(path: string): BudgetFile {
  if (!existsSync(path))
    throw new UserError(
      `${path}: there is no such budget file; write one with: rill budget CORE.wasm --update --file ${path}`,
    );
  const raw = parseBudget(path, readInput(path).toString("utf8"));
  if (raw?.version !== 1) throw new UserError(`${path} is not a budget of version 1`);
  const limits = new Map<string, BudgetLimit>();
  for (const [name, limit] of Object.entries((raw.limits ?? {}) as Record<string, unknown>)) {
    if (!BUDGET_FIGURES.some((figure) => figure.name === name)) {
      const known = BUDGET_FIGURES.map((figure) => figure.name).join(", ");
      throw new UserError(`${path}: unknown figure "${name}" in limits; the known ones are ${known}`);
    }
    limits.set(name, limitOf(path, name, limit));
  }
  return {
    path,
    limits,
    run: runOf(path, raw.run),
    imports: importsOf(path, raw.imports),
    device: raw.device ?? null,
    functions: raw.functions ?? null,
  };
}

const ALLOWANCE = /^(\d+(?:\.\d+)?) *\+ *(\d+(?:\.\d+)?) *%$/;

/** A number, or a number with so many per cent on top of it: `"1550 + 5 %"`. @throws UserError for neither */
function limitOf(path: string, name: string, limit: unknown): BudgetLimit {
  const allowed = typeof limit === "string" ? ALLOWANCE.exec(limit) : null;
  if (allowed) return { base: Number(allowed[1]), percent: Number(allowed[2]) };
  if (typeof limit === "number") return { base: limit, percent: 0 };
  throw new UserError(
    `${path}: the limit of "${name}" is not a number, nor a number with an allowance such as "1550 + 5 %"`,
  );
}

/** What a figure may be at most; hundredths count. */
export function mostOf({ base, percent }: BudgetLimit): number {
  return Math.floor(base * (100 + percent) + ROUNDING) / 100;
}

function parseBudget(path: string, text: string): RawBudget | null {
  try {
    return JSON.parse(text) as RawBudget | null;
  } catch (error) {
    throw new UserError(`${path} is not a budget: ${(error as Error).message}`);
  }
}

/** @throws UserError for a run that is none */
function runOf(path: string, run: unknown): BudgetRun | null {
  if (run === undefined || run === null) return null;
  const { call = null, in: inputs = [], limit } = run as Partial<BudgetRun>;
  const isCall = call === null || typeof call === "string";
  const areInputs = Array.isArray(inputs) && inputs.every((input) => typeof input === "string");
  if (isCall && areInputs && (limit === undefined || (Number.isSafeInteger(limit) && limit >= 0)))
    return { call, in: inputs, ...(limit !== undefined && { limit }) };
  throw new UserError(
    `${path}: "run" takes "call" (IFACE#FUNC), "in" (PARAM=FILE each) and "limit" (a number)`,
  );
}

/** @throws UserError for a list that is none */
function importsOf(path: string, imports: unknown): readonly string[] | null {
  if (imports === undefined || imports === null) return null;
  if (Array.isArray(imports) && imports.every((entry): entry is string => typeof entry === "string"))
    return imports;
  throw new UserError(`${path}: "imports" is a list of "MODULE" or "MODULE FIELD", with * for anything`);
}

/** A figure in a budget's precision: hundredths, rounded up. */
export function asBudgeted(value: number): number {
  return value === 0 ? 0 : Math.ceil(value * 100 - ROUNDING) / 100;
}

/**
 * Writes `report`'s figures as a budget; keeps how `before` runs the guest, and only figures that it limits.
 */
export function writeBudget(path: string, report: Report, before: BudgetFile | null): void {
  const wanted = (name: string): boolean => before === null || before.limits.has(name);
  const limits = BUDGET_FIGURES.flatMap(({ name, of }) => {
    const value = of(report);
    if (value === null || !wanted(name)) return [];
    const percent = before?.limits.get(name)?.percent ?? 0;
    const base = asBudgeted(value);
    return [[name, percent === 0 ? base : `${base} + ${percent} %`]];
  });
  const document = {
    version: 1,
    limits: Object.fromEntries(limits) as Record<string, number | string>,
    ...(before?.run ? { run: before.run } : {}),
    ...(before?.imports ? { imports: before.imports } : {}),
    ...(before?.device ? { device: before.device } : {}),
    functions: functionBytes(report),
  };
  // Short lists stay on their line, as formatters want them.
  const text = JSON.stringify(document, null, 2).replace(/\[\s+("[^"\]]*")\s+\]/g, "[$1]");
  replaceFile(path, `${text}\n`);
}

/** Bytes by function; a function without a name goes by its source, others of the same name add up. */
export function functionBytes(report: Report): Record<string, number> {
  const functions: Record<string, number> = {};
  for (const { name, source, bytes } of report.functions) {
    const key = name.startsWith("func[") && source !== null ? source : name;
    functions[key] = (functions[key] ?? 0) + bytes;
  }
  return functions;
}
