/** A command of WASI 0.2, whose host has no streams of the Component Model, builds and runs as ever. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { runOnWasmtime } from "./components.js";

const wit = `package my:two;
world two {
  import wasi:cli/stdout@0.2.0;
  export wasi:cli/run@0.2.0;
}
package wasi:io@0.2.0 {
  interface error { resource error; }
  interface streams {
    use error.{error};
    variant stream-error { last-operation-failed(error), closed }
    resource output-stream {
      blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
    }
  }
}
package wasi:cli@0.2.0 {
  interface stdout {
    use wasi:io/streams@0.2.0.{output-stream};
    get-stdout: func() -> output-stream;
  }
  interface run { run: func() -> result; }
}
`;

const source = `import * as stdout from "./bindings/wasi-cli-stdout";
export function run(): bool {
  const output = stdout.getStdout();
  const text: StaticArray<u8> = [104, 105, 10];
  output.blockingWriteAndFlush(text);
  output.drop();
  return true;
}
`;

test("wasi:cli@0.2 prints", async () => {
  await inTemporaryFolder("rill-two-", async (folder) => {
    const entry = join(folder, "two.ts");
    writeFileSync(entry, source);
    writeFileSync(join(folder, "two.wit"), wit);
    const options = { entry, wit: join(folder, "two.wit"), component: true, outDir: folder };
    const { componentPath } = await buildGuest(options);
    assert.deepEqual(await runOnWasmtime(componentPath!), { code: 0, output: "hi\n" });
  });
});
