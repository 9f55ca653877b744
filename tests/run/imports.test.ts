/** `--imports` and `--stub`: the functions of a file stand in for those that a guest imports. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { UserError } from "../../tools/errors/user-error.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { analyse } from "../../tools/report/build-report.js";
import { loadInput } from "../../tools/report/load-input.js";
import { profileRun } from "../../tools/report/run/profile.js";
import { checkGuest, defaultBounds } from "../../tools/gate/check-guest.js";
import { bindImports } from "../../tools/run/imports/bind-imports.js";
import { FileImports } from "../../tools/run/imports/file-imports.js";
import type { ImportedFunction } from "../../tools/run/imports/imported-function.js";
import type { FromImports } from "../../tools/run/imports/messages.js";
import { openImports, type ImportsFlags } from "../../tools/run/imports/open-imports.js";
import type { RunFacts } from "../../tools/run/run-facts.js";
import type { RunFlags } from "../../tools/run/run-flags.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import type { ValueType } from "../../tools/wit/model.js";

const folder = mkdtempSync(join(tmpdir(), "rill-imports-test-"));
let core: string;

before(async () => {
  for (const name of ["panel.ts", "panel.wit"])
    copyFileSync(join(packageRoot, "tests/run/fixtures", name), join(folder, name));
  const [entry, wit] = [join(folder, "panel.ts"), join(folder, "panel.wit")];
  core = (await buildGuest({ entry, wit, outDir: join(folder, "out"), wait: "wait" })).corePath;
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** Parts of a file of imports, which `panel` is happy with. */
const BOARD = {
  set: "set(pin, on) { return on && pin < 8; }",
  log: "log(text) { lines.push(text); }",
  parse: `parse(text) {
      if (text === "") throw Object.assign(new Error("empty"), { payload: "nothing" });
      if (Number.isNaN(Number(text))) throw "no number";
      return Number(text);
    }`,
  waitFor: "async waitFor(milliseconds) { await sleep(milliseconds); return milliseconds; }",
  double:
    "async double(items) { return (async function* () { for await (const item of items) yield item * 2; })(); }",
  Port: `Port: class {
      constructor(number) { this.number = number; }
      write(byte) { return this.number * lines.length + byte; }
      [Symbol.dispose]() { lines.push("gone"); }
    }`,
};
const FRONT = `import { setTimeout as sleep } from "node:timers/promises";\nconst lines = [];\n`;

function fileOf(board: Partial<typeof BOARD>, back = "beep: { default() {} }"): string {
  const path = join(folder, "imports.mjs");
  // A module is loaded once for each thread: a thread for each file, and so the file anew.
  writeFileSync(
    path,
    `${FRONT}export default {\n  "my:panel/board": {\n    ${Object.values(board).join(",\n    ")} },\n  ${back} };\n`,
  );
  return path;
}

async function run(
  calls: readonly string[],
  flags: ImportsFlags,
  more: Partial<RunFlags> = {},
): Promise<RunFacts> {
  const plan = planRun(core, { calls, in: [], host: "v8", ...more });
  const imports = await openImports(plan, flags);
  try {
    return runOnV8(plan, { imports: bindImports(imports.plan, "ready") });
  } finally {
    await imports.close();
  }
}

async function results(calls: readonly string[], flags: ImportsFlags): Promise<readonly unknown[]> {
  const { calls: told, trap } = await run(calls, flags);
  assert.equal(trap, null);
  return told!.map(({ result }) => result);
}

/** The message of the error that a run ends with. */
async function complaint(calls: readonly string[], flags: ImportsFlags): Promise<string> {
  const failed = await run(calls, flags).then(
    () => assert.fail("the run ends well"),
    (error: unknown) => error,
  );
  assert.ok(failed instanceof UserError, String(failed));
  return failed.message.replaceAll(folder, "FOLDER");
}

test("functions of a file: values, texts, results and their errors, promises, streams, resources", async () => {
  const imports = fileOf(BOARD);
  const calls = [
    "switch-on(3)",
    "switch-on(9)",
    'number("12")',
    'number("")',
    'number("abc")',
    "both(30, 10)",
  ];
  assert.deepEqual(await results(calls, { imports }), [true, false, 12, 1007, 1009, 3010]);
  // The lines that were logged are the file's own: two pins, and then a port that is gone.
  const more = ["switch-on(3)", "switch-on(4)", "send(10, 3)", "send(10, 1)", "doubled(4)", "paced([1, 2])"];
  assert.deepEqual(await results(more, { imports }), [true, true, 63, 30, [0, 2, 4, 6], [2, 3]]);
});

