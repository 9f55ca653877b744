/** `rill test`: specs that pass and fail, what a failure says, and what is refused. */
import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { Watch, endWatches } from "../compile/watch-process.js";
import { findGuest } from "../../tools/spec/find-guest.js";
import { type Ended, rill } from "./rill.js";

let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), "rill-spec-"));
});
after(() => {
  endWatches();
  rmSync(root, { recursive: true, force: true });
});

/** A project with the guest `double` and these specs, by file. @returns its folder */
function project(name: string, specs: Readonly<Record<string, string>>): string {
  const at = join(root, name);
  mkdirSync(join(at, "node_modules"), { recursive: true });
  symlinkSync(packageRoot, join(at, "node_modules", "as-rill"), "junction");
  for (const file of ["double.ts", "double.wit"])
    cpSync(join(packageRoot, "tests", "guests", "double", file), join(at, file));
  for (const [file, text] of Object.entries(specs)) writeFileSync(join(at, file), text);
  return at;
}

const doubling = `import { host } from "as-rill/spec";
import { double } from "./bindings/my-test-i";
import { run } from "./double";

describe("double", () => {
  it("answers twice the item", () => {
    host.reset();
    const items = host.writer<u32>().writeAll([1, 2]).drop();
    const answers = host.reader<u32>();
    const task = host.task<double.Task>();
    task.enter(items.end);
    run(task);
    task.exit();
    expect(answers.items).toStrictEqual([2, 4]);
  });
});
`;

const failing = `import { host } from "as-rill/spec";
import { double } from "./bindings/my-test-i";
import { run } from "./double";

class Pair { first: i32 = 1; second: string = "x"; }
function check(value: u64): void {
  expect(value).toBe(4);
}

describe("values", () => {
  it("of a helper", () => {
    check(3);
  });
  it("of a class", () => {
    log(new Pair());
    expect(new Pair()).toStrictEqual({ first: 2, second: "x" });
  });
  it("of an error", () => {
    throw new Error("too late & <gone>");
  });
  it("of a guest that waits for ever", () => {
    host.reset();
    const task = host.task<double.Task>();
    task.enter(host.writer<u32>().end);
    run(task);
  });
  throws("that is meant", () => { unreachable(); });
  throws("that is missed", () => {});
  it("of a snapshot", () => { expect(1).toMatchSnapshot(); });
  todo("to be written");
});
`;

/** The lines of one test in the output. */
function told({ stdout }: Ended, name: string): string {
  const found = new RegExp(`^ {2}\\S+ +[^\\n]*${name}\\n(?: {11}.*\\n)*`, "m").exec(stdout);
  assert.ok(found, stdout);
  return found[0];
}

test("specs that pass, then the gate on their guest", () => {
  const at = project("passing", { "double.spec.ts": doubling });
  const ended = rill(at, ["test", "--seconds", "20"]);
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(
    ended.stdout,
    /^double\.spec\.ts\n {2}ok {5}double › answers twice the item\n1 passed, 0 failed\n/,
  );
  assert.match(ended.stdout, /^double\.ts: no finding$/m);
  assert.ok(existsSync(join(at, "bindings", "my-test-i.ts")), "an editor needs the bindings");
});

