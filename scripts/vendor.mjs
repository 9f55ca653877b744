// Writes `vendor/`, which ships: the few files that `rill` uses of npm packages that bring much else. As
// dependencies, those with wasm-tools install a second Binaryen and native code, 100 MB in all.
// `vendor/provenance.json` says where each file is from. Plain JavaScript and no dependency: it runs before
// anything is compiled.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vendor = join(root, "vendor");

/** Files of wasm-tools' WASI, in plain JavaScript: it asks for memory and little else. */
const wasi = ["cli", "common", "config", "environment", "filesystem", "in-memory-filesystem"];
wasi.push("io", "opfs-filesystem", "random");

/** What is taken of each package; the licence always. */
const wanted = {
  "@bytecodealliance/jco-transpile": [
    "dist/wasm-tools.js",
    "vendor/wasm-tools.core.wasm",
    "vendor/wasm-tools.core2.wasm",
    "vendor/wasm-tools.js",
  ],
  "@bytecodealliance/preview2-shim": wasi.map((name) => `dist/browser/${name}.js`),
  "@cyclonedx/cyclonedx-library": [
    "NOTICE",
    "package.json",
    ...scriptsIn("@cyclonedx/cyclonedx-library", "dist.node"),
    "res/schema/spdx.SNAPSHOT.schema.json",
  ],
  "nrf-intel-hex": ["intel-hex.js"],
};

/** The scripts in a folder of a package. */
function scriptsIn(name, folder) {
  const paths = readdirSync(join(root, "node_modules", name, folder), { recursive: true });
  const scripts = paths.filter((path) => path.endsWith(".js")).sort();
  return scripts.map((path) => `${folder}/${path.replaceAll("\\", "/")}`);
}

/** Makes imports of the shim's modules imports of its files in `vendor/`. */
function relinked(text) {
  const imports = /(?<= from ')@bytecodealliance\/preview2-shim\/(\w+)(?=';$)/gm;
  return text.replaceAll(imports, "../../preview2-shim/dist/browser/$1.js");
}

/** One file: its path in `vendor/`, its bytes there, and what is said of it. */
function take(name, from) {
  const original = readFileSync(join(root, "node_modules", name, from));
  const bytes = from.endsWith(".js") ? Buffer.from(relinked(original.toString())) : original;
  const path = `${name.replace(/^@.*\//, "")}/${from}`;
  const changed = original.equals(bytes) ? {} : { changed: "paths of imports", original: sha256(original) };
  return { path, bytes, said: { path: `vendor/${path}`, from, sha256: sha256(bytes), ...changed } };
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

const { packages: locked } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const taken = Object.entries(wanted).map(([name, paths]) => {
  const { version, license, integrity } = locked[`node_modules/${name}`];
  return { name, version, license, integrity, files: ["LICENSE", ...paths].map((path) => take(name, path)) };
});
const provenance = taken.map((one) => ({ ...one, files: one.files.map(({ said }) => said) }));
const list = join(vendor, "provenance.json");
const text = `${JSON.stringify(provenance, null, 2)}\n`;
// Another program of this clone may be using what is there: it stays when nothing is new.
if (!existsSync(list) || readFileSync(list, "utf8") !== text) {
  rmSync(vendor, { recursive: true, force: true });
  for (const { path, bytes } of taken.flatMap(({ files }) => files)) {
    mkdirSync(dirname(join(vendor, path)), { recursive: true });
    writeFileSync(join(vendor, path), bytes);
  }
  writeFileSync(list, text);
}
