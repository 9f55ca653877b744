/**
 * What tools that others wrote say of a module: wasm-tools objdump of its sections, V8 of its imports and
 * exports, wasm-objdump of WABT of its functions (wasm-tools dump, where a module has what WABT does not
 * read).
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Report } from "../../tools/report/model.js";

/** objdump's plural of each section's name. */
const OBJDUMP_NAMES: Readonly<Record<string, string>> = {
  type: "types",
  import: "imports",
  function: "functions",
  table: "tables",
  memory: "memories",
  global: "globals",
  export: "exports",
  element: "elements",
  datacount: "data count",
  tag: "tags",
};

/**
 * The sections of `report`, which is of the module at `path`, are objdump's, to the byte.
 * @param tool path of wasm-tools
 */
export function sectionsAgree(tool: string, path: string, report: Report): void {
  const text = outputOf(tool, "objdump", path);
  const theirs = [...text.matchAll(/^\s*(\S.*?)\s+\|.*\|\s+(\d+) bytes/gm)].map(
    ([, name, bytes]) => `${name!} ${bytes!}`,
  );
  const ours = report.sections.map(({ id, name, payload_bytes: bytes }) => {
    return id === 0 ? `custom ${JSON.stringify(name)} ${bytes}` : `${OBJDUMP_NAMES[name] ?? name} ${bytes}`;
  });
  assert.ok(theirs.length > 0, text);
  assert.deepEqual(ours, theirs, path);
}

/**
 * The functions of `report` are those of WABT, each by its number, to the byte.
 * @param tool path of wasm-objdump
 */
export function functionsAgree(tool: string, path: string, report: Report): void {
  const text = outputOf(tool, "-x", "-j", "Code", path);
  const theirs = [...text.matchAll(/^ - func\[(\d+)\] size=(\d+)/gm)].map(([, index, bytes]) => [
    Number(index),
    Number(bytes),
  ]);
  const ours = report.functions.map(({ index, body_bytes: bytes }) => [index, bytes]);
  assert.deepEqual(ours, theirs, path);
}

/** The imports, with the bytes of their names, and the exports of `report` are those that V8 lists. */
export function namesAgree(path: string, { imports, exports }: Report): void {
  const module = new WebAssembly.Module(readFileSync(path));
  const theirs = WebAssembly.Module.imports(module);
  assert.equal(imports.count, theirs.length, path);
  assert.deepEqual(
    imports.entries.map(({ module: from, field, name_bytes: bytes }) => [from, field, bytes]),
    theirs.map(({ module: from, name }) => [from, name, nameBytes(from) + nameBytes(name)]),
    path,
  );
  assert.equal(
    imports.name_bytes,
    imports.entries.reduce((total, { name_bytes: bytes }) => total + bytes, 0),
  );
  assert.deepEqual(
    exports.map(({ name }) => name),
    WebAssembly.Module.exports(module).map(({ name }) => name),
  );
}

/**
 * A name as it stands in the file: its UTF-8 bytes behind their number, which is a byte
 * up to 127 and two for all others here.
 */
function nameBytes(name: string): number {
  const { length } = new TextEncoder().encode(name);
  return length + (length < 128 ? 1 : 2);
}

/**
 * The functions of `report` in their order, as wasm-tools dumps them; its text is many times the module.
 * @param tool path of wasm-tools
 */
export function dumpedFunctionsAgree(tool: string, path: string, report: Report): void {
  const lines = outputOf(tool, "dump", path).matchAll(/\| ((?:[0-9a-f]{2} )+) *\| size of function/g);
  const theirs = [...lines].map(([, leb]) => valueOf(leb!.trim().split(" ")));
  assert.deepEqual(
    report.functions.map(({ body_bytes: bytes }) => bytes),
    theirs,
    path,
  );
}

function valueOf(leb: readonly string[]): number {
  return leb.reduceRight((value, byte) => value * 0x80 + (parseInt(byte, 16) & 0x7f), 0);
}

function outputOf(tool: string, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(tool, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  return stdout;
}
