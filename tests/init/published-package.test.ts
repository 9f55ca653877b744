/**
 * What npm publishes: all that `rill` needs and a reader wants, and no program, test or map of development.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { trackedFiles } from "../rules/tracked-files.js";
import { publishedFiles } from "./installed-package.js";

let published: string[];

before(async () => {
  published = await publishedFiles();
});

test("every source of the library, the C host, the boards, the tools, every page and every example ships", () => {
  const sources = trackedFiles(
    /^(?:assembly|c|docs|examples|firmware|pairs|spec|templates|text|wasi|wit)\/|^programs\/(?!(?:density|fuzz)\/)|^tools\/.*(?<!\.d)\.ts$/,
  );
  const wanted = sources.map(({ path }) => path.replace(/^tools\/(.*)\.ts$/, "dist/tools/$1.js"));
  const others = ["bin/rill.js", "tools/setup/wamr-crate/Cargo.lock", "tools/setup/wheels/wasmtime.txt"];
  const pages = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"];
  const missing = [...wanted, ...others, ...pages].filter((path) => !published.includes(path));
  assert.deepEqual(missing, []);
});

test("nothing else does", () => {
  const shipping =
    /^(?:assembly|c|docs|firmware|pairs|spec|templates|text|vendor|wasi|wit)\/|^examples\/(?!.*\/bindings\/)|^programs\/(?!(?:density|fuzz)\/)|^bin\/rill\.js$|^dist\/tools\/.*\.js$|^tools\/setup\/(?:wamr-crate|wheels)\/|^[A-Z]+(?:\.md)?$|^package\.json$/;
  assert.deepEqual(
    published.filter(
      (path) => !shipping.test(path) || /\.(?:map|d\.ts)$|^(?!examples\/).*\.test\./.test(path),
    ),
    [],
  );
});

/** As `scripts/vendor.mjs` writes it. */
interface Provenance {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly integrity: string;
  readonly files: readonly { readonly path: string; readonly from: string; readonly sha256: string }[];
}

test("where each file is from is known: this repository, or a package that vendor/provenance.json names", () => {
  const tracked = new Set(trackedFiles(/./).map(({ path }) => path));
  const sources = published.map((path) => path.replace(/^dist\/(tools\/.*)\.js$/, "$1.ts"));
  const foreign = sources.filter((path) => !tracked.has(path));
  const list = "vendor/provenance.json";
  const packages = JSON.parse(readFileSync(join(packageRoot, list), "utf8")) as Provenance[];
  assert.deepEqual(
    foreign.sort(),
    [list, ...packages.flatMap(({ files }) => files.map(({ path }) => path))].sort(),
  );
  for (const { name, version, license, integrity, files } of packages) {
    assert.ok(version && license && integrity, name);
    assert.ok(
      files.some(({ from }) => from === "LICENSE"),
      `${name}: no licence`,
    );
    for (const { path, sha256 } of files)
      assert.equal(
        createHash("sha256")
          .update(readFileSync(join(packageRoot, path)))
          .digest("hex"),
        sha256,
        path,
      );
  }
});

test("what README links to ships with it", () => {
  const [readme] = trackedFiles(/^README\.md$/);
  const links = [...readme!.text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
  assert.ok(links.length > 5);
  assert.deepEqual(
    links.filter((link) => !published.some((path) => path === link || path.startsWith(`${link}/`))),
    [],
  );
});