test("two async calls go on side by side", async () => {
  const imports = fileOf({
    ...BOARD,
    waitFor: `async waitFor(n) {
      if (n === 1) await new Promise((resolve) => { globalThis.wake = resolve; });
      else globalThis.wake();
      return n; }`,
  });
  assert.deepEqual(await results(["both(1, 2)"], { imports }), [102]);
});

test("a promise that is never kept is a deadlock", async () => {
  const imports = fileOf({ ...BOARD, waitFor: "waitFor() { return new Promise(() => {}); }" });
  assert.match(
    (await run(["both(1, 2)"], { imports })).trap!,
    /^deadlock: .* nothing that could end the wait/,
  );
});

test("without the option a missing import is named, with the JavaScript to write", async () => {
  const message = await complaint(["switch-on(3)"], {});
  assert.equal(
    message,
    `FOLDER/out/panel.core.wasm imports 8 functions; write them in a file, and give that with --imports FILE.mjs (--stub answers with zeros):

export default {
  "my:panel/board": {
    set(pin, on) { return false; }, // bool
    log(text) {},
    parse(text) { return 0; }, // result<u32, string>
    async waitFor(milliseconds) { return 0; }, // u32
    async double(items) { return []; }, // stream<u16>
    Port: class {
      constructor(number) {}
      write(byte) { return 0; } // u32
    },
  },
  beep: {
    default(times) {},
  },
};
`,
  );
  // What is shown is a file that does.
  const imports = join(folder, "imports.mjs");
  writeFileSync(imports, message.slice(message.indexOf("export default")));
  const calls = ["switch-on(3)", 'number("12")', "both(3, 1)", "doubled(0)", "send(1, 2)"];
  assert.deepEqual(await results(calls, { imports }), [false, 0, 0, [], 0]);
});

test("--stub answers with zeros, and logs each call; what the file has is called", () => {
  const imports = fileOf({ set: "set(pin) { console.log(`pin ${pin}`); return true; }" }, "");
  const rill = join(packageRoot, "bin", "rill.js");
  const calls = ["switch-on(3)", 'number("x")', "doubled(2)", "send(1, 1)"];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [rill, "run", core, ...calls, "--stub", "--imports", imports],
    { encoding: "utf8" },
  );
  assert.deepEqual([status, stdout], [0, "true\n0\n[]\n0\n"]);
  assert.deepEqual(stderr.split("\n").slice(0, -2), [
    'my:panel/board#log("pin 3")',
    "pin 3",
    'my:panel/board#parse("x") -> ok(0)',
    "my:panel/board#double(<stream>) -> <stream>",
    "beep(1)",
    "my:panel/board#[constructor]port(1) -> <port>",
    "my:panel/board#[method]port.write(<port>, 0) -> 0",
  ]);
});

