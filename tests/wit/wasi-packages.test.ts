/**
 * The packages of WASI 0.3.0 that as-rill brings: the official ones, and only for who does not have his own.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { cargo } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

const shipped = join(packageRoot, "wit", "wasi-0.3.0");
const CRATE = "wasmtime-wasi-http";
const VERSION = "49.0.4";

/** The folder of that crate's source: cargo unpacks it, its sum checked, to tell what the crate is about. */
async function crate(): Promise<string> {
  const tool = await cargo();
  assert.ok(!isMissing(tool), JSON.stringify(tool));
  const done = await run(tool.path, ["info", "--quiet", `${CRATE}@${VERSION}`]);
  assert.equal(done.code, 0, done.output);
  const sources = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  const found = readdirSync(sources).map((registry) => join(sources, registry));
  const folder = found.flatMap((registry) =>
    readdirSync(registry).includes(`${CRATE}-${VERSION}`) ? [join(registry, `${CRATE}-${VERSION}`)] : [],
  )[0];
  assert.ok(folder !== undefined, `cargo has left no ${CRATE}-${VERSION} in ${sources}`);
  return folder;
}

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-wasi-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes files into a new folder. @returns its path */
function witFolder(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(join(path, "deps"), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

const command = "package my:hello; world hello { include wasi:cli/command@0.3.0; }";

test("they are the crate's, byte for byte", async () => {
  const theirs = join(await crate(), "src", "p3", "wit", "deps");
  const names = readdirSync(theirs).sort();
  assert.deepEqual(readdirSync(shipped).sort(), ["LICENSE", "README.md", ...names].sort());
  for (const name of names)
    assert.equal(readFileSync(join(shipped, name), "utf8"), readFileSync(join(theirs, name), "utf8"), name);
});

test("a world in one file or in a folder includes wasi:cli/command without a deps folder", async () => {
  const path = witFolder("plain", { "hello.wit": command });
  for (const wit of [path, join(path, "hello.wit")]) {
    const world = await resolveWorld(wit);
    assert.deepEqual(
      world.exports.interfaces.map(({ id }) => id),
      ["wasi:cli/run@0.3.0"],
    );
    const imports = world.imports.interfaces.map(({ id }) => id);
    for (const name of ["cli/stdout", "filesystem/types", "clocks/monotonic-clock", "sockets/types"])
      assert.ok(imports.includes(`wasi:${name}@0.3.0`), name);
  }
});

test("so does one that serves HTTP", async () => {
  const wit = "package my:web; world web { include wasi:http/service@0.3.0; }";
  const world = await resolveWorld(witFolder("web", { "web.wit": wit }));
  assert.deepEqual(
    world.exports.interfaces.map(({ id }) => id),
    ["wasi:http/handler@0.3.0"],
  );
});

test("a package in deps, or in the WIT itself, comes first", async () => {
  const own = "interface stdout { shout: func(); } world command { import stdout; }";
  const inDeps = witFolder("own-deps", {
    "hello.wit": command,
    "deps/cli.wit": `package wasi:cli@0.3.0; ${own}`,
  });
  const inside = witFolder("own-inside", { "hello.wit": `${command} package wasi:cli@0.3.0 { ${own} }` });
  for (const wit of [inDeps, inside, join(inside, "hello.wit")]) {
    const { imports } = await resolveWorld(wit);
    assert.deepEqual(
      imports.interfaces.map(({ id, functions }) => [id, functions.map(({ name }) => name)]),
      [["wasi:cli/stdout@0.3.0", ["shout"]]],
    );
  }
});

test("every way to name one brings it: import, export, include and use, of any depth", async () => {
  const uses = [
    "world w { import wasi:random/random@0.3.0; }",
    "world w { export wasi:cli/run@0.3.0; }",
    "world w { use wasi:clocks/types@0.3.0.{duration}; export f: func() -> duration; }",
    "interface i { use wasi:clocks/types@0.3.0.{duration as d}; f: func() -> d; } world w { export i; }",
    "interface i { use wasi:http/types@0.3.0.{request}; f: func(r: request); } world w { import i; }",
    "use wasi:clocks/types@0.3.0 as t; interface i { use t.{duration}; f: func() -> duration; } world w { export i; }",
  ];
  for (const [i, use] of uses.entries()) {
    const { imports, exports } = await resolveWorld(
      witFolder(`use-${i}`, { "w.wit": `package a:b; ${use}` }),
    );
    const ids = [...imports.interfaces, ...exports.interfaces].map(({ id }) => id);
    assert.ok(
      ids.some((id) => /^wasi:.*@0\.3\.0$/.test(id)),
      use,
    );
  }
});

test("a package that is not there: the message says which need no file, and where others go", async () => {
  for (const use of ["include wasi:cli/command", "include wasi:cli/command@0.3.1", "import my:other/i"])
    await assert.rejects(
      resolveWorld(witFolder("absent", { "w.wit": `package a:b; world w { ${use}; }` })),
      /w\.wit:1:\d+: package '[^']*' not found; known packages: a:b; as-rill brings version 0\.3\.0 of wasi:cli, wasi:clocks, .*wasi:sockets; any other package goes into a deps folder beside the WIT$/,
    );
});

test("a package of another version is not there", async () => {
  const wit = witFolder("other", { "hello.wit": command.replace("0.3.0", "0.2.0") });
  await assert.rejects(resolveWorld(wit), /hello\.wit:1:41: .*wasi:cli@0\.2\.0/);
});
