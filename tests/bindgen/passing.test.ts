/** Ends that a guest hands on: as a parameter of a call, as its answer, inside of values. */
import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { SharedFuture } from "../../tools/host/copies/shared-future.js";
import { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { Items } from "../../tools/host/copies/items.js";
import { StreamSource, sourceOf } from "../../tools/host/copies/stream-source.js";
import type { Value } from "../../tools/host/values/value.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { packageRoot } from "../../tools/package-root.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";
import { type TestFunction, type TestGuest, after, build, open } from "../../tools/testing/testing.js";

const IMPORTS_PASS = 'import { pass } from "./pass";';
/** A guest's second file: an item goes through a stream of its own. */
const PASS_THROUGH = `import { StreamU32 } from "./bindings/pairs";

export function pass<W>(output: W, value: u32): bool {
  const writer = StreamU32.create();
  const reader = StreamU32.readable(writer).open();
  reader.start();
  writer.writeOne(value);
  const came = reader.next() ? reader.value : 0;
  writer.drop();
  reader.drop();
  return output.writeOne(came);
}
`;
const base = join(packageRoot, "tests", "guests", "passing", "passing");
const PASS = "my:passing/pass";
const NEXT = "my:passing/next";
const U32 = { kind: "u32" } as const;
const cores = new Map<WaitStrategy, Uint8Array<ArrayBuffer>>();
const numbers = [1, 2, 3, 4, 5];
const samples = numbers.map((at) => ({ at, level: -at }));

before(async () => {
  for (const wait of ["wait", "callback"] as const)
    cores.set(wait, await build({ entry: `${base}.ts`, wit: `${base}.wit`, wait }));
});

/** What the host's functions were given. */
let given: Value[] = [];

function keeping(answer: (...args: Value[]) => ReturnType<TestFunction>): TestFunction {
  return (...args) => {
    given.push(...args);
    return answer(...args);
  };
}

function tens(): StreamSource {
  return new StreamSource(U32, sourceOf(Items.fromValues(U32, [10, 20, 30])), "ready");
}

function guest(wait: WaitStrategy, copies: "ready" | "blocking"): TestGuest {
  given = [];
  const functions = {
    [`${NEXT}#consume`]: keeping(() => after(2)),
    [`${NEXT}#relay`]: keeping((x) => x),
    [`${NEXT}#scale`]: keeping(() => tens().shared),
    [`${NEXT}#keep`]: keeping((parcel) => (parcel as { id: number }).id + 1),
  };
  return open(cores.get(wait)!, { functions, copies });
}

for (const wait of ["wait", "callback"] as const)
  for (const copies of ["ready", "blocking"] as const) {
    const name = `${wait}, copies ${copies}`;

    test(`${name}: a stream that came is the parameter of a call, and no item of it is copied`, () => {
      const host = guest(wait, copies);
      assert.equal(host.call(`${PASS}#sink`, [numbers]), null);
      const [x] = given;
      assert.ok(x instanceof SharedStream && !x.dropped);
      host.call(`${PASS}#sink`, [numbers]);
      assert.notEqual(given[1], x);
    });

    test(`${name}: a stream or future that came is the result`, () => {
      const host = guest(wait, copies);
      for (let call = 0; call < 2; call++) {
        assert.deepEqual(host.call(`${PASS}#back`, [numbers]), numbers);
        assert.deepEqual(host.call(`${PASS}#back`, [numbers], { take: 2 }), [1, 2]);
        assert.equal(host.call(`${PASS}#later`, ["text"]), "text");
      }
    });

    test(`${name}: through a call, of records that two interfaces use`, () => {
      assert.deepEqual(guest(wait, copies).call(`${PASS}#through`, [samples]), samples);
      assert.ok(given[0] instanceof SharedStream);
    });

    test(`${name}: one parameter is made, the other one handed on`, () => {
      const host = guest(wait, copies);
      assert.equal(host.call(`${PASS}#scaled`, [9]), 60);
      assert.ok(given[0] instanceof SharedStream && given[1] === 3 && given[2] instanceof SharedFuture);
    });

    test(`${name}: after an item of its own the guest hands on the rest`, () => {
      const host = guest(wait, copies);
      assert.deepEqual(host.call(`${PASS}#rest`, [numbers]), [2, 3, 4, 5]);
      assert.deepEqual(host.call(`${PASS}#rest`, [[]]), []);
    });

    test(`${name}: inside of values`, () => {
      const host = guest(wait, copies);
      const { id, samples: answered } = host.call(`${PASS}#pack`, [samples, []]) as Record<string, Value>;
      assert.equal(id, 6);
      assert.notEqual((given[0] as Record<string, Value>).samples, answered);
      assert.ok(answered instanceof SharedStream);
    });

    test(`${name}: a stream that the guest has made before it answers, and one that never leaves it`, () => {
      const host = guest(wait, copies);
      assert.deepEqual(host.call(`${PASS}#made-here`, [3]), [0, 1, 2]);
      assert.equal(host.call(`${PASS}#alone`, [5]), 10);
    });

    test(`${name}: to two calls of one function at once`, () => {
      guest(wait, copies).call(`${PASS}#both`, [numbers, numbers]);
      assert.equal(new Set(given).size, 2);
    });
  }

test("--ends is for who imports bindings/pairs, in whichever file; in another guest it does nothing", async () => {
  await inTemporaryFolder("rill-pairs-", async (folder) => {
    const made = writeGuest(
      folder,
      "made",
      doubleSource("if (!pass(output, input.value)) break;", IMPORTS_PASS),
    );
    writeFileSync(join(folder, "made", "pass.ts"), PASS_THROUGH);
    const plain = writeGuest(folder, "plain", doubleSource("if (!output.writeOne(input.value)) break;"));
    const options = { wit: doubleWit, outDir: join(folder, "out"), endPlaces: 2, asked: { endPlaces: 2 } };
    assert.ok(statSync((await buildGuest({ entry: made, ...options })).corePath).size > 0);
    await assert.rejects(
      buildGuest({ entry: plain, ...options }),
      /--ends 2: the world my:test\/w has no streams/,
    );
  });
});
