/** A guest of this library and the runner that calls it, composed. */
import { join } from "node:path";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { changedGuest, component, compose } from "./components.js";

/** Paths of components. */
export interface ComposedPair {
  readonly callee: string;
  readonly runner: string;
  /** Both in one, a command. */
  readonly command: string;
}

/**
 * Builds `tests/guests/GUEST` and `tests/guests/GUEST-runner`.
 * @param name what the components' names begin with
 * @param change of the guest's source, to see a test fail; null for none
 */
export async function composedPair(
  guest: string,
  name: string,
  change: ((source: string) => string) | null,
  wait: WaitStrategy = "wait",
): Promise<ComposedPair> {
  const callee = await (change === null
    ? component(`${name}-callee`, { ...sources(guest), wait })
    : changedGuest(guest, `${name}-callee`, change, wait));
  const runner = await component(`${name}-runner`, { ...sources(`${guest}-runner`), wait });
  return { callee, runner, command: await compose(runner, callee, name) };
}

function sources(guest: string): { readonly entry: string; readonly wit: string } {
  const base = join(packageRoot, "tests", "guests", guest, guest);
  return { entry: `${base}.ts`, wit: `${base}.wit` };
}
