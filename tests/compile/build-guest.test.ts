/** `rill build`: what it writes, what it proves, and what it says about bad input. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { CheckFailure, UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import { doubleSource, doubleWit, writeGuest } from "./sample-guests.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-build-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const plain = doubleSource("if (!output.writeOne(input.value * 2)) break;");

function build(
  name: string,
  source: string,
  more: { wit?: string; world?: string; component?: boolean } = {},
): ReturnType<typeof buildGuest> {
  return buildGuest({
    entry: writeGuest(folder, name, source),
    wit: doubleWit,
    outDir: join(folder, name, "out"),
    ...more,
  });
}

test("a core module, its source map and a component; the module says what world it is of", async () => {
  const built = await build("plain", plain, { component: true });
  assert.deepEqual(readdirSync(join(folder, "plain", "out")).sort(), [
    "plain.component.wasm",
    "plain.core.wasm",
    "plain.core.wasm.map",
  ]);
  assert.equal(decodeComponentType(readFileSync(built.corePath))?.id, "my:test/w");
  const map = JSON.parse(readFileSync(built.sourceMapPath, "utf8")) as { sources: string[] };
  assert.ok(map.sources.includes("plain.ts"));
});

test("building again gives the same bytes", async () => {
  const first = readFileSync((await build("same", plain)).corePath);
  const second = readFileSync((await build("same", plain)).corePath);
  assert.ok(first.equals(second));
});

/** Expects a failure that writes nothing and whose message matches. */
async function fails(
  name: string,
  source: string,
  kind: typeof UserError | typeof CheckFailure,
  message: RegExp,
  more = {},
): Promise<void> {
  await assert.rejects(build(name, source, more), (error: Error) => {
    assert.ok(error instanceof kind, `${error.name}: ${error.message}`);
    assert.match(error.message, message);
    return true;
  });
  assert.equal(existsSync(join(folder, name, "out")), false, "something was written");
}

test("a guest that allocates: the proof names the function and the line", async () => {
  const source = doubleSource(
    "const two = new StaticArray<u32>(1); two[0] = input.value; output.writeOne(two[0] + seven());",
    "@inline function seven(): u32 { return 7; }",
  );
  await fails("allocates", source, CheckFailure, /\[(memory-grow|allocator)\]/);
  await fails("allocates-line", source, CheckFailure, /allocates-line\.ts:7:17: `new StaticArray` allocates/);
});

test("memory.grow in a guest's own code", async () => {
  const source = doubleSource("memory.grow(1); output.writeOne(1);");
  await fails("grows", source, CheckFailure, /grows\.ts:7:5: memory\.grow is in the binary/);
});

test("an import that no host provides", async () => {
  const source = doubleSource(
    "output.writeOne(secret());",
    '@external("env", "secret") declare function secret(): u32;',
  );
  await fails(
    "imports",
    source,
    CheckFailure,
    /imports\.ts:7:21: this needs the import env secret, which no host of this world provides/,
  );
});

test("a global that WAMR would take for a stack pointer is built so that it does not", async () => {
  const source = doubleSource("count += 1; output.writeOne(count);", "let count: u32 = 1;");
  const { corePath } = await build("global", source);
  const module = new WebAssembly.Module(readFileSync(corePath));
  assert.ok(WebAssembly.Module.exports(module).some(({ name }) => name === "__heap_base"));
});

test("a guest without the function", async () => {
  await fails(
    "missing",
    "export function other(): void {}\n",
    UserError,
    /missing\.ts: no exported function takes a double\.Task.*export function run\(task: double\.Task\): void/,
  );
});

test("two functions for one", async () => {
  await fails(
    "twice",
    `${plain}\nexport function again(task: double.Task): void {}\n`,
    UserError,
    /twice\.ts:\d+: run and again both take a double\.Task/,
  );
});

test("a function whose signature does not fit", async () => {
  await fails(
    "shape",
    plain.replace("): void {", "): u32 {").replace(/}\n$/, "  return 1;\n}\n"),
    UserError,
    /shape\.ts:3: run does not fit `double`/,
  );
});

test("a source that does not compile: asc's own words, with the place", async () => {
  await fails("typo", doubleSource("output.writeTwo(1);"), UserError, /writeTwo[\s\S]*typo\.ts\(7,12\)/);
});

test("a source that does not parse", async () => {
  await fails("syntax", "export function run( {\n", UserError, /syntax\.ts:1:20: Identifier expected/);
});

test("an element type that has no canonical form: a message one can read", async () => {
  const source = doubleSource(
    "changetype<StreamReader<Error, usize>>(usize(0)).value; output.writeOne(1);",
    'import { StreamReader } from "as-rill/assembly";',
  );
  await fails(
    "pointer",
    source,
    UserError,
    /this is no element type; of managed types, string and StaticArray are/,
  );
});

test("no such guest, no such WIT, no such world", async () => {
  const outDir = join(folder, "nothing");
  await assert.rejects(
    buildGuest({ entry: join(folder, "gone.ts"), wit: doubleWit, outDir }),
    /gone\.ts: no such file/,
  );
  await assert.rejects(
    build("no-wit", plain, { wit: join(folder, "gone.wit") }),
    /gone\.wit: no such file or folder/,
  );
  await fails("no-world", plain, UserError, /there is no world other; its worlds: w/, { world: "other" });
});

const badWits: Record<string, [string, RegExp]> = {
  "WIT that does not parse": [
    "package a:b;\ninterface i {\n  f: func()\n  g: func();\n}\nworld w { export i; }\n",
    /bad\.wit:4:3: expected ';'/,
  ],
  "WIT with an unknown type": [
    "package a:b;\ninterface i {\n  f: func(x: foo);\n}\nworld w { export i; }\n",
    /bad\.wit:3:14: name `foo` does not exist/,
  ],
  "WIT with two worlds": [
    "package a:b;\nworld v {}\nworld w {}\n",
    /bad\.wit: which world\? Name one with --world; its worlds: v, w/,
  ],
  "a type that is not bound yet": [
    "package a:b;\ninterface i {\n  f: func(x: error-context);\n}\nworld w { export i; }\n",
    /a:b\/i, func f, param x: the type error-context is not supported here/,
  ],
};
for (const [what, [wit, message]] of Object.entries(badWits)) {
  test(what, async () => {
    const path = join(folder, "bad.wit");
    writeFileSync(path, wit);
    await fails("bad-wit", plain, UserError, message, { wit: path });
  });
}

test("the command: exit codes, and a --wait that there is not", async () => {
  const rill = (...args: string[]): ReturnType<typeof run> =>
    run(process.execPath, [join(packageRoot, "bin", "rill.js"), ...args]);
  const entry = writeGuest(folder, "command", plain);
  const out = join(folder, "command", "out");
  const unknown = await rill("build", entry, "--wit", doubleWit, "--wait", "poll", "-o", out);
  assert.equal(unknown.code, 2);
  assert.match(unknown.output, /^rill: --wait poll: unknown way to wait \(wait, callback\)/);
  const missing = await rill("build", entry, "-o", out);
  assert.equal(missing.code, 2);
  assert.match(missing.output, /--wit/);
  const allocating = writeGuest(folder, "heap", doubleSource("memory.grow(1); output.writeOne(1);"));
  assert.equal((await rill("build", allocating, "--wit", doubleWit, "-o", out)).code, 1);
  const good = await rill("build", entry, "--wit", doubleWit, "-o", out);
  assert.equal(good.code, 0);
  assert.match(good.output, /command\.core\.wasm\n$/);
});
