/** A tool that is there but lacks a part: exit 2 and one line that says what to install. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { copyGuest, rill } from "./rill.js";

const folder = mkdtempSync(join(tmpdir(), "rill-tools-"));
const broken = join(folder, "bin");
const core = "out/double.core.wasm";

/** Puts a compiler that refuses every file first on the path; one that refuses only what has `flag`. */
function refuse(name: string, flag = ""): void {
  const path = join(broken, name);
  writeFileSync(
    path,
    `#!/bin/sh
case "$*" in
  *-dump*) ;;
  *${flag}*) echo "no headers" >&2; exit 1;;
esac
PATH="\${PATH#*:}" exec ${name} "$@"
`,
  );
  chmodSync(path, 0o755);
}

before(() => {
  copyGuest("double", folder);
  writeFileSync(join(folder, "x.bin"), "");
  mkdirSync(broken);
  refuse("gcc", "-m32");
  refuse("arm-none-eabi-gcc");
  assert.equal(rill(folder, ["build", "double.ts", "--wit", "double.wit", "-o", "out"]).code, 0);
});

after(() => {
  rmSync(folder, { recursive: true });
});

for (const [what, args, line] of [
  ["libraries of 32 bits", ["report", core, "--device", "classic"], /gcc-multilib/],
  ["a C library", ["report", core, "--device", "native", "--cpu", "cortex-m0"], /libnewlib-arm-none-eabi/],
  ["a C library", ["flash", core, "--board", "microbit", "--in", "x=x.bin"], /libnewlib-arm-none-eabi/],
] as const) {
  test(`rill ${args.join(" ")} with a compiler that lacks ${what} says what to install`, () => {
    const path = `${broken}${delimiter}${process.env["PATH"]}`;
    const { code, stdout, stderr } = rill(folder, args, { PATH: path });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^rill: [^\n]+type: [^\n]+\n$/);
    assert.match(stderr, line);
  });
}
