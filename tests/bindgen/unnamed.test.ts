/** `as-rill/pairs`: streams and futures within a guest, of types that its world does not name. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pairFiles } from "../../dev/pairs/generate-pairs.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { build, open } from "../../tools/testing/testing.js";
import { coreImports } from "../../tools/wit/core-names.js";
import { pairTypeName, pairTypes, pairTypesWit, pairTypesWorld } from "../../tools/wit/pair-types.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const ENDS = "test:unnamed/ends";
const base = join(packageRoot, "tests", "guests", "unnamed", "unnamed");
const cores = new Map<WaitStrategy, Uint8Array<ArrayBuffer>>();

before(async () => {
  for (const wait of ["wait", "callback"] as const)
    cores.set(wait, await build({ entry: `${base}.ts`, wit: `${base}.wit`, wait }));
});

for (const wait of ["wait", "callback"] as const)
  for (const copies of ["ready", "blocking"] as const)
    test(`${wait}, copies ${copies}: numbers of every type go through streams and futures, and ticks through those without`, () => {
      const host = open(cores.get(wait)!, { copies });
      for (let call = 0; call < 2; call++) {
        assert.equal(host.call(`${ENDS}#through`, [2.5]), 2.5);
        assert.equal(host.call(`${ENDS}#sum`, [100]), 4950n);
        assert.equal(host.call(`${ENDS}#ticks`, [7]), 7);
        assert.equal(host.call(`${ENDS}#cancelled`), 3);
        assert.equal(host.call(`${ENDS}#streams`), 0);
        assert.equal(host.call(`${ENDS}#futures`), 0);
        assert.deepEqual(host.call(`${ENDS}#made`, [3]), [0, 1, 2]);
        assert.deepEqual(host.call(`${ENDS}#doubled`, [[1, 2, 3]]), [2, 4, 6]);
      }
    });

test("the files are what the generator of bindings writes: npm run pairs", () => {
  const folder = join(packageRoot, "pairs");
  const files = pairFiles();
  assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort());
  for (const [file, text] of files) assert.equal(readFileSync(join(folder, file), "utf8"), text, file);
});

test("the world of the types is what its WIT says", async () => {
  await inTemporaryFolder("rill-pairs-", async (folder) => {
    const path = join(folder, "pairs.wit");
    writeFileSync(path, pairTypesWit(new Set(pairTypes.map(pairTypeName))));
    const { id, imports, exports } = await resolveWorld(path);
    assert.deepEqual({ id, imports, exports }, pairTypesWorld);
    assert.equal(pairTypes.length, 22);
  });
});

/** A guest whose every item goes through a stream of its own. */
const FLOATS = 'import { StreamF32 } from "as-rill/pairs";';
const THROUGH_FLOATS = `const own = StreamF32.create();
  const back = StreamF32.readable(own).open();
  back.start();
  own.writeOne(<f32>input.value);
  back.next();
  own.drop();
  back.drop();
  if (!output.writeOne(<u32>back.value)) break;`;

test("a module has what it uses: built-ins of one type, and a section that names it", async () => {
  await inTemporaryFolder("rill-pairs-", async (folder) => {
    const entry = writeGuest(folder, "floats", doubleSource(THROUGH_FLOATS, FLOATS));
    const { corePath } = await buildGuest({ entry, wit: doubleWit, outDir: join(folder, "out") });
    const module = new WebAssembly.Module(readFileSync(corePath));
    const own = WebAssembly.Module.imports(module).filter(({ module: from }) => from.startsWith("as-rill"));
    assert.equal(own.length, 7);
    for (const { module: from, name } of own) {
      assert.equal(from, "as-rill:pairs/types");
      assert.match(name, /^(\[async-lower\])?\[stream-[a-z-]+-0\]stream-f32$/);
      assert.ok(coreImports(pairTypesWorld).some((item) => item.name === name));
    }
    const [world, types, ...others] = WebAssembly.Module.customSections(module, "component-type");
    assert.equal(others.length, 0);
    assert.doesNotMatch(Buffer.from(world!).toString("latin1"), /as-rill:pairs/);
    assert.match(Buffer.from(types!).toString("latin1"), /stream-f32/);
    assert.doesNotMatch(Buffer.from(types!).toString("latin1"), /stream-f64|future/);
  });
});

test("a guest that imports as-rill/pairs and uses none of it is the guest without", async () => {
  await inTemporaryFolder("rill-pairs-", async (folder) => {
    const body = "if (!output.writeOne(input.value)) break;";
    const [one, other] = await Promise.all(
      [doubleSource(body), doubleSource(body, FLOATS)].map((source, at) =>
        build({ entry: writeGuest(folder, `guest${at}`, source), wit: doubleWit, bindings: false }),
      ),
    );
    const sections = (core: Uint8Array<ArrayBuffer>): number =>
      WebAssembly.Module.customSections(new WebAssembly.Module(core), "component-type").length;
    assert.equal(sections(one!), 1);
    assert.equal(sections(other!), 1);
    assert.equal(other!.length, one!.length);
  });
});

test("--ends is for who imports as-rill/pairs, too", async () => {
  await inTemporaryFolder("rill-pairs-", async (folder) => {
    const floats = writeGuest(folder, "floats", doubleSource(THROUGH_FLOATS, FLOATS));
    const plain = writeGuest(folder, "plain", doubleSource("if (!output.writeOne(input.value)) break;"));
    const options = { wit: doubleWit, outDir: join(folder, "out"), endPlaces: 2, asked: { endPlaces: 2 } };
    assert.ok(statSync((await buildGuest({ entry: floats, ...options })).corePath).size > 0);
    await assert.rejects(
      buildGuest({ entry: plain, ...options }),
      /--ends 2: .* imports neither bindings\/pairs nor as-rill\/pairs/,
    );
  });
});

test("a stream of another type is refused where one is handed on", async () => {
  await inTemporaryFolder("rill-pairs-", async (folder) => {
    const body = "task.resolve(StreamF32.readable(StreamF32.create()));";
    const source = `import { double } from "./bindings/my-test-i";\n${FLOATS}\nexport function run(task: double.Task): void { ${body} }\n`;
    await assert.rejects(
      build({ entry: writeGuest(folder, "floats", source), wit: doubleWit, bindings: false }),
      /as-rill: .* is a stream<u32>/,
    );
  });
});
