/** WIT that does not resolve: one message with the place and the real cause. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-wit-errors-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the files of a package. @returns its folder */
function packageOf(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return join(folder, name);
}

const cases: Readonly<Record<string, readonly [string, RegExp]>> = {
  "an interface that is not there, used": [
    "package a:b;\ninterface i { j: func();\n  use j.{t}; f: func(x: t); }\nworld w { export i; }\n",
    /^\S*w\.wit:3:7: interface or world `j` does not exist$/,
  ],
  "a name that its interface does not have": [
    "package a:b;\ninterface j { type u = u8; }\n// t\ninterface i { use j.{t};\n f: func(x: t); }\nworld w { export i; }\n",
    /w\.wit:4:22: name `t` does not exist/,
  ],
  "an interface that is not there, exported": [
    "package a:b;\ninterface i { k: func(x: u8); }\nworld w {\n  export k;\n}\n",
    /w\.wit:4:10: interface or world `k` does not exist/,
  ],
  "a world that is not there, included": [
    "package a:b;\nworld w {\n  include v;\n}\n",
    /w\.wit:3:11: interface or world `v` does not exist/,
  ],
  "a package that is not there": [
    "package a:b;\ninterface i {\n  use c:d/e.{t};\n}\nworld w { export i; }\n",
    /w\.wit:3:7: package 'c:d' not found; known packages: a:b/,
  ],
  "a record that holds itself": [
    "package a:b;\ninterface i {\n  r-r: func();\n  record r { a: r }\n}\nworld w { export i; }\n",
    /w\.wit:4:10: type `r` depends on itself/,
  ],
  "two functions of one name": [
    "package a:b;\ninterface h { f: func(); }\ninterface i {\n  f: func();\n  f: func();\n}\nworld w { export i; }\n",
    /w\.wit:5:3: name `f` is defined more than once/,
  ],
  "a name in camel case": [
    "package a:b;\ninterface i {\n  fooBar: func(x: u8);\n}\nworld w { export i; }\n",
    /w\.wit:3:3: invalid character in identifier 'B'; names are words with hyphens between them: foo-bar$/,
  ],
  "a name with an underscore, beside a package of WASI": [
    "package a:b;\nworld w {\n  export wasi:cli/run@0.3.0;\n  export f: func(my_x: u8);\n}\n",
    /w\.wit:4:18: invalid character in identifier '_'; .*: my-x$/,
  ],
  "a type in capital letters": [
    "package t:b;\nworld w {\n  export f: async func(t: Stream<u8>);\n}\n",
    /w\.wit:3:27: invalid character in identifier 't'; .*: stream$/,
  ],
  "a type with a question mark": [
    "package a:b;\nworld w { export f: func(x: u8?); }\n",
    /w\.wit:2:31: unexpected character '\?'; .*option<TYPE>/,
  ],
  "an array": ["package a:b;\nworld w { export f: func(x: u8[]); }\n", /w\.wit:2:31: .*list<TYPE>/],
  "an empty enum behind others": [
    "package a:b;\ninterface i {\n  enum f { a }\n  enum e { }\n}\nworld w { export i; }\n",
    /w\.wit:4:3: empty enum$/,
  ],
  "an interface that is exported twice": [
    "package a:b;\ninterface i { }\nworld w {\n  import i;\n  export i;\n  export i;\n}\n",
    /w\.wit:6:3: interface cannot be exported more than once/,
  ],
  "a file that ends too early": [
    "package a:b;\nworld w {\n  export f: func();\n",
    /w\.wit:3:19: expected .*, found eof/,
  ],
  "a control character": ["package a:b;\n\x1bworld w { }\n", /w\.wit:2:1: a control character stands here/],
  "text that runs backwards": ["package a:b;\n// \u202e\nworld w { }\n", /w\.wit:2:4: .*bidirectional/],
  "a brace that is missing": [
    "package a:b;\ninterface i {\n  f: func();\nworld w { export i; }\n",
    /w\.wit:4:1: expected `type`, `resource` or `func`, found keyword `world`/,
  ],
  "a word that WIT does not have": ["package a:b;\nwurld w {}\n", /w\.wit:2:1: expected /],
  "no WIT at all": ["package\u0000", /w\.wit:1:8: this is not UTF-8 text; name a \.wit file/],
  "an empty file": ["", /w\.wit: /],
  "a variant that holds a list of itself": [
    "package a:b;\ninterface i {\n  variant v { a(list<v>), b }\n  f: func(x: v);\n}\nworld w { export i; }\n",
    /w\.wit:3:\d+: type `v` depends on itself/,
  ],
  "several worlds": [
    "package a:b;\nworld v {}\nworld w {}\n",
    /w\.wit: which world\? Name one with --world; its worlds: v, w/,
  ],
  "no world": ["package a:b;\ninterface i {}\n", /w\.wit: it contains no world; a guest needs one/],
  "a gated type in one that is not": [
    "package a:b;\ninterface i {\n  @unstable(feature = x)\n  type t = u8;\n  f: func(a: t);\n}\nworld w { export i; }\n",
    /w\.wit: found a reference to a type which is excluded due to its feature not being activated; --features NAME/,
  ],
  "a borrow in a result": [
    "package a:b;\ninterface i {\n  resource r;\n  f: func() -> borrow<r>;\n}\nworld w { import i; }\n",
    /w\.wit:4:3: function `f` returns a type which contains a `borrow<T>` which is not supported/,
  ],
};

