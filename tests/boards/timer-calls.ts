/** Guests that wait for time and for calls that are answered later, and what answers those. */
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import { build } from "../../tools/testing/testing.js";
import type { Value } from "../../tools/host/values/value.js";
import type { BoardCall } from "./remote-runs.js";

/** Nanoseconds. */
export const SECOND = 1_000_000_000n;

/** Builds the guest of a world of tests/guests/timers. */
export function timerGuest(
  world: "waiting" | "calling",
  more: Partial<Parameters<typeof build>[0]> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = join(packageRoot, "tests", "guests", "timers");
  return build({
    ...{ entry: join(folder, `${world}.ts`), wit: join(folder, "worlds.wit"), world, bindings: false },
    ...{ callPlaces: 2, ...(world === "calling" ? { arenaBytes: 128 } : {}), ...more },
  });
}

/** The computer's functions, which answer later, and what they were asked. */
export function later(asked: Value[]): NonNullable<BoardCall["functions"]> {
  const answering =
    (answer: (first: Value) => Value) =>
    (first: Value, milliseconds: Value): Value => {
      asked.push(first);
      return new Promise((resolve) =>
        setTimeout(() => {
          resolve(answer(first));
        }, milliseconds as number).unref(),
      ) as unknown as Value;
    };
  return {
    "test:timers/far#ask": answering((question) => `${question as string}?`),
    "test:timers/far#count": answering((a) => (a as bigint) * 2n),
  };
}

/** The answer to the second question is lost: meanwhile the first call has come to its end. */
export function losing(): (line: Buffer) => Buffer {
  let answers = 0;
  return (line) => (line.toString("latin1").startsWith("c00") && ++answers === 2 ? Buffer.alloc(0) : line);
}

/** Nothing comes over the line but orders. */
export function withoutItems(line: Buffer): Buffer {
  return line[0] === "i".charCodeAt(0) ? Buffer.alloc(0) : line;
}