test("what a failure says, and the same for CI", () => {
  const at = project("failing", { "a.spec.ts": failing, "double.spec.ts": doubling });
  const ended = rill(at, ["test", "--junit", "out/junit.xml"]);
  assert.equal(ended.code, 1);
  assert.equal(ended.stderr, "rill: .: 6 of 8 tests failed\n");
  assert.match(ended.stdout, /^2 passed, 6 failed, 1 skipped\n$/m);
  assert.doesNotMatch(ended.stdout, /no finding/, "the gate waits until the specs pass");
  assert.match(told(ended, "helper"), /expected 4, got 3\n +at a\.spec\.ts:7:3\n +at a\.spec\.ts:12:5\n$/);
  assert.match(
    told(ended, "class"),
    /log: Pair \{ first: 1, second: "x" \}\n +expected Pair \{ first: 2, .*got Pair/,
  );
  assert.match(told(ended, "error"), /too late & <gone>\n +at a\.spec\.ts:19:5\n$/);
  assert.match(
    told(ended, "for ever"),
    /nothing can ever happen\n +at double\.ts:\d+:\d+\n +at a\.spec\.ts:25:5\n$/,
  );
  assert.match(told(ended, "that is meant"), /^ {2}ok /);
  assert.match(told(ended, "missed"), /it did not throw/);
  assert.match(told(ended, "snapshot"), /keeps no snapshots: compare with toStrictEqual/);
  assert.match(told(ended, "to be written"), /^ {2}todo /);
  const xml = readFileSync(join(at, "out", "junit.xml"), "utf8");
  assert.match(xml, /<testsuites tests="9" failures="6" skipped="1">/);
  assert.match(
    xml,
    /<testcase name="values of an error" classname="a\.spec\.ts"[^>]*>\s*<failure message="too late &#38; &#60;gone&#62;">/,
  );
  assert.match(xml, /<testcase name="double answers twice the item" [^>]*\/>/);

  const narrowed = rill(at, ["test", "-t", "^values that is meant$", "--no-check"]);
  assert.deepEqual([narrowed.code, narrowed.stdout.split("\n").at(-2)], [0, "1 passed, 0 failed"]);
  const none = rill(at, ["test", "a.spec.ts", "-t", "no such"]);
  assert.deepEqual([none.code, none.stderr], [2, "rill: a.spec.ts: no test's name matches no such (-t)\n"]);
});

test("a test without end is ended, a file that traps is a failure, and the other files still run", () => {
  const at = project("ending", {
    "a.spec.ts":
      'it("before", () => {});\nit("loops", () => { while (true) {} });\nit("behind", () => {});\n',
    "b.spec.ts": 'const none = 0;\nif (none == 0) unreachable();\nit("never declared", () => {});\n',
    "c.spec.ts": 'it("well", () => {});\n',
  });
  const ended = rill(at, ["test", "--timeout", "2"]);
  assert.equal(ended.code, 1);
  assert.match(told(ended, "loops"), /still running after 2 s \(--timeout\)/);
  assert.match(told(ended, "the file itself"), /unreachable\n +at b\.spec\.ts:2:/);
  assert.match(ended.stdout, /^2 passed, 2 failed\n$/m);
});

test("what is refused, with the author's own place", () => {
  const at = project("refused", { "a.spec.ts": 'it("x", () => {\n  const x: i32 = nothing;\n});\n' });
  const wrong = rill(at, ["test"]);
  assert.equal(wrong.code, 2);
  assert.match(
    wrong.stderr,
    /^rill: a\.spec\.ts:2:18: AssemblyScript does not compile:\n.*Cannot find name 'nothing'/,
  );
  rmSync(join(at, "a.spec.ts"));
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["test"], /^rill: \.: there is no spec \(\*\.spec\.ts\); write one beside the guest/],
    [["test", "none"], /^rill: none: no such file or folder/],
    [["test", "double.ts"], /^rill: double\.ts: this is no file of specs/],
    [["test", "-t", "("], /^rill: -t \(: no regular expression/],
    [["test", "--timeout", "0"], /^rill: --timeout: write a whole number of seconds/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = rill(at, args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  writeFileSync(join(at, "a.spec.ts"), "");
  writeFileSync(join(at, "other.wit"), "");
  assert.match(
    rill(at, ["test"]).stderr,
    /several WIT files \(double\.wit, other\.wit\); name one with --wit/,
  );
});

test("a folder `wit` in which only other packages' WIT lies is no guest's", () => {
  const at = project("deps", {});
  rmSync(join(at, "double.wit"));
  mkdirSync(join(at, "wit", "deps"), { recursive: true });
  assert.equal(findGuest(at), null);
  writeFileSync(join(at, "wit", "double.wit"), "");
  assert.deepEqual(findGuest(at), { wit: join(at, "wit"), entry: join(at, "double.ts") });
});

test("--watch tests again after a save of the guest, and with a new spec", { timeout: 300_000 }, async () => {
  const at = project("watched", { "double.spec.ts": doubling });
  const watch = new Watch([join(packageRoot, "bin", "rill.js"), "test", "--no-check", "--watch", at]);
  assert.equal(await watch.built(), "");
  const source = readFileSync(join(at, "double.ts"), "utf8");
  writeFileSync(join(at, "double.ts"), source.replace("* 2", "* 3"));
  assert.match(await watch.built(), /1 of 1 tests failed/);
  writeFileSync(join(at, "double.ts"), source);
  assert.equal(await watch.built(), "");
  writeFileSync(join(at, "more.spec.ts"), 'it("fails", () => { expect(1).toBe(2); });\n');
  assert.match(await watch.built(), /1 of 2 tests failed/);
  assert.equal(await watch.interrupt(), "SIGINT");
});
