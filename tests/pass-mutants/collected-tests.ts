/** Stands for `node:test` in test files that are witnesses: their tests are kept, to be run many times. */

const tests: (() => unknown)[] = [];

/** Keeps a test. */
export function test(_name: string, body: () => unknown): void {
  tests.push(body);
}

/** The tests of the files that were imported since the last call. */
export function takeTests(): readonly (() => unknown)[] {
  return tests.splice(0);
}
