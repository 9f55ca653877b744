/**
 * The most that a guest may cost, in the form of `Figures`, and other figures of the
 * bench: `budgets.json`, an object for each.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../tools/package-root.js";

/** Limits by figure; nested as the figures are. */
export interface Budget {
  readonly [figure: string]: number | Budget;
}

/** A figure that is over its limit, or that has a limit and was not measured. */
export interface Excess {
  readonly guest: string;
  readonly figure: string;
  readonly limit: number;
  readonly measured: number | null;
}

/** The committed budgets, by guest. */
export function readBudgets(): Readonly<Record<string, Budget>> {
  const text = readFileSync(join(packageRoot, "bench", "budgets.json"), "utf8");
  return JSON.parse(text) as Record<string, Budget>;
}

/** Figures, nested or not, of what has a name among the budgets: a guest, or what else the bench measures. */
export interface Named {
  readonly guest: string;
}

/** Every limit that `figures` break. A guest without a budget is a mistake of this repository's. */
export function excesses(figures: Named, budgets: Readonly<Record<string, Budget>>): Excess[] {
  const budget = budgets[figures.guest];
  if (!budget) throw new Error(`bench/budgets.json has no budget for ${figures.guest}`);
  return compare(figures.guest, "", budget, figures as unknown as Measured);
}

type Measured = Readonly<Record<string, unknown>>;

function compare(guest: string, prefix: string, budget: Budget, measured: Measured | null): Excess[] {
  return Object.entries(budget).flatMap(([name, limit]) => {
    const value = measured?.[name] ?? null;
    if (typeof limit !== "number")
      return compare(guest, `${prefix}${name}.`, limit, value as Measured | null);
    const number = typeof value === "number" ? value : null;
    if (number !== null && number <= limit) return [];
    return [{ guest, figure: prefix + name, limit, measured: number }];
  });
}