describe("a file that does not fit", () => {
  test("is not there, does not load, has no functions", async () => {
    const imports = join(folder, "imports.mjs");
    const told = (): Promise<string> => complaint(["switch-on(3)"], { imports });
    rmSync(imports, { force: true });
    assert.equal(await told(), "--imports FOLDER/imports.mjs: there is no such file");
    writeFileSync(imports, "\nthrow new Error('no port');");
    assert.equal(await told(), "--imports FOLDER/imports.mjs:2: does not load: Error: no port");
    writeFileSync(imports, "export default {\n");
    assert.equal(
      await told(),
      "--imports FOLDER/imports.mjs:2: does not load: SyntaxError: Unexpected end of input",
    );
    writeFileSync(imports, "export const board = {};");
    assert.match(await told(), /imports\.mjs: there is no default export; it has to be an object/);
    writeFileSync(imports, "await new Promise(() => {}); export default {};");
    assert.match(await told(), /it ends before it is loaded/);
    writeFileSync(imports, 'export default { "my:panel/board": 3 };');
    assert.match(await told(), /imports\.mjs: "my:panel\/board" is a number, where an object is wanted/);
  });

  test("lacks a function", async () => {
    const { log, parse, waitFor, double, Port } = BOARD;
    assert.equal(
      await complaint(["switch-on(3)"], { imports: fileOf({ log, parse, waitFor, double, Port }) }),
      `--imports FOLDER/imports.mjs: set of my:panel/board is missing; add to its default export (--stub answers with zeros):

  "my:panel/board": {
    set(pin, on) { return false; }, // bool
  },
`,
    );
  });

  const faults: readonly [what: string, board: Partial<typeof BOARD>, call: string, message: string][] = [
    [
      "another type",
      { set: 'set() { return "yes"; }' },
      "switch-on(1)",
      'imports.mjs: set of my:panel/board returned "yes", where bool is wanted',
    ],
    [
      "an item of another type",
      {
        double:
          "async double(items) { return (async function* () { for await (const i of items) yield i / 2; })(); }",
      },
      "doubled(2)",
      "imports.mjs: double of my:panel/board answered with a stream or future that brought 0.5, where u16 is wanted",
    ],
    [
      "throws",
      { set: "\n set(pin) { throw new RangeError(`no pin ${pin}`); }" },
      "switch-on(99)",
      "imports.mjs:6: set of my:panel/board threw RangeError: no pin 99",
    ],
    [
      "throws later",
      { waitFor: "async waitFor() { await sleep(1); throw new Error('late'); }" },
      "both(1, 2)",
      "imports.mjs:12: waitFor of my:panel/board threw Error: late",
    ],
    [
      "throws in a timer",
      {
        waitFor:
          "waitFor() { setTimeout(() => { throw new Error('timer'); }); return new Promise(() => {}); }",
      },
      "both(1, 2)",
      "imports.mjs:12: Error: timer",
    ],
    [
      "leaves",
      { set: "set() { process.exit(); }" },
      "switch-on(1)",
      "imports.mjs ended its thread with process.exit()",
    ],
  ];
  for (const [what, board, call, message] of faults)
    test(what, async () => {
      const imports = fileOf({ ...BOARD, ...board });
      assert.equal(await complaint([call], { imports }), `FOLDER/${message}`);
    });

  test("leaves no output", async () => {
    const out = join(folder, "out.csv");
    writeFileSync(join(folder, "in.csv"), "value\n1\n2\n");
    const imports = fileOf({ ...BOARD, waitFor: "waitFor(n) { throw new Error('broken'); }" });
    const flags = { call: "my:panel/app#paced", calls: [], in: [`samples=${join(folder, "in.csv")}`], out };
    await assert.rejects(run([], { imports }, flags), /broken/);
    assert.equal(existsSync(out), false);
  });
});

test("rill report --run calls them, with state of their own for each of its runs", async () => {
  const imports = join(folder, "imports.mjs");
  // One call for each of two items: a third would be of another run.
  writeFileSync(
    imports,
    `export default () => {
      let calls = 0;
      return { "my:panel/board": { async waitFor(n) { if (++calls > 2) throw new Error("old"); return n; } } };
    };`,
  );
  writeFileSync(join(folder, "in.csv"), "value\n1\n2\n");
  const request = { call: "my:panel/app#paced", inputs: [`samples=${join(folder, "in.csv")}`], limit: null };
  const analysis = analyse(await loadInput(core, null, true), { sourceMap: null });
  const {
    trap,
    host_calls_by_import: calls,
    steady,
  } = await profileRun(analysis, request, { imports, stub: true });
  assert.equal(trap, null);
  assert.equal(calls.find(({ import: name }) => name.endsWith("wait-for"))?.calls, 2);
  assert.ok(steady!.ready.instructions_per_item > 0);
  await assert.rejects(profileRun(analysis, request, {}), /imports 8 functions; write them/);
});

