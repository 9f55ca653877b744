/** Stands for `node:test` in test files that are witnesses: what they register is kept for many runs. */

type Body = (context: object) => unknown;

/** What a test file is made of. */
export interface Collected {
  readonly before: Body[];
  readonly tests: Body[];
  readonly after: Body[];
}

let collected: Collected = { before: [], tests: [], after: [] };

/** Keeps a test; what asks another program whether a component is valid has no say here. */
export function test(name: string, body: Body): void {
  if (!/wasm-tools|valid/.test(name)) collected.tests.push(body);
}

/** Keeps what comes before the tests. */
export function before(body: Body): void {
  collected.before.push(body);
}

/** Keeps what comes after them. */
export function after(body: Body): void {
  collected.after.push(body);
}

/** All that was registered since the last call. */
export function takeTests(): Collected {
  const taken = collected;
  collected = { before: [], tests: [], after: [] };
  return taken;
}
