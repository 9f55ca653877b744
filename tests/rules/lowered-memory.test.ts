/**
 * What chooses where lowered memory lies is behind one seam: who may move the
 * arena's current region, or take from it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type TrackedFile, trackedFiles } from "./tracked-files.js";

/**
 * Of the library: the functions that choose, and the files that import them to
 * call them; `bindings.ts` passes them on.
 */
const CHOOSERS: Readonly<Record<string, readonly string[]>> = {
  useRegion: ["assembly/landing.ts"],
  currentRegion: ["assembly/landing.ts"],
  takeBlock: ["assembly/runtime.ts", "assembly/task/kept-params.ts"],
  enterRegion: [],
  leaveRegion: [],
  useTaskRegion: [],
  reallocBlock: [],
  beginTask: [],
  endTask: [],
  beginCall: [],
  endCall: [],
  beginLanding: ["assembly/future/arena-reader.ts", "assembly/stream/arena-reader.ts"],
  beginCallLanding: ["assembly/task/arena-subtask.ts"],
  noteCallLanding: ["assembly/task/arena-subtask.ts"],
};

/** Of the generator: who prints calls of them. */
const PRINTERS: Readonly<Record<string, string>> = {
  beginTask: "tools/bindgen/entry/memory-use.ts",
  endTask: "tools/bindgen/entry/memory-use.ts",
  beginCall: "tools/bindgen/entry/memory-use.ts",
  endCall: "tools/bindgen/entry/memory-use.ts",
  useTaskRegion: "tools/bindgen/entry/memory-use.ts",
  reallocBlock: "tools/bindgen/entry/memory-use.ts",
  enter_region: "tools/bindgen/functions/kept-params.ts",
  leave_region: "tools/bindgen/functions/kept-params.ts",
  takeBlock: "tools/bindgen/types/class-members.ts",
};

/** The files of `sources` in which `pattern` finds `name`. */
function users(sources: readonly TrackedFile[], pattern: (name: string) => RegExp, name: string): string[] {
  return sources.filter(({ text }) => pattern(name).test(text)).map(({ path }) => path);
}

test("in the library, the arena's region is moved and taken from in a few named places", () => {
  const sources = trackedFiles(/^assembly\/.*\.ts$/);
  assert.ok(sources.length > 20);
  const imported = (name: string): RegExp => new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from`);
  for (const [name, files] of Object.entries(CHOOSERS))
    assert.deepEqual(users(sources, imported, name), files, name);
});

test("in the generator, one file prints each of the calls", () => {
  const sources = trackedFiles(/^tools\/bindgen\/.*\.ts$/);
  assert.ok(sources.length > 20);
  const called = (name: string): RegExp => new RegExp(`["\`\\s]${name}\\(`);
  for (const [name, file] of Object.entries(PRINTERS))
    assert.deepEqual(users(sources, called, name), [file], name);
});
