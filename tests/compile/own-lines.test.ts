/**
 * What `rill build` and `rill run` say about a guest names the guest's own line,
 * why, and what to write instead.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { trapText } from "../../tools/run/trap-text.js";
import { planRun } from "../../tools/run/run-plan.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { runOnWamr } from "../../tools/run/run-on-c-host.js";
import { doubleSource, doubleWit, writeGuest } from "./sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-lines-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const write = "output.writeOne(input.value);";

/** The message of a build that is refused. */
async function refused(name: string, source: string): Promise<string> {
  const entry = writeGuest(folder, name, source);
  const outDir = join(folder, name, "out");
  const error = await buildGuest({ entry, wit: doubleWit, outDir }).then(
    () => null,
    (reason: unknown) => reason as Error,
  );
  assert.ok(error, `${name} was built`);
  assert.doesNotMatch(error.message, /rill-entry|~lib\/rt/);
  return error.message;
}

test("a guest's function may be exported under another name, and a file that passes it on is told so", async () => {
  const body = doubleSource(write).replace("export function run", "function start");
  const entry = writeGuest(folder, "renamed", `${body}export { start as run, start as again };\n`);
  await buildGuest({ entry, wit: doubleWit, outDir: join(folder, "renamed", "out") });
  const message = await refused("passed-on", 'export { start as run } from "./other";\n');
  assert.match(message, /write `export function run\(task: double\.Task\): void` in this file.*"\.\/other"/);
});

/** What the loop's body holds, and what the message has to say of line 7. */
const bodies: Record<string, readonly [body: string, message: RegExp, before?: string]> = {
  object: ["if (new P().a == 0) break;", /`new P` allocates/, "class P { a: u32 = 0; b: u32 = 1; }"],
  table: [
    "const q = new StaticArray<u32>(4); q[input.value] = 1; output.writeOne(q[1]);",
    /`new StaticArray` allocates.*at the top of the file.*`const table = new StaticArray<u32>\(64\)`/,
  ],
  map: ["const m = new Map<u32, u32>(); m.set(1, 2); output.writeOne(m.get(1));", /`new Map` allocates/],
  push: ["kept.push(input.value);", /`Array\.push` allocates/, "let kept: u32[] = [];"],
  text: ["if (input.value.toString().length > 3) break;", /making a string \(`U32\.toString`\) allocates/],
  plus: [
    "if ((word + word).length > 3) break; word = `x${word}`;",
    /`\+` on strings allocates/,
    'let word = "a";',
  ],
  log: [
    'console.log("x");',
    /a guest has no console \(import env console\.log\).*import a function for it in the WIT/,
  ],
  clock: ["if (Date.now() > 3) break;", /a guest has no clock/],
  random: ["if (Math.random() > 0.5) break;", /`Math\.random` needs a seed/],
  traced: ['trace("x");', /no console for `trace`/],
  timer: ["setTimeout(() => {}, 3);", /There are no timers in a guest/],
  caught: ["try { output.writeOne(1); } catch (e) {}", /no closures, exceptions or iterators/],
  literal: [
    "const pair = [input.value, input.value]; if (pair[0] == 1) break;",
    /an array made or made longer here allocates/,
  ],
  awaited: ["await input.next();", /There are no promises in a guest.*write a loop/],
  taken: ["const { value } = input;", /no destructuring/],
  asked: ["const x = input?.value;", /neither `\?\.` nor `\?\?`/],
  large: ["if (input.value == 3n) break;", /no bigint/],
  closure: ["const x = input.value; const f = (): u32 => x; output.writeOne(f());", /no closures/],
};
for (const [name, [body, message, before]] of Object.entries(bodies)) {
  test(`${name}: the line that asks for it`, async () => {
    const said = await refused(name, doubleSource(`${body} ${write}`, before));
    assert.match(said, message);
    assert.match(said, new RegExp(`${name}\\.ts:7:\\d+: `));
  });
}

test("what helpers and other files of the guest's ask for: each line, in order", async () => {
  const before =
    'import { lower } from "./lower"; function helper<T>(v: T): i32 { return new Array<T>(4).length + <i32>v; }';
  const source = doubleSource(`if (helper<u32>(1) + lower(3) > 9) break; console.log("x"); ${write}`, before);
  writeGuest(folder, "helpers", source);
  writeFileSync(
    join(folder, "helpers", "lower.ts"),
    "export function lower(x: i32): i32 {\n  return x.toString().length;\n}\n",
  );
  const lines = [...(await refused("helpers", source)).matchAll(/(\w+\.ts:\d+):\d+: /g)].map(([, at]) => at);
  assert.deepEqual(lines, ["helpers.ts:2", "helpers.ts:7", "lower.ts:2"]);
});

test("a function that only traps owes no answer, whatever it says on its way", async () => {
  const head =
    'import { double } from "./bindings/my-test-i";\nexport function run(task: double.Task): void {';
  for (const [name, body] of Object.entries({
    todo: 'throw new Error("not implemented");',
    never: "task.x.next();\nunreachable();",
  })) {
    const entry = writeGuest(folder, name, `${head}\n${body}\n}\n`);
    await buildGuest({ entry, wit: doubleWit, outDir: join(folder, name, "out") });
  }
});

