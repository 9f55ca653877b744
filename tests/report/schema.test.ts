/** The JSON form against its own schema, with everything in it that a report can hold. */
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { file, folder, guest, rill } from "./rill.js";

type Json = Readonly<Record<string, unknown>>;

const schema = JSON.parse(rill("report", "--schema").stdout) as Json;
const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");
const old = join(folder, "old.core.wasm");
copyFileSync(double, old);
const names = await guest("examples/names/names.ts", "examples/names/names.wit");

/** The schema with every object closed: what a report holds beside it is not documented. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  return "properties" in fields ? { ...fields, additionalProperties: false } : fields;
}

const isDocumented = new Ajv.default({ strict: false }).compile(closed(schema) as Json);

function fullReport(): Json {
  const items = file("schema-items.bin", new Uint8Array(80));
  const budget = file(
    "schema-budget.json",
    JSON.stringify({ version: 1, limits: { bytes: 1, imports: 99 } }),
  );
  const flags = ["--run", "--in", `x=${items}`, "--device", "--budget", budget, "--diff", old];
  const { stdout, stderr } = rill("report", double, "--json", ...flags);
  assert.match(stderr, /the budget .* is exceeded/);
  return JSON.parse(stdout) as Json;
}

test("a report with run, device, budget and diff has the documented fields, and no others", () => {
  const report = fullReport();
  for (const part of ["run", "device", "budget", "diff"]) assert.notEqual(report[part], null, part);
  isDocumented(report);
  assert.deepEqual(isDocumented.errors, null);
  assert.equal(isDocumented({ ...report, more: 1 }), false);
  assert.equal(isDocumented({ ...report, version: 99 }), false);
  const run = report.run as Json;
  assert.equal(isDocumented({ ...report, run: { ...run, steady: 7 } }), false);
});

test("a report with an arena, a diff of different modules and a trap has them too", () => {
  const words = file("schema-words.jsonl", `"a"\n"${"b".repeat(600)}"\n`);
  const { stdout } = rill("report", names, "--json", "--run", "--in", `x=${words}`, "--diff", double);
  const report = JSON.parse(stdout) as Json;
  assert.notEqual((report.run as Json).trap, null);
  isDocumented(report);
  assert.deepEqual(isDocumented.errors, null);
});

test("the schema has the version that the report has, and says what each of its parts is", () => {
  const { properties } = schema as { properties: Record<string, Json> };
  assert.equal(properties.version!.const, fullReport().version);
  for (const [name, { description }] of Object.entries(properties))
    assert.ok(typeof description === "string" && description.length > 10, name);
});
