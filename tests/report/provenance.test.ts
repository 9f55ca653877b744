/** Where a module comes from: the record in it, the bill of materials, sources that give the same bytes. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { UserError } from "../../tools/errors/user-error.js";
import { readRecord, withRecord } from "../../tools/provenance/build-record.js";
import { sbomOf } from "../../tools/provenance/sbom.js";
import { sourceFolder } from "../../tools/provenance/source-folder.js";
import { analyseFile } from "../../tools/report/report-command.js";
import { verify } from "../../tools/verify/verify.js";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";
import { readModule, withoutCustomSections } from "../../tools/wasm/read-module.js";
import { analysed, file, folder, rill, wat } from "./rill.js";

const WIT =
  "package my:test;\ninterface i { scale: async func(x: stream<u32>) -> stream<u32>; }\nworld w { export i; }\n";
const GUEST = `import { factor } from "gain/assembly/index";
import { scale } from "./bindings/my-test-i";
export function run(task: scale.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(input.value * factor)) break;
}
`;
const FILES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "scale", "version": "2.1.0", "license": "MIT" }\n',
  "package-lock.json": '{ "lockfileVersion": 3 }\n',
  "assembly/scale.ts": GUEST,
  "wit/scale.wit": WIT,
  "node_modules/gain/package.json":
    '{ "name": "gain", "version": "1.0.3", "license": "(MIT OR Apache-2.0)" }\n',
  "node_modules/gain/assembly/index.ts": "export const factor: u32 = 3;\n",
};
const here = join(folder, "here");
for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(here, path)), { recursive: true });
  writeFileSync(join(here, path), text);
}
const elsewhere = join(folder, "else", "where", "altogether");
cpSync(here, elsewhere, { recursive: true });
const built = await buildGuest({
  entry: join(here, "assembly/scale.ts"),
  wit: join(here, "wit"),
  outDir: join(here, "build"),
  component: true,
  bindings: false,
});
const core = readFileSync(built.corePath);
const report = await analysed(built.corePath);

/** The copy with a file that is another, or gone. */
function changed(path: string, text: string | null): string {
  const copy = join(folder, `changed-${path.replaceAll("/", "-")}`);
  cpSync(elsewhere, copy, { recursive: true });
  if (text === null) rmSync(join(copy, path));
  else writeFileSync(join(copy, path), text);
  return copy;
}

test("sources in another folder give the same component, byte for byte", () => {
  const { code, stdout } = rill("verify", built.componentPath!, "--source", elsewhere);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /scale\.component\.wasm is what .*altogether builds: [\d,]+ bytes, sha256 [0-9a-f]{64}\n$/,
  );
  assert.ok(!core.includes(folder), "no path of the machine is in the module");
});

test("another source: exit 1, with the section and the function that differ first", () => {
  const source = changed("assembly/scale.ts", GUEST.replace("* factor", "+ factor"));
  const { code, stderr } = rill("verify", built.corePath, "--source", source);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /is not what .* builds: first difference in section code, function rill-entry\/lift0, byte /,
  );
});

test("another lock file: what runs is the same, and the record says what is not", async () => {
  const found = await verify(built.corePath, changed("package-lock.json", "{}\n"));
  assert.equal(found.same, false);
  assert.equal(found.first_difference!.section, 'custom "rill-build"');
  assert.equal(found.same_code_and_data, true);
  assert.deepEqual(found.record_differs, ["lock"]);
});

test("nothing to build by: exit 2 with what to do", async () => {
  const stripped = file("stripped.wasm", withoutCustomSections(core));
  const record = readRecord(core);
  assert.ok(record !== null && record !== "damaged");
  const bare = withoutCustomSections(core);
  const newer = file(
    "newer.wasm",
    withRecord(bare, { ...record, tools: { ...record.tools, binaryen: "999.0.0" } }),
  );
  const outside = file("outside.wasm", withRecord(bare, { ...record, entry: "../../secret.ts" }));
  const refused: readonly [path: string, source: string, message: RegExp][] = [
    [stripped, here, /does not say how it was built: it was stripped, or not built by rill build; /],
    [newer, here, /was built with binaryen 999\.0\.0, and here is 131.*only the same versions/],
    [outside, here, /its record of the build is damaged/],
    [built.corePath, join(here, "wit"), /it holds no assembly\/scale\.ts, which the module was built from/],
    [
      built.corePath,
      join(here, "none"),
      /no such folder; name the one that holds assembly\/scale\.ts and wit/,
    ],
    [join(here, "package.json"), here, /is not WebAssembly/],
  ];
  for (const [path, source, message] of refused)
    await assert.rejects(
      verify(path, source),
      (error) => error instanceof UserError && message.test(error.message),
    );
  const { code, stderr } = rill("verify", stripped, "--source", here);
  assert.equal(code, 2);
  assert.equal(stderr.trimEnd().split("\n").length, 1);
});

