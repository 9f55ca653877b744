/**
 * What npm publishes: all that `rill` needs and a reader wants, and no program, test or map of development.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { trackedFiles } from "../rules/tracked-files.js";
import { publishedFiles } from "./installed-package.js";

let published: string[];

before(async () => {
  published = await publishedFiles();
});

test("every source of the library, the C host, the boards, the tools, every page and every example ships", () => {
  const sources = trackedFiles(
    /^(?:assembly|c|docs|examples|firmware|templates|wasi|wit)\/|^programs\/(?!fuzz\/)|^tools\/.*(?<!\.d)\.ts$/,
  );
  const wanted = sources.map(({ path }) => path.replace(/^tools\/(.*)\.ts$/, "dist/tools/$1.js"));
  const others = ["bin/rill.js", "tools/setup/wamr-crate/Cargo.lock", "tools/setup/wheels/wasmtime.txt"];
  const pages = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"];
  const missing = [...wanted, ...others, ...pages].filter((path) => !published.includes(path));
  assert.deepEqual(missing, []);
});

test("nothing else does", () => {
  const shipping =
    /^(?:assembly|c|docs|firmware|templates|wasi|wit)\/|^examples\/(?!.*\/bindings\/)|^programs\/(?!fuzz\/)|^bin\/rill\.js$|^dist\/tools\/.*\.js$|^tools\/setup\/(?:wamr-crate|wheels)\/|^[A-Z]+(?:\.md)?$|^package\.json$/;
  assert.deepEqual(
    published.filter((path) => !shipping.test(path)),
    [],
  );
});

test("what README links to ships with it", () => {
  const [readme] = trackedFiles(/^README\.md$/);
  const links = [...readme!.text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
  assert.ok(links.length > 5);
  assert.deepEqual(
    links.filter((link) => !published.includes(link)),
    [],
  );
});
