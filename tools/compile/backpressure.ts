/**
 * `rill build --backpressure`: a task raises backpressure when it begins and lowers it when it ends,
 * so a host that has several instances takes another one for the next call.
 *
 * Under strategy `wait` the host knows only that the instance is busy, and may have the next call wait.
 * A task that traps leaves backpressure up; nothing of its instance is used any more.
 * Spec: CanonicalABI.md, backpressure.inc and backpressure.dec
 */
import { UserError } from "../errors/user-error.js";
import { asyncLifted } from "../wit/canonical-names.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import type { World } from "../wit/model.js";
import { addImports, functionsOf, paramTypes, parseAll } from "./module-parts.js";
import { type Form, headOf, operands, parseForm, printForm } from "./passes/s-expression.js";

/** @throws UserError where it would change nothing */
export function refuseUnusedBackpressure(world: World, wait: "wait" | "callback" | undefined): void {
  if (wait === "callback")
    throw new UserError(
      "--backpressure is for --wait wait: with --wait callback backpressure is raised anyway while no further task fits; leave it out",
    );
  if (![...exportedFunctions(world).values()].some((func) => func.async))
    throw new UserError(
      `--backpressure: the world ${world.id} exports no async function, so there is no task; leave it out`,
    );
}

/** Name of the function that raises it. */
export const RAISE = "$rill_backpressure_inc";
/** Name of the one that lowers it. */
export const LOWER = "$rill_backpressure_dec";

/** Their imports. */
export const BACKPRESSURE_IMPORTS = `
(import "$root" "[backpressure-inc]" (func ${RAISE}))
(import "$root" "[backpressure-dec]" (func ${LOWER}))`;

/** The module of strategy `wait` in which each task does so, not optimised. */
export function raiseBackpressure(text: string): string {
  const module = parseForm(text);
  const tasks = operands(module).filter(
    (form) =>
      headOf(form) === "export" && asyncLifted(JSON.parse(form.items[1] as string) as string) !== null,
  );
  const functions = tasks.flatMap((lift, index) => aroundTask(module, lift, index));
  addImports(module, BACKPRESSURE_IMPORTS);
  module.items.push(...functions);
  return printForm(module);
}

/** Has the export name a function around the one that it named. */
function aroundTask(module: Form, lift: Form, index: number): Form[] {
  const [exported] = operands(lift);
  const task = exported!.items[1] as string;
  const types = paramTypes(functionsOf(module).get(task)!);
  const around = `$~lib/as-rill/backpressure/lift${index}`;
  exported!.items[1] = around;
  return parseAll(`
(func ${around} ${types.map((type, i) => `(param $${i} ${type})`).join(" ")} (result i32)
  (call ${RAISE})
  (call ${task} ${types.map((_, i) => `(local.get $${i})`).join(" ")})
  (call ${LOWER}))`);
}
