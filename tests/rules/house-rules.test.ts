import assert from "node:assert/strict";
import { test } from "node:test";
import { trackedFiles, type TrackedFile } from "./tracked-files.js";
import { otherDialect } from "./c-comments.js";
import { brokenContracts } from "./c-contracts.js";
import { undocumented } from "./undocumented.js";
import { unmarkedUnsafe } from "./unmarked-unsafe.js";
import { unexplainedSteps } from "./unsafe-steps.js";
import { wideComments } from "./wide-comments.js";

const LONGEST_FILE = 600;
const WIDEST_COMMENT = 110;
const guestLibrary = trackedFiles(/^(?:assembly|spec|wasi)\/.*\.ts$/);
const tools = trackedFiles(/^tools\/.*\.ts$/);
const code = trackedFiles(/\.(?:ts|js|mjs|c|h|py|sh|wat|wit)$/);

/** Every finding of `rule` in `files`, as `path:line: what`. */
function findings(files: readonly TrackedFile[], rule: (path: string, text: string) => string[]): string[] {
  return files.flatMap(({ path, text }) => rule(path, text).map((finding) => `${path}:${finding}`));
}

/** Fails with the list, one finding a line. */
function assertNone(list: readonly string[]): void {
  assert.equal(list.length, 0, `\n${list.join("\n")}`);
}

test("there are files to judge", () => {
  assert.ok(guestLibrary.length > 3 && tools.length > 20 && code.length > 40);
});

test("every unsafe step of the guest library has a SAFETY: line within reach", () => {
  assertNone(findings(guestLibrary, unexplainedSteps));
});

test("all that takes an address or a table in the guest library is marked unsafe, and says what its caller must do", () => {
  // What tells the gate of addresses only looks at them.
  const files = guestLibrary.filter(({ path }) => path !== "assembly/check.ts");
  assertNone(findings(files, unmarkedUnsafe));
});

test("every exported declaration of the guest library and the tools has a doc comment", () => {
  assertNone(findings([...guestLibrary, ...tools], undocumented));
});

test(`no comment is wider than ${WIDEST_COMMENT} columns`, () => {
  // The text of bindings is the generator's.
  const own = trackedFiles(/\.(?:ts|js|mjs)$/).filter(
    ({ path }) => !/^pairs\/|golden\/|bindings\//.test(path),
  );
  assertNone(findings(own, (path, text) => wideComments(path, text, WIDEST_COMMENT)));
});

test(`no file is longer than ${LONGEST_FILE} lines`, () => {
  // What `wit/` holds is WASI's, unmodified, and the text of bindings is the generator's.
  const own = code.filter(({ path }) => !/^wit\/|golden\/|bindings\//.test(path));
  const long = own.filter(({ text }) => text.split("\n").length - 1 > LONGEST_FILE);
  assertNone(long.map(({ path }) => path));
});

test("no file names a folder of one machine or a registry", () => {
  // Written in pieces, so that this file does not find itself.
  const places = [
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "\\.\\./sha" + "red",
    "registry\\." + "npmjs",
    "pypi\\." + "org",
  ];
  const pattern = new RegExp(places.join("|"));
  const text = trackedFiles(
    /(?<!package-lock)\.(?:ts|js|mjs|json|c|h|py|sh|wat|wit|txt|md|toml|cmake|html)$|Makefile$|run$/,
  );
  const lines = (_path: string, content: string): string[] =>
    content
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${index + 1}: ${line.trim()}`] : []));
  assertNone(findings(text, lines));
});

test("the lock file's packages come from no other place than the public registry, each with its sum", () => {
  const [lock] = trackedFiles(/^package-lock\.json$/);
  const { packages } = JSON.parse(lock!.text) as {
    packages: Record<string, { resolved?: string; integrity?: string }>;
  };
  // as-rill itself is in node_modules as a link, so that `npx asc` finds it by its name.
  const own = ["", "node_modules/as-rill"];
  const all = Object.entries(packages).filter(([path]) => !own.includes(path));
  assert.ok(all.length > 100, `${all.length} packages`);
  // Without `resolved` a package comes from the registry that npm is set to; the
  // sum says that it is the same one.
  const place = "https://registry." + "npmjs.org/";
  const isKept = ({ resolved = place, integrity = "" }: { resolved?: string; integrity?: string }): boolean =>
    resolved.startsWith(place) && integrity.startsWith("sha512-");
  assertNone(all.filter(([, item]) => !isKept(item)).map(([path]) => path));
});

test("the C has one dialect of comments", () => {
  assertNone(findings(trackedFiles(/\.[ch]$/), otherDialect));
});

test("every function of the C host's public headers has its contract", () => {
  const headers = trackedFiles(/^c\/(?:host|parts|wamr)\/rill_(?!internal)\w+\.h$/);
  const sources = trackedFiles(/^c\/(?:host|parts|wamr)\/\w+\.c$/).map(({ text }) => text);
  assert.ok(headers.length > 7);
  assertNone(findings(headers, (_path, text) => brokenContracts(text, [text, ...sources])));
});

test("the C host has no heap of its own", () => {
  const heap = /\b(?:malloc|calloc|realloc|free|strdup|alloca)\s*\(/;
  const lines = (_path: string, content: string): string[] =>
    content.split("\n").flatMap((line, index) => (heap.test(line) ? [`${index + 1}: ${line.trim()}`] : []));
  assertNone(findings(trackedFiles(/(?:^|\/)rill_[a-z_]+\.[ch]$/), lines));
});
