/** Ends in values share regions of the arena: as many as are open at once, whatever their types are. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { analyse } from "../../tools/report/build-report.js";
import { loadInput } from "../../tools/report/load-input.js";
import type { ValueType } from "../../tools/wit/model.js";
import { type BuiltGuest, FuturesHost, buildTestGuest } from "./futures-host.js";

const MADE = "test:boxes/made";
let folder: string;
let guest: BuiltGuest;
let few: BuiltGuest;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-boxes-"));
  guest = await buildTestGuest("boxes", join(folder, "default"));
  few = await buildTestGuest("boxes", join(folder, "few"), 3);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** `count` items in each of the ends of a box, no two the same. */
function box({ built }: BuiltGuest, host: FuturesHost, count: number, first = 0): Value {
  const { type } = built.world.exports.interfaces[0]!.functions[0]!.params[0]!;
  const { fields } = type as ValueType & { kind: "record" };
  const element = (name: string): ValueType =>
    (fields.find((field) => field.name === name)!.type as ValueType & { kind: "stream" }).element!;
  const each = (make: (n: number) => Value): Value[] =>
    Array.from({ length: count }, (_, n) => make(first + n));
  const stream = (name: string, make: (n: number) => Value): Value => host.stream(element(name), each(make));
  return {
    names: stream("names", (n) => `name ${n} `),
    lists: stream("lists", (n) => Array<number>(40).fill(n)),
    tags: stream("tags", (n) => ({ name: `tag ${n} `, weight: n })),
    note: host.future(element("note"), "note "),
    pages: stream("pages", (n) => [`page ${n} `]),
  };
}

/** What `ahead` makes of the items `n`. */
function lineOf(turn: number, n: number): string {
  return [`name ${n} `, `name ${n} tag ${n} ${n}`, `name ${n} page ${n} ${n}`][turn % 3]!;
}

const line = (n: number): string => `name ${n} tag ${n} `;

for (const policy of ["ready", "blocking"] as const) {
  test(`an end of each type is open at once, ${policy}: each item stays whole while the others are read`, () => {
    const host = new FuturesHost(guest, policy);
    assert.deepEqual(
      host.itemsOf(`${MADE}#mix`, [box(guest, host, 3)]),
      [0, 1, 2].map((n) => `note ${line(n)}page ${n} ${n}`),
    );
    assert.deepEqual(host.held(), []);
  });

  test(`reads that are in flight at once, ${policy}: in turns, each end in places and regions of others`, () => {
    const host = new FuturesHost(guest, policy);
    for (let turn = 0; turn < 6; turn++) {
      const items = host.itemsOf(`${MADE}#ahead`, [box(guest, host, 3, 10 * turn), turn]);
      assert.deepEqual(
        items,
        [0, 1, 2].map((n) => lineOf(turn, 10 * turn + n)),
      );
    }
    assert.deepEqual(host.held(), []);
  });

  test(`--ends 3, ${policy}: three ends of any types are open at once, a fourth one traps`, () => {
    const host = new FuturesHost(few, policy);
    assert.equal(host.itemsOf(`${MADE}#ahead`, [box(few, host, 2), 1]).length, 2);
    assert.throws(() => host.itemsOf(`${MADE}#mix`, [box(few, host, 2)]), Trap);
  });
}

test("regions of 8 KiB: the task's and one for each type that may be open, or as many as --ends says", async () => {
  const source = join(packageRoot, "tests", "guests", "boxes", "boxes");
  const used = async (endPlaces?: number): Promise<number> => {
    const [entry, wit] = [`${source}.ts`, `${source}.wit`];
    const { corePath } = await buildGuest({ entry, wit, outDir: folder, arenaBytes: 8192, endPlaces });
    return analyse(await loadInput(corePath, null), { sourceMap: null }).report.linear_memory.used_bytes;
  };
  const KIB = 1024;
  assert.ok((await used()) <= (1 + 5) * 8 * KIB + 4 * KIB);
  assert.ok((await used(2)) <= (1 + 2) * 8 * KIB + 4 * KIB);
});