test("rill check has them answer, each once for the same arguments", async () => {
  const wit = `package t:t; interface h { read: func(pin: u8) -> u8; wait: async func(n: u8) -> list<u8>; }
    interface i { sum: async func() -> u32; } world w { import h; export i; }`;
  const source = `import { sum } from "./bindings/t-t-i"; import * as h from "./bindings/t-t-h";
    export function run(task: sum.Task): void {
      let all: u32 = h.read(1) + h.read(1) + h.read(2);
      h.wait.start(3);
      h.wait.wait();
      const list = h.wait.result();
      for (let i = 0; i < list.length; i++) all += list[i];
      h.wait.drop();
      if (all != 7 + 7 + 9 + 3 * 3) unreachable();
      task.resolve(all);
    }`;
  writeFileSync(join(folder, "sum.wit"), wit);
  writeFileSync(join(folder, "sum.ts"), source);
  const imports = join(folder, "imports.mjs");
  const check = async (file: string): Promise<readonly string[]> => {
    writeFileSync(imports, file);
    const guest = { entry: join(folder, "sum.ts"), wit: join(folder, "sum.wit"), asked: {} };
    const { findings } = await checkGuest(guest, { ...defaultBounds, calls: 1, imports });
    return findings.map(({ rule }) => rule);
  };
  const wait = "async wait(n) { await null; return new Array(n).fill(n); }";
  // A second call of read(1) would answer 8.
  const good = `let n = 7; export default { "t:t/h": { read: (pin) => (pin === 1 ? n++ : 9), ${wait} } };`;
  assert.deepEqual(await check(good), []);
  // Without an answer for it, the model's own comes: another sum, and the guest traps.
  assert.deepEqual(await check(`export default { "t:t/h": { ${wait} } };`), ["guest-trap"]);
  await assert.rejects(
    check(`export default { "t:t/h": { read: () => 300, ${wait} } };`),
    /read of t:t\/h returned 300, where u8 is wanted/,
  );
});

