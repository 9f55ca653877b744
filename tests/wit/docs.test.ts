/** Doc comments come to what they stand in front of, and to nothing else. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { World } from "../../tools/wit/model.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

let folder: string;
let world: World;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-docs-"));
  const wit = join(folder, "w.wit");
  writeFileSync(
    wit,
    `package a:b;
/// Not of the interface: of j.
interface j { record r { a: u8 } }
/// Of i.
/// And more.
interface i {
  use j.{r};
  /// Of the record.
  record fields {
    /// Of the field.
    size: u32,
    /// Of %name.
    %name: u8,
  }
  /// Of the case.
  variant v {
    size(u32),
    /// Of the one with a payload.
    pair(tuple<result<u8, u8>, list<u8, 2>>), name }
  /// Of the flags.
  flags bits { /// Of the first.
    one, two, }
  /** Of the alias. */
  type code = u32;
  size: func() -> u32;
  /** Of name,
   * in a block. */
  @since(version = 1.0.0)
  name: func(x: fields, y: v, z: r, b: bits, c: code) -> u8;
  // Not a doc comment.
  plain: func(
    /// Of the parameter.
    last: u8);
  last: func();
  /// Of %string { braces }
  %string: func();
  /// Of the resource.
  resource counter {
    /// Of the constructor.
    constructor(a: u8);
    /// Of the method.
    next: func() -> u8;
    last: static func() -> u8;
  }
  /// Of the free one.
  next: func();
}
/// Of k, which has a size, too.
interface k {
  /// Of k's size.
  size: func();
}
/// Of the world.
world w {
  import j;
  /// Of the world's own.
  export run: func();
  export i;
  export k;
  export other:one/k;
  /// Of the inline one.
  import inside: interface {
    /// Of its function.
    size: func();
  }
}
package other:one {
  /// Of the other k.
  interface k {
    /// Of the other's size.
    size: func();
  }
}
`.replace("@since(version = 1.0.0)\n", ""),
  );
  world = await resolveWorld(wit);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function docsOf(id: string): Record<string, string | undefined> {
  const { interfaces } = world.exports;
  const found = [...interfaces, ...world.imports.interfaces].find((item) => item.id === id)!;
  return Object.fromEntries(found.functions.map((func) => [`${func.kind} ${func.name}`, func.docs]));
}

test("of functions, not of fields, cases and parameters of their names", () => {
  assert.deepEqual(docsOf("a:b/i"), {
    "freestanding size": undefined,
    "freestanding name": "Of name,\nin a block.",
    "freestanding plain": undefined,
    "freestanding last": undefined,
    "freestanding string": "Of %string { braces }",
    "constructor counter": "Of the constructor.",
    "method next": "Of the method.",
    "static last": undefined,
    "freestanding next": "Of the free one.",
  });
  assert.deepEqual(docsOf("a:b/k"), { "freestanding size": "Of k's size." });
  assert.deepEqual(docsOf("other:one/k"), { "freestanding size": "Of the other's size." });
  assert.deepEqual(docsOf("inside"), { "freestanding size": "Of its function." });
});

test("of interfaces, of the world and of its functions", () => {
  const docs = Object.fromEntries(
    [...world.exports.interfaces, ...world.imports.interfaces].map((item) => [item.id, item.docs]),
  );
  assert.deepEqual(docs, {
    "a:b/i": "Of i.\nAnd more.",
    "a:b/k": "Of k, which has a size, too.",
    "a:b/j": "Not of the interface: of j.",
    inside: "Of the inline one.",
    "other:one/k": "Of the other k.",
  });
  assert.equal(world.docs, "Of the world.");
  assert.equal(world.exports.functions[0]!.docs, "Of the world's own.");
});

test("of types, of their fields, cases and labels, and of resources", () => {
  const { types, resources } = world.exports.interfaces.find((item) => item.id === "a:b/i")!;
  const [record, variant, flags, alias] = ["fields", "v", "bits", "code"].map((name) =>
    types.find((type) => type.name?.name === name)!,
  );
  assert.ok(record?.kind === "record" && variant?.kind === "variant" && flags?.kind === "flags");
  assert.equal(record.docs, "Of the record.");
  assert.deepEqual(
    record.fields.map(({ docs }) => docs),
    ["Of the field.", "Of %name."],
  );
  assert.equal(variant.docs, "Of the case.");
  assert.deepEqual(
    variant.cases.map(({ docs }) => docs),
    [undefined, "Of the one with a payload.", undefined],
  );
  assert.equal(flags.docs, "Of the flags.");
  assert.deepEqual(flags.labelDocs, ["Of the first.", undefined]);
  assert.equal(alias?.docs, "Of the alias.");
  assert.equal(resources[0]!.docs, "Of the resource.");
});
