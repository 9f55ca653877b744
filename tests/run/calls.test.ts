/** `rill run CORE.wasm CALL...`: resources, methods and functions, one call after the other. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import type { RunFacts } from "../../tools/run/run-facts.js";

const folder = mkdtempSync(join(tmpdir(), "rill-calls-"));
const cores: Record<string, string> = {};

before(async () => {
  const build = async (path: string, wait: "wait" | "callback"): Promise<string> => {
    const outDir = join(folder, wait, basename(path));
    mkdirSync(outDir, { recursive: true });
    const [entry, wit] = [".ts", ".wit"].map((end) => {
      const copy = join(outDir, `${basename(path)}${end}`);
      copyFileSync(join(packageRoot, `${path}${end}`), copy);
      return copy;
    }) as [string, string];
    return (await buildGuest({ entry, wit, outDir, wait })).corePath;
  };
  cores["lowpass"] = await build("examples/resource/resource", "wait");
  cores["counting"] = await build("tests/run/fixtures/counting", "wait");
  cores["counting, callback"] = await build("tests/run/fixtures/counting", "callback");
  writeFileSync(join(folder, "samples.csv"), "value\n160\n160\n");
});
after(() => {
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function rill(core: string, args: readonly string[], input = ""): Ran {
  const program = join(packageRoot, "bin", "rill.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "run", cores[core]!, ...args], {
    cwd: folder,
    input,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** The same on WAMR, which tells the same. */
function onBoth(core: string, args: readonly string[], input = ""): Ran {
  const onV8 = rill(core, args, input);
  const { code, stdout, stderr } = rill(core, ["--host", "wamr", ...args], input);
  assert.deepEqual([code, stdout], [onV8.code, onV8.stdout], stderr);
  return onV8;
}

/** What the calls print, line by line. */
function told(core: string, ...args: string[]): string[] {
  const { code, stdout, stderr } = rill(core, args);
  assert.equal(code, 0, stderr);
  return stdout.split("\n").slice(0, -1);
}

test("a constructor, a method, an async method with a stream, in one instance", () => {
  assert.deepEqual(told("lowpass", "f = lowpass(4)", "f.push(160)", "f.filter([160, 160])"), [
    "10",
    "[19, 28]",
  ]);
});