for (const [name, [wit, message]] of Object.entries(cases)) {
  test(name, async () => {
    const path = join(packageOf(name.replaceAll(" ", "-"), { "w.wit": wit }), "w.wit");
    await assert.rejects(resolveWorld(path), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

test("the package line may stand in any file of the folder, or in several", async () => {
  const path = packageOf("lines", {
    "a.wit": "interface i {\n  use c:d/e.{t};\n  f: func(x: t);\n}\n",
    "b.wit": "// The package.\npackage a:b@1.0.0;\nworld w { export i; }\n",
    "c.wit": "package a:b@1.0.0;\ninterface k {}\n",
    "deps/c-d/a.wit": "interface e { use f.{t}; }\n",
    "deps/c-d/b.wit": "package c:d;\n\ninterface f { type t = u8; }\n",
  });
  const world = await resolveWorld(path);
  assert.equal(world.id, "a:b/w@1.0.0");
  assert.equal(world.exports.interfaces[0]!.functions[0]!.params[0]!.type.name?.owner, "c:d/f");
});

test("an error in the second file of a dependency says so", async () => {
  const path = packageOf("second", {
    "a.wit": "package a:b;\nworld w { import c:d/f; }\n",
    "deps/c-d/a.wit": "interface e { type t = u8; }\n",
    "deps/c-d/b.wit": "package c:d;\n\ninterface f {\n  type u = v;\n}\n",
  });
  await assert.rejects(resolveWorld(path), /deps\/c-d\/b\.wit:4:12: type `v` does not exist/);
});

test("packages in blocks beside a dependency's own", async () => {
  const path = packageOf("blocks", {
    "a.wit": "package a:b;\nworld w { import c:d/f; }\n",
    "deps/c-d.wit":
      "package c:d;\ninterface f { use g:h/i.{t}; x: func(a: t); }\npackage g:h {\n  interface i { type t = u8; }\n}\n",
  });
  assert.equal((await resolveWorld(path)).imports.interfaces.length, 2);
});

test("a world may be asked for by its name or its full name, and be called as WIT's own words", async () => {
  const path = packageOf("words", {
    "a.wit": "package a:b@1.0.0;\nworld %type { export f: func(); }\nworld v {}\n",
  });
  for (const name of ["type", "%type", "a:b/type", "a:b/type@1.0.0"])
    assert.equal((await resolveWorld(path, name)).id, "a:b/type@1.0.0");
});

test("a file that is not UTF-8 says so", async () => {
  const path = join(packageOf("bytes", { "w.wit": "" }), "w.wit");
  writeFileSync(path, Buffer.from([0x70, 0xff, 0xfe, 0x0a]));
  await assert.rejects(
    resolveWorld(path),
    (error) => error instanceof UserError && /w\.wit/.test(error.message),
  );
});

test("a path that is not there says so", async () => {
  await assert.rejects(
    resolveWorld(join(folder, "nothing.wit")),
    (error) => error instanceof UserError && /nothing\.wit: /.test(error.message),
  );
});

test("a folder whose files name two packages", async () => {
  const path = packageOf("packages", {
    "a.wit": "package a:b;\nworld w { export f: func(); }\n",
    "z.wit": "\npackage c:d;\ninterface i { f: func(); }\n",
  });
  await assert.rejects(
    resolveWorld(path),
    /z\.wit:2: this is the package c:d, and \S*a\.wit is a:b; .*deps folder/,
  );
});
