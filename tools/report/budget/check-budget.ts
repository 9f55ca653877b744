/** Holds a report against a budget. */
import { figure } from "../forms/format.js";
import type { BudgetCheck, BudgetOutcome, Report } from "../model.js";
import { asBudgeted, BUDGET_FIGURES, type BudgetFile, functionBytes, mostOf } from "./budget-file.js";

const MOST_GROWN = 5;

/** Checks every figure that `budget` limits. A figure that was not measured has not passed. */
export function checkBudget(report: Report, budget: BudgetFile): BudgetOutcome {
  const grown = grownFunctions(report, budget);
  const checks = BUDGET_FIGURES.filter(({ name }) => budget.limits.has(name)).map<BudgetCheck>(
    ({ name, of }) => {
      const limit = mostOf(budget.limits.get(name)!);
      const value = of(report);
      const actual = value === null ? null : asBudgeted(value);
      const passed = actual !== null && actual <= limit;
      return { name, limit, actual, passed, grown: !passed && countsCode(name) ? grown : [] };
    },
  );
  const imports = budget.imports && {
    allowed: budget.imports,
    denied: deniedImports(report, budget.imports),
  };
  return {
    path: budget.path,
    passed: checks.every(({ passed }) => passed) && (imports === null || imports.denied.length === 0),
    imports,
    names_functions: budget.functions !== null,
    checks,
  };
}

/** One line a failed check: by how much, and which functions grew. */
export function describeFailure(outcome: BudgetOutcome): string {
  const failed = outcome.checks.filter(({ passed }) => !passed);
  const lines = failed.map(({ name, limit, actual, grown }) => {
    if (actual === null) return `  ${name}: not measured; ${howToMeasure(name)}`;
    const by = grown.length > 0 ? `; grown: ${grown.map((g) => `${g.function} +${g.by} B`).join(", ")}` : "";
    return `  ${name}: ${figure(actual)}, budget ${figure(limit)}: ${figure(actual - limit)} over${by}`;
  });
  if (!outcome.names_functions && failed.some(({ name }) => countsCode(name)))
    lines.push(
      "  The budget does not say how large functions were, so none is blamed; --update writes it down.",
    );
  const denied = outcome.imports?.denied ?? [];
  if (denied.length > 0) {
    const list = denied.map((name) => `    ${name}`);
    lines.push("  imports that the budget does not allow:", ...list);
    if (failed.length === 0)
      return [
        `the budget ${outcome.path} is broken`,
        ...lines,
        `Do without them, or add them to "imports" in ${outcome.path}`,
      ].join("\n");
  }
  const advice = `Make it smaller, or accept the new figures with: rill budget CORE.wasm --update --file ${outcome.path}`;
  return [`the budget ${outcome.path} is exceeded`, ...lines, advice].join("\n");
}

/** Imports that no entry of `allowed` covers: `MODULE` covers all of a module, `*` any text. */
function deniedImports({ imports }: Report, allowed: readonly string[]): string[] {
  const patterns = allowed.map((entry) => {
    const parts = entry.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s");
  });
  return imports.entries.flatMap(({ module, field }) => {
    const name = `${module} ${field}`;
    return patterns.some((pattern) => pattern.test(name) || pattern.test(module)) ? [] : [name];
  });
}

function howToMeasure(name: string): string {
  const needs = BUDGET_FIGURES.find((entry) => entry.name === name)?.needs;
  if (needs === "device") return "pass --device";
  if (needs === "run") return 'give the budget a "run" (call, in), or pass --run';
  return "this binary does not tell (the stack has no bound)";
}

/** Whether functions that grew can be why the figure did. */
function countsCode(name: string): boolean {
  return ["bytes", "file_bytes", "code_bytes"].includes(name) || name.startsWith("instructions_per_item");
}

/** Functions that grew since the budget was written; none where it does not say how large they were. */
function grownFunctions(report: Report, { functions }: BudgetFile): BudgetCheck["grown"] {
  if (functions === null) return [];
  const before = joinUnnamed(functions);
  return Object.entries(joinUnnamed(functionBytes(report)))
    .map(([name, bytes]) => ({ function: name, by: bytes - (before[name] ?? 0) }))
    .filter(({ by }) => by > 0)
    .sort((x, y) => y.by - x.by)
    .slice(0, MOST_GROWN);
}

/**
 * Functions without names go by their numbers, which are others as soon as one
 * is added: they are compared together.
 */
function joinUnnamed(functions: Readonly<Record<string, number>>): Record<string, number> {
  const joined: Record<string, number> = {};
  for (const [name, bytes] of Object.entries(functions)) {
    const key = /^func\[\d+\]$/.test(name) ? "functions without names" : name;
    joined[key] = (joined[key] ?? 0) + bytes;
  }
  return joined;
}