describe("values in jco's representation", () => {
  const u8: ValueType = { kind: "u8" };
  const kind: ValueType = { kind: "enum", labels: ["low", "half-way"] };
  const types: readonly [type: ValueType, value: Value, js: unknown][] = [
    [{ kind: "u64" }, 5n, 5n],
    [{ kind: "char" }, "é", "é"],
    [{ kind: "list", element: u8 }, [1, 255], new Uint8Array([1, 255])],
    [{ kind: "list", element: { kind: "s64" } }, [-1n], new BigInt64Array([-1n])],
    [{ kind: "list", element: { kind: "string" } }, ["a"], ["a"]],
    [{ kind: "tuple", types: [u8, { kind: "bool" }] }, [1, true], [1, true]],
    [
      { kind: "record", fields: [{ name: "at-time", type: { kind: "u64" } }] },
      { "at-time": 3n },
      { atTime: 3n },
    ],
    [kind, "half-way", "half-way"],
    [
      { kind: "flags", labels: ["read", "write-too"] },
      { read: false, "write-too": true },
      { read: false, writeToo: true },
    ],
    [
      {
        kind: "variant",
        cases: [
          { name: "none-at-all", type: null },
          { name: "tone", type: u8 },
        ],
      },
      { tone: 3 },
      { tag: "tone", val: 3 },
    ],
    [
      {
        kind: "variant",
        cases: [
          { name: "none-at-all", type: null },
          { name: "tone", type: u8 },
        ],
      },
      { "none-at-all": null },
      { tag: "none-at-all" },
    ],
    [{ kind: "option", type: u8 }, { some: 3 }, 3],
    [{ kind: "option", type: u8 }, null, undefined],
    [{ kind: "option", type: { kind: "option", type: u8 } }, { some: null }, { tag: "some", val: undefined }],
    [{ kind: "option", type: { kind: "option", type: u8 } }, null, { tag: "none" }],
    [
      { kind: "tuple", types: [{ kind: "result", ok: u8, error: null }] },
      [{ error: null }],
      [{ tag: "err" }],
    ],
  ];
  for (const [type, value, js] of types)
    test(`${type.kind}: ${JSON.stringify(js, (_, of: unknown) => (typeof of === "bigint" ? String(of) : of))}`, () => {
      const { given, answered } = called(type, () => js, [value]);
      assert.deepEqual(given, [js]);
      assert.deepEqual(answered, { kind: "returned", call: 1, value });
    });

  const result: ValueType = { kind: "result", ok: u8, error: { kind: "string" } };
  const wrong: readonly [what: string, type: ValueType, body: () => unknown, message: RegExp][] = [
    [
      "a promise",
      u8,
      () => Promise.resolve(1),
      /^a\.mjs: f of t:t\/h returned a promise, and is no async function/,
    ],
    ["another error", result, () => thrown(3), /^a\.mjs: f of t:t\/h threw 3, where string is wanted$/],
    ["a payload", result, () => thrown({ payload: 3 }), /threw 3, where string is wanted$/],
    [
      "an Error",
      result,
      () => thrown(new Error("oh")),
      /f of t:t\/h threw Error: oh; what the guest is to get as/,
    ],
    ["no error", u8, () => thrown("no"), /^a\.mjs: f of t:t\/h threw 'no'$/],
    [
      "no stream",
      { kind: "stream", element: u8 },
      () => 3,
      /returned 3, where stream<u8> \(an async iterable\) is/,
    ],
    ["no function", u8, 3 as never, /^f of t:t\/h is a number, where a function is wanted$/],
  ];
  for (const [what, type, body, message] of wrong)
    test(`${what} is refused`, () => {
      let told: string;
      try {
        told = (called(type, body).answered as { message: string }).message;
      } catch (error) {
        told = (error as Error).message;
      }
      assert.match(told, message);
    });

  test("a method that the class lacks is refused with what to write", () => {
    const resource = { owner: "t:t/h", name: "file-port" };
    const self = { name: "self", type: { kind: "borrow", resource } } as const;
    const of = { owner: "t:t/h", func: { name: "f", resource, async: false, params: [], result: null } };
    const make = {
      ...of,
      id: "make",
      func: { ...of.func, kind: "static", result: { kind: "own", resource } },
    } as const;
    const write = {
      ...of,
      id: "write",
      func: { ...of.func, name: "write-all", kind: "method", params: [self, { name: "in", type: u8 }] },
    } as const;
    const sent: FromImports[] = [];
    const FilePort = class {
      readonly number = 1;
      static f(): object {
        return new this();
      }
    };
    const imports = new FileImports("a.mjs", { "t:t/h": { FilePort } }, [make, write], (message) =>
      sent.push(message),
    );
    imports.take({ kind: "call", call: 1, id: "make", args: [] });
    imports.take({ kind: "call", call: 2, id: "write", args: [(sent[0] as { value: Value }).value, 3] });
    const message = "a.mjs: FilePort.writeAll of t:t/h is missing; write writeAll(in_) {}";
    assert.deepEqual(sent[1], { kind: "failed", message });
  });

  const refused: readonly [type: ValueType, js: unknown, message: string][] = [
    [{ kind: "u64" }, 1.5, "1.5, where u64 (a BigInt) is wanted"],
    [{ kind: "u8" }, -1, "-1, where u8 is wanted"],
    [{ kind: "char" }, "ab", '"ab", where char (a string of one character) is wanted'],
    [kind, "high", '"high", where enum ("low", "half-way") is wanted'],
    [{ kind: "list", element: u8 }, [1, "2"], 'what in [1] is "2", where u8 is wanted'],
    [
      { kind: "record", fields: [{ name: "at-time", type: u8 }] },
      { "at-time": 1 },
      "what in .atTime is undefined, where u8 is wanted",
    ],
    [{ kind: "flags", labels: ["read"] }, { raed: true }, "what in .raed is no flag; there are read"],
    [
      { kind: "variant", cases: [{ name: "tone", type: u8 }] },
      { tag: "ton" },
      'an object, where variant ({ tag: "tone" }) is wanted',
    ],
  ];
  for (const [type, js, message] of refused)
    test(`refused: ${message}`, () => {
      const { answered } = called(type, () => js);
      assert.deepEqual(answered, { kind: "failed", message: `a.mjs: f of t:t/h returned ${message}` });
    });

  function thrown(error: unknown): never {
    throw error;
  }

  /** What a function of the file is given and what its answer becomes. */
  function called(
    type: ValueType,
    body: (...args: unknown[]) => unknown,
    args: readonly Value[] = [],
  ): { given: unknown[]; answered: FromImports } {
    const sent: FromImports[] = [];
    let given: unknown[] = [];
    const f = typeof body === "function" ? (...all: unknown[]): unknown => body(...(given = all)) : body;
    const wanted: ImportedFunction = {
      id: "t:t/h#f",
      owner: "t:t/h",
      func: {
        name: "f",
        kind: "freestanding",
        async: false,
        params: args.map(() => ({ name: "x", type })),
        result: type,
      },
    };
    const imports = new FileImports("a.mjs", { "t:t/h": { f } }, [wanted], (message) => sent.push(message));
    imports.take({ kind: "call", call: 1, id: wanted.id, args });
    return { given, answered: sent[0]! };
  }
});