test("the report says what made the module, and notes a record that is damaged", async () => {
  const { provenance, stripped_bytes: bytes } = report;
  assert.equal(bytes, withoutCustomSections(core).length);
  assert.deepEqual(provenance.producers, []);
  assert.deepEqual(provenance.build, {
    ...(readRecord(core) as object),
    entry: "assembly/scale.ts",
    wit: "wit",
    world: "my:test/w",
    project: { name: "scale", version: "2.1.0", license: "MIT" },
  });
  assert.equal(provenance.build!.packages.at(-1)!.name, "gain");
  const jco = "@bytecodealliance/jco-transpile";
  assert.deepEqual(Object.keys(provenance.build!.tools), ["as-rill", "assemblyscript", "binaryen", jco]);
  const text = rill("report", built.corePath, "--all").stdout;
  assert.match(text, /built from: assembly\/scale\.ts, wit, world my:test\/w\n  flags: --wait wait\n/);
  assert.match(text, /lock file: package-lock\.json, sha256\s+[0-9a-f]{64}/);
  assert.match(text, /compiled in: gain 1\.0\.3, licence \(MIT OR Apache-2\.0\)/);
  const half = core.subarray(0, core.indexOf('"packages"'));
  const damaged = file("damaged-record.wasm", resized(half));
  const { provenance: none, notes } = await analysed(damaged);
  assert.equal(none.build, null);
  assert.ok(notes.includes("Its record of the build is damaged."));
});

/** `bytes` of a module whose last section was cut, with that section's length mended. */
function resized(bytes: Uint8Array): Uint8Array {
  const record = readModule(core).sections.at(-1)!;
  const content = bytes.subarray(core.indexOf("rill-build") - 1);
  const length = [(content.length & 0x7f) | 0x80, content.length >> 7];
  return Buffer.concat([core.subarray(0, record.start), Uint8Array.of(0, ...length), content]);
}

test("the record of a component's core module, and the producers of other compilers' modules, are read", async () => {
  const { report } = await analyseFile(built.componentPath!, { core: 0 });
  assert.equal(report.provenance.build!.entry, "assembly/scale.ts");
  const names = new ByteWriter()
    .name("producers")
    .put(1)
    .name("processed-by")
    .put(1)
    .name("rustc")
    .name("1.90.0");
  const module = new ByteWriter().append(wat("(module)"));
  const [whole, cut] = [0, 3].map((less) => {
    const content = names.bytes.subarray(0, names.bytes.length - less);
    return file(`producers-${less}.wasm`, new ByteWriter().append(module.bytes).section(0, content).bytes);
  });
  assert.deepEqual((await analysed(whole!)).provenance, {
    producers: [{ field: "processed-by", name: "rustc", version: "1.90.0" }],
    build: null,
  });
  const { provenance, notes } = await analysed(cut!);
  assert.deepEqual(provenance.producers, []);
  assert.ok(notes.includes("Its producers section is damaged."));
});

test("the bill of materials is valid CycloneDX 1.6, and the same each time", async () => {
  const path = join(folder, "sbom.json");
  assert.equal(rill("report", built.corePath, "--sbom", path).code, 0);
  const text = readFileSync(path, "utf8");
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  assert.equal(await validator.validate(text), null);
  assert.notEqual(await validator.validate(text.replace('"library"', '"shelf"')), null);
  const { components, metadata } = JSON.parse(text) as {
    components: { purl: string; licenses: unknown }[];
    metadata: { component: { version: string; hashes: { content: string }[] } };
  };
  assert.deepEqual(
    components.map(({ purl }) => purl).map((purl) => purl.replace(/@.*/, "")),
    ["pkg:npm/as-rill", "pkg:npm/assemblyscript", "pkg:npm/gain"],
  );
  assert.deepEqual(components.at(-1)!.licenses, [{ expression: "(MIT OR Apache-2.0)" }]);
  assert.equal(metadata.component.version, "2.1.0");
  assert.equal(metadata.component.hashes[0]!.content, report.sha256);
  assert.equal(sbomOf({ ...report, ...report.provenance }), text);
});

test("the folder of the sources is the innermost that holds both, whatever is around it", () => {
  const entry = join(here, "assembly", "scale.ts");
  assert.equal(sourceFolder(entry, join(here, "wit")), here);
  assert.equal(sourceFolder(entry, join(here, "wit", "scale.wit")), here);
  assert.equal(sourceFolder(entry, here), here);
  assert.equal(sourceFolder(join(here, "wit", "scale.wit"), join(here, "wit")), join(here, "wit"));
});
