import { isDeepStrictEqual } from "node:util";

/** A result that is not the one that the script has. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";

  constructor(what: string, expected: unknown, actual: unknown) {
    super(`${what}: expected ${show(expected)}, got ${show(actual)}`);
  }
}

/** @throws Mismatch unless both are deeply equal */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Mismatch(what, expected, actual);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
