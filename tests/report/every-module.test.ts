/**
 * Modules of five compilers: sums, the schema, and what other tools say of sections, functions, imports and
 * exports.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { wabt } from "../../dev/setup/wabt.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { corpus } from "./corpus.js";
import { functionsAgree, namesAgree, sectionsAgree } from "./other-tools.js";
import { analysed, guest, rill, sum } from "./rill.js";

const modules = [
  ...(await corpus()),
  await guest("examples/ecg/ecg.ts", "examples/ecg/ecg.wit"),
  await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit"),
];
const sectionsTool = await wasmTools();
const functionsTool = await wabt();
assert.ok(!isMissing(sectionsTool) && !isMissing(functionsTool));
const schema = JSON.parse(rill("report", "--schema").stdout) as object;
const matchesSchema = new Ajv.default({ strict: false }).compile(schema);

for (const path of modules) {
  const report = await analysed(path);
  test(`every byte once: ${path.split("/").at(-1)!}`, () => {
    const length = readFileSync(path).length;
    assert.equal(report.file_bytes, length);
    assert.equal(
      sum(report.parts, (part) => part.bytes),
      length,
      "parts",
    );
    assert.equal(
      sum(report.origins, (origin) => origin.bytes),
      length,
      "origins",
    );
    assert.equal(8 + sum(report.sections, (section) => section.bytes), length, "sections");
    assert.equal(report.stripped_bytes + report.custom_bytes, length, "custom sections");
    const functions = sum(report.functions, (entry) => entry.bytes);
    const inLines = sum(report.sources, (source) => sum(source.lines, (line) => line.bytes));
    assert.equal(inLines + report.source_map.unmapped_code_bytes, functions, "source lines");
    for (const { origins, bytes } of report.functions) {
      assert.equal(
        sum(Object.values(origins), (part) => part),
        bytes,
        "origins of a function",
      );
    }
    const code = report.sections.find(({ name }) => name === "code");
    const count = readModule(readFileSync(path)).code.length;
    assert.equal(functions + lebBytes(count), code?.payload_bytes ?? 1, "functions and their count");
    assert.equal(
      sum(report.linear_memory.regions, (region) => region.bytes),
      report.linear_memory.initial_bytes,
      "memory",
    );
  });

  test(`sections, functions, imports and exports as others see them: ${path.split("/").at(-1)!}`, () => {
    sectionsAgree(sectionsTool.path, path, report);
    functionsAgree(functionsTool.path, path, report);
    namesAgree(path, report);
  });

  test(`JSON as documented: ${path.split("/").at(-1)!}`, () => {
    // Through JSON, as a reader gets it.
    matchesSchema(JSON.parse(JSON.stringify(report)));
    assert.deepEqual(matchesSchema.errors, null);
  });
}

test("the schema refuses a report without one of DESIGN's fields", async () => {
  const report: Record<string, unknown> = { ...(await analysed(modules.at(-1)!)) };
  for (const field of [
    "file_bytes",
    "code_bytes",
    "data_bytes",
    "custom_bytes",
    "functions",
    "linear_memory",
    "memory_grow",
    "allocator_functions",
    "cabi_realloc",
  ]) {
    const rest = Object.fromEntries(Object.entries(report).filter(([name]) => name !== field));
    assert.equal(matchesSchema(rest), false, field);
  }
});

function lebBytes(value: number): number {
  return value < 0x80 ? 1 : 1 + lebBytes(value >>> 7);
}
