/**
 * When asc and Binaryen are loaded, and what V8 makes of them: two thirds of a build's
 * time once went into optimising Binaryen.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";

const folder = mkdtempSync(join(tmpdir(), "rill-compilers-"));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
const core = join(folder, "double.core.wasm");
const wit = join(packageRoot, "tests/guests/double/double.wit");

/** Runs `rill` with `args`, which ends with `code`; V8 with `flags`. @returns standard output */
function rill(
  args: readonly string[],
  { flags = [], env = {}, code = 0 }: { flags?: string[]; env?: NodeJS.ProcessEnv; code?: number } = {},
): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, join(packageRoot, "bin/rill.js"), ...args],
    { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, ...env } },
  );
  assert.equal(status, code, stderr);
  return stdout;
}

let compilations = "";
before(() => {
  const entry = join(packageRoot, "tests/guests/double/double.ts");
  const args = ["build", entry, "--wit", wit, "--no-bindings", "-o", folder];
  compilations = rill(args, { flags: ["--trace-wasm-compilation-times"] });
});

test("a build leaves Binaryen to V8's baseline compiler", () => {
  const by = (compiler: string): number => compilations.split(`using ${compiler}`).length - 1;
  assert.ok(by("Liftoff") > 1000, `${by("Liftoff")} functions compiled by Liftoff`);
  // wasm-tools is a module of its own and has both tiers.
  assert.ok(by("TurboFan") < 20, `${by("TurboFan")} functions compiled by TurboFan`);
});

const items = join(folder, "items.u32le");
writeFileSync(items, "");

const compileNothing: Readonly<Record<string, readonly string[]>> = {
  "rill --version": ["--version"],
  "rill build --help": ["build", "--help"],
  "rill bindgen": ["bindgen", wit, "-o", join(folder, "bindings")],
  "rill report": ["report", core],
  "rill run": ["run", core, "--call", "my:test/i#double", "--in", `x=${items}`],
};
const absent = join(folder, "absent");
const refused: Readonly<Record<string, readonly string[]>> = {
  "rill build without the guest": ["build", absent, "--wit", wit, "-o", folder],
  "rill build without the WIT": [
    "build",
    join(packageRoot, "tests/guests/double/double.ts"),
    "--wit",
    absent,
    "-o",
    folder,
  ],
  "rill check without the guest": ["check", absent, "--wit", wit],
  "rill pack without the module": ["pack", absent, "--format", "bin", "-o", join(folder, "image.bin")],
};
for (const [what, args] of Object.entries({ ...compileNothing, ...refused })) {
  test(`${what} loads neither asc nor Binaryen`, () => {
    const coverage = join(folder, "coverage", what);
    mkdirSync(coverage, { recursive: true });
    rill(args, { env: { NODE_V8_COVERAGE: coverage }, code: what in refused ? 2 : 0 });
    const loaded = scriptsIn(coverage);
    assert.ok(loaded.some((url) => url.endsWith("/dist/tools/cli.js")));
    assert.deepEqual(
      loaded.filter((url) => /node_modules\/(binaryen|assemblyscript)\//.test(url)),
      [],
    );
  });
}

/** URLs of the scripts that ran, as Node's coverage has them. */
function scriptsIn(coverage: string): string[] {
  return readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), "utf8")) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url);
  });
}