test("docs/running.md prints what it says", () => {
  const page = readFileSync(join(packageRoot, "docs", "running.md"), "utf8");
  const [, line, results] = /rill run build\/filters\.core\.wasm ('.*')\n\nprints (`.*`), the results/.exec(
    page,
  )!;
  const calls = [...line!.matchAll(/'([^']*)'/g)].map(([, call]) => call!);
  assert.deepEqual(
    told("lowpass", ...calls),
    [...results!.matchAll(/`([^`]*)`/g)].map(([, result]) => result),
  );
});

test("what a call makes without a name is told by its resource, and lives until the end of the run", () => {
  assert.deepEqual(told("lowpass", "lowpass(1)", "lowpass(1)"), ["<lowpass>", "<lowpass>"]);
  const { code, stdout, stderr } = onBoth("lowpass", Array<string>(5).fill("lowpass(1)"));
  assert.deepEqual([code, stdout], [1, "<lowpass>\n".repeat(4)]);
  assert.match(stderr, /rill: the guest trapped: .*, in "lowpass\(1\)"\n$/);
});

test("drop ends a resource, whose place is then free", () => {
  const one = ["x = lowpass(1)", "drop x"];
  const many = [1, 2, 3, 4, 5].flatMap((i) => one.map((call) => call.replace("x", `x${i}`)));
  assert.deepEqual(told("lowpass", ...many), []);
});

test("a stream from a file and to a file", () => {
  const args = ["--in", "samples=samples.csv", "--out", "out.csv", "f = lowpass(4)", "f.push(160)"];
  assert.deepEqual(told("lowpass", ...args, "f.filter(samples)"), ["10"]);
  assert.equal(readFileSync(join(folder, "out.csv"), "utf8"), "value\n19\n28\n");
});

test("standard input and output", () => {
  const args = [
    "--in",
    "samples=-",
    "--format",
    "jsonl",
    "--out",
    "-",
    "f = lowpass(0)",
    "f.filter(samples)",
  ];
  assert.equal(onBoth("lowpass", args, "5\n7\n").stdout, "5\n7\n");
});

test("--limit ends what --in brings, and else results", () => {
  const args = ["--in", "samples=samples.csv", "--limit", "1", "f = lowpass(4)", "f.filter(samples)"];
  assert.deepEqual(told("lowpass", ...args), ["[10]"]);
  const endless = ["--limit", "2", "c = made#counter(5)", "c.up-to(4000000000)"];
  assert.equal(onBoth("counting", endless).stdout, "[5, 6]\n");
});

test("a reader sees items of a stream as they come", async () => {
  const { spawn } = await import("node:child_process");
  const program = join(packageRoot, "bin", "rill.js");
  const child = spawn(
    process.execPath,
    [program, "run", cores["lowpass"]!, "--in", "s=-", "--format", "jsonl", "f = lowpass(0)", "f.filter(s)"],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  let seen = "";
  const has = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (seen === text) resolve();
      };
      child.stdout.on("data", look);
      look();
    });
  child.stdout.on("data", (data: Buffer) => (seen += data.toString()));
  child.stdin.write("5\n");
  await has("[5");
  child.stdin.end("7\n");
  await has("[5, 7]\n");
});

for (const core of ["counting", "counting, callback"])
  describe(core, () => {
    test("two resources: one lends itself to the other, and is handed to it", () => {
      const calls = ["c = made#counter(5)", "c.add(2)", "g = gauge(c)", "g.read()", "made#alive()"];
      assert.deepEqual(
        told(core, ...calls, "g.take-in(c)", "g.read()", "made#alive()", "drop g", "made#alive()"),
        ["7", "3.5", "2", "7", "1", "0"],
      );
    });

    test("static functions, and names of component functions as they are", () => {
      const calls = ["c = test:counting/made#[constructor]counter(5)", "d = made#counter(8)"];
      assert.deepEqual(told(core, ...calls, "e = counter.merge(c, d)", "[method]counter.add(e, 1)"), ["14"]);
    });

    test("handles in records, lists and streams have places in a name", () => {
      const calls = ["c = made#counter(5)", "p = split(c)", "p.second.get()", "total([p.first, p.second])"];
      const row = [
        "r = row(3)",
        "total([r.1, r.2])",
        "s = stretch([r.2, r.1])",
        "stretch(s)",
        "made#alive()",
      ];
      assert.deepEqual(told(core, ...calls, ...row, "r.0.get()"), [
        "3",
        "5",
        "3",
        "[<counter>, <counter>]",
        "5",
        "0",
      ]);
    });

    test("an option or a result stands for what is in it", () => {
      assert.deepEqual(told(core, "counter.at-most(5, 3)", "counter.at-most(2, 3)"), [
        "err(3)",
        "ok(<counter>)",
      ]);
      assert.deepEqual(told(core, "c = counter.at-most(2, 3)", "c.get()", "drop c", "made#alive()"), [
        "2",
        "0",
      ]);
      const { code, stderr } = rill(core, ["c = counter.at-most(5, 3)", "c.get()"]);
      assert.deepEqual([code, stderr], [1, 'rill: "c.get()": c is err(3)\n']);
    });

    test("streams and futures in and out", () => {
      const calls = ["c = made#counter(5)", "c.fill([1, 2, 3])", "s = c.up-to(14)", "c.fill(s)"];
      assert.deepEqual(told(core, ...calls, "c.later(4)", "x = c.later(4)", "c.later(x)"), [
        "11",
        "50",
        "54",
        "104",
      ]);
    });

    test("the interface says which of two resources of one name", () => {
      assert.deepEqual(told(core, "o = other#counter()", "o.get()", "other#alive()"), [
        "281474976710657",
        "1",
      ]);
    });

    test("text, options and labels", () => {
      assert.deepEqual(
        told(
          core,
          'shout("h\u00e9\\n\\"", none)',
          'shout("a", first)',
          'x = shout("b", some(second))',
          "shout(x, %first)",
        ),
        ['"h\u00e9\\n\\""', '"!a"', '"!b!"'],
      );
    });
  });

test("--json has all results, and nothing else is on standard output", () => {
  const { code, stdout } = rill("counting", ["--json", "c = made#counter(5)", "c.up-to(7)", "split(c)"]);
  const { items_out: itemsOut, trap, calls } = JSON.parse(stdout) as RunFacts;
  assert.deepEqual([code, itemsOut, trap], [0, 2, null]);
  assert.deepEqual(calls, [
    { call: "c = made#counter(5)" },
    { call: "c.up-to(7)", result: [5, 6] },
    { call: "split(c)", result: { first: "<counter>", second: "<counter>" } },
  ]);
});

test("what is left is dropped at the end, the last made first: a destructor that traps is told", () => {
  const last = ["c = made#counter(666)", "d = made#counter(1)", "made#alive()"];
  const { code, stderr } = onBoth("counting", last);
  assert.equal(code, 1);
  assert.match(stderr, /the guest trapped: unreachable at .*counting\.ts:\d+, in "drop of what is left"\n$/);
  const dropped = ["c = made#counter(666)", "drop c"];
  assert.match(rill("counting", dropped).stderr, /, in "drop c"\n$/);
});

test("a stream that a trap ends is no list", () => {
  const { code, stdout } = onBoth("counting", ["c = made#counter(665)", "c.up-to(668)"]);
  assert.deepEqual([code, stdout], [1, "[665, 666\n"]);
});

test("a trap says in which call, and what came before is told", () => {
  const { code, stdout, stderr } = rill("counting", ["made#alive()", "fail()", "made#alive()"]);
  assert.deepEqual([code, stdout], [1, "0\n"]);
  assert.match(stderr, /rill: the guest trapped: unreachable at .*counting\.ts:\d+, in "fail\(\)"\n$/);
});

const c = "c = made#counter(1)";
for (const [what, calls, message] of [
  [
    "a method that is not there",
    [c, "c.ad(1)"],
    /"c\.ad\(1\)", character 3: counter has no method ad; its methods are get, add, fill, up-to, later$/,
  ],
  [
    "a function that is not there",
    ["ad(1)"],
    /character 1: the guest exports no ad; it exports .*gauge\(of\).*GAUGE\.read\(\)/,
  ],
  ["a name that nothing has", ["d.add(1)"], /character 1: the guest exports no d\.add; it exports/],
  [
    "two resources of one name",
    ["counter(1)"],
    /counter is exported more than once; write made#counter or other#counter$/,
  ],
  [
    "an argument of another type",
    [c, 'c.add("x")'],
    /"c\.add\("x"\)", character 7: "x" is not of the type u32$/,
  ],
  ["a number that is too large", [c, "c.add(4294967296)"], /character 7: 4294967296 is not of the type u32$/],
  [
    "a handle of another resource",
    ["o = other#counter()", "gauge(o)"],
    /character 7: o is of the type own<counter>, not borrow<counter>$/,
  ],
  [
    "a word that is no name",
    [c, "gauge(d)"],
    /character 7: d is not of the type borrow<counter>; names are c$/,
  ],
  ["arguments that are too few", [c, "c.add()"], /character 6: c\.add takes 1 argument \(by\), not 0$/],
  [
    "a label that is none",
    ['shout("", third)'],
    /character 11: third is not of the type edge \(first, second\)$/,
  ],
  [
    "a handle that was handed over",
    [c, "d = counter.merge(c, c)"],
    /character 22: c is gone: "d = counter\.merge\(c, c\)" has taken it$/,
  ],
  ["a handle that was dropped", [c, "drop c", "c.get()"], /character 1: c is gone: "drop c" has taken it$/],
  [
    "a part of what was handed over",
    ["r = row(2)", "s = stretch([r.0])", "drop r.0"],
    /character 6: r\.0 is gone/,
  ],
  ["a name twice", [c, c], /character 1: c is a name already; take another$/],
  ["a name of what is no result", ["x = fail()"], /character 1: the call has no result that could be x$/],
  [
    "a stream without items",
    [c, "c.fill(7)"],
    /7 is not of the type stream<u32>; give its items as a list, or the name of an --in NAME=FILE$/,
  ],
  [
    "an --in that no call takes",
    ["--in", "x=samples.csv", c],
    /--in x: no call takes it; write x where a parameter is wanted$/,
  ],
  ["a parenthesis that is missing", ["made#counter(1"], /character 15: a comma or \) is expected here$/],
  ["no parentheses", ["c = made#alive"], /character 15: a call has its arguments in parentheses: NAME\(\)$/],
  ["--call beside calls", ["--call", "x", c], /--call x: leave it out where calls are arguments$/],
  [
    "--out without a result",
    ["--out", "o.csv", c],
    /--out o\.csv is for the result of the last call, and "c = made#counter\(1\)" leaves none$/,
  ],
  [
    "a call in --call",
    ["--call", "split(1)"],
    /a call with its arguments is an argument of rill run, without --call$/,
  ],
  [
    "a constructor in --call",
    ["--call", "test:counting/made#[constructor]counter", "--in", "start=1"],
    /the result holds an own, which a file cannot; resources live in a run of several calls/,
  ],
] as const)
  test(`${what}: exit 2, one line, and nothing has run`, () => {
    const { code, stdout, stderr } = rill(
      "counting",
      ["made#alive()", ...calls].slice(calls[0] === "--call" ? 1 : 0),
    );
    assert.deepEqual([code, stdout, stderr.split("\n").length], [2, "", 2], stderr);
    assert.match(stderr.trimEnd(), message);
  });
