/** An option that several commands share is declared in `shared-options.ts` alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { trackedFiles } from "./tracked-files.js";

const SHARED = "tools/commands/shared-options.ts";
const DECLARED = /(?:ption|new Option)\(\s*"(--[\w-]+)/g;

test("no command declares a shared option itself", () => {
  const flags = trackedFiles(/^tools\/commands\/.*\.ts$/).flatMap(({ path, text }) =>
    [...text.matchAll(DECLARED)].map(([, flag]) => ({ path, flag: flag! })),
  );
  const shared = flags.filter(({ path }) => path === SHARED).map(({ flag }) => flag);
  assert.ok(shared.includes("--call"));
  assert.deepEqual(
    flags.filter(({ path, flag }) => path !== SHARED && shared.includes(flag)),
    [],
  );
});