test("what TypeScript's async functions and generators look like: no syntax error alone", async () => {
  const head = 'import { double } from "./bindings/my-test-i";\n';
  const heads: Record<string, RegExp> = {
    "export async function run(task: double.Task): Promise<void> {}": /:2:\d+: .*There are no promises/,
    "export function run(task: double.Task): void {\n  for await (const x of task.x) {}\n}":
      /:3:\d+: .*There are no promises/,
    "export function* run(task: double.Task): void {}": /:2:\d+: .*no generators/,
  };
  for (const [source, message] of Object.entries(heads))
    assert.match(await refused("syntax", `${head}${source}\n`), message);
  const other = `import "./other";\n${doubleSource(write)}`;
  writeGuest(folder, "imports", other);
  writeFileSync(join(folder, "imports", "other.ts"), "export async function f(): void {}\n");
  assert.match(await refused("imports", other), /other\.ts:1:\d+: [\s\S]*There are no promises/);
});

test("bindings that the world does not have, and a function that they do not have, where a function is missing", async () => {
  const source = doubleSource(write);
  assert.match(
    await refused("misspelt", source.replace("my-test-i", "my-tset-i")),
    /misspelt\.ts:1:24: the world has no bindings "\.\/bindings\/my-tset-i"; it has "\.\/bindings\/my-test-i"$/,
  );
  assert.match(
    await refused("another", source.replaceAll("double", "dobule")),
    /another\.ts:1:24: "\.\/bindings\/my-test-i" has no dobule with a Task; it has double$/,
  );
});

test("a task that nothing resolves, a function that is not exported, a type that is not there", async () => {
  const head = 'import { double } from "./bindings/my-test-i";\n';
  assert.match(
    await refused("silent", `${head}export function run(task: double.Task): void {}\n`),
    /silent\.ts:2:17: run never answers its caller; call task\.resolve\(\)/,
  );
  assert.match(
    await refused("hidden", `${head}function run(task: double.Task): void {}\n`),
    /hidden\.ts:2:10: run implements `double` but is not exported/,
  );
  assert.match(
    await refused("unknown", doubleSource("output.writeOne(nothing);")),
    /unknown\.ts:7:21: AssemblyScript does not compile/,
  );
});

const traps: Record<string, readonly [body: string, message: string]> = {
  thrown: ['if (input.value == 3) throw new Error("too (\\"big\\")");', 'too ("big") at thrown.ts:7'],
  asserted: ['assert(input.value != 3, "not, three");', "not, three at asserted.ts:7"],
  alone: ['if (input.value == 3) throw "three";', "three at alone.ts:7"],
  lines: ['if (input.value == 3) throw new Error("a\\nrill: b");', "a\\nrill: b at lines.ts:7"],
  bare: ["if (input.value == 3) unreachable();", "unreachable at bare.ts:7"],
};
for (const [name, [body, message]] of Object.entries(traps)) {
  test(`${name}: the same place and text on V8 and on WAMR; nothing of it in the module`, async () => {
    const entry = writeGuest(folder, name, doubleSource(`${body} ${write}`));
    const { corePath } = await buildGuest({ entry, wit: doubleWit, outDir: join(folder, name, "out") });
    assert.equal(readFileSync(corePath).includes("three"), false);
    const file = join(folder, `${name}.bin`);
    writeFileSync(file, new Uint32Array([1, 3]));
    const plan = planRun(corePath, { host: "v8", call: "my:test/i#double", in: [`x=${file}`] });
    assert.equal(runOnV8(plan).trap, message);
    assert.equal((await runOnWamr(plan)).trap, message);
  });
}

const unresolved: Record<string, string> = {
  sometimes: "if (task.x.next()) task.resolve();",
  twice: "task.resolve(); task.resolve();",
};
for (const [name, body] of Object.entries(unresolved)) {
  test(`${name}: a task that is not resolved once is told so on both hosts`, async () => {
    const head = 'import { double } from "./bindings/my-test-i";\n';
    const source = `${head}export function run(task: double.Task): void { ${body} }\n`;
    const entry = writeGuest(folder, name, source);
    const { corePath } = await buildGuest({ entry, wit: doubleWit, outDir: join(folder, name, "out") });
    const file = join(folder, `${name}.bin`);
    writeFileSync(file, "");
    const plan = planRun(corePath, { host: "v8", call: "my:test/i#double", in: [`x=${file}`] });
    const message = /every way through the function has to call task\.resolve\(\) once/;
    assert.match(runOnV8(plan).trap!, message);
    assert.match((await runOnWamr(plan)).trap!, message);
  });
}

test("a text that is made at run time, or that another statement has, is not told", () => {
  assert.equal(trapText(["", "throw new Error(`a${b}`);"]), null);
  assert.equal(trapText(['throw "a" + ', "b();"]), null);
  assert.equal(trapText(['throw "a"; ', "unreachable();"]), null);
  assert.equal(trapText(['throw new Error("a"); ', "unreachable();"]), null);
  assert.equal(trapText(["assert(", 'f(1, "x") != 2, "y");']), "y");
});
