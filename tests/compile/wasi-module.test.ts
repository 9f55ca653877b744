/**
 * `as-rill/wasi`: compiled with the guest's own bindings, wherever they are; what is not called is not there.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { type TemporaryFolder, temporaryFolder } from "../../tools/processes/temporary-folder.js";

const wit = `package my:p;
interface job {
  work: async func();
}
world w {
  import wasi:cli/stdout@0.3.0;
  export job;
}
`;
const everything =
  "answer, args, beginAnswer, copy, endAnswer, env, openBody, print, printError, readFile, sleep, writeFile, writeText";

/** Builds a guest of that world. @returns its folder, with `out/p.core.wasm` in it */
async function built(name: string, source: string): Promise<TemporaryFolder> {
  const folder = temporaryFolder(`rill-${name}-`);
  mkdirSync(join(folder.path, "guest"));
  writeFileSync(join(folder.path, "p.wit"), wit);
  const entry = join(folder.path, "guest", "p.ts");
  writeFileSync(entry, source);
  await buildGuest({ entry, wit: join(folder.path, "p.wit"), outDir: join(folder.path, "out") });
  return folder;
}

function core({ path }: TemporaryFolder): Buffer {
  return readFileSync(join(path, "out", "p.core.wasm"));
}

const body = `import { work } from "./bindings/my-p-job";
export function run(task: work.Task): void { task.resolve(); }
`;

test("a guest that imports all of it and calls none is the guest without it, by the byte", async () => {
  const plain = await built("plain", body);
  const imports = await built("imports", `import { ${everything} } from "as-rill/wasi";\n${body}`);
  assert.deepEqual(core(imports), core(plain));
});

test("print takes no allocator", async () => {
  const source = `import { print } from "as-rill/wasi";\n${body.replace("task.resolve", 'print("é"); task.resolve')}`;
  const module = new WebAssembly.Module(new Uint8Array(core(await built("print", source))));
  const exports = WebAssembly.Module.exports(module).map(({ name }) => name);
  assert.ok(!exports.includes("cabi_realloc"), exports.join());
});

test("a call of what the world does not import is refused by name", async () => {
  const source = `import { sleep } from "as-rill/wasi";\n${body.replace("task.resolve", "sleep(1); task.resolve")}`;
  await assert.rejects(built("sleep", source), /'waitFor' does not exist on type .*monotonicClock/);
});
