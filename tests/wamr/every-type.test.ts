/**
 * Values of every type, random types among them, through the same guest on both
 * hosts: bit for bit what went in.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { BuildResult } from "../../tools/compile/build-guest.js";
import { Items } from "../../tools/host/copies/items.js";
import { isPlain } from "../../tools/host/values/plain-copy.js";
import type { Value } from "../../tools/host/values/value.js";
import type { DesktopVariant } from "../../tools/wamr/desktop-library.js";
import { layOut, readChunks, writeChunk } from "../../tools/c-host/item-chunks.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";
import type { WamrParameter } from "../../tools/wamr/wamr-run.js";
import type { PrimitiveKind, ValueType } from "../../tools/wit/model.js";
import { FuturesHost } from "../bindgen/futures-host.js";
import { anyType, anyValue } from "../host/arbitrary-values.js";
import { atTier, seed } from "../tier.js";
import { buildGuestOfTypes, INTERFACE, type Kind, kindsOf } from "./guest-of-types.js";

const RANDOM_TYPES = atTier(20, 400);
const ITEMS = 40;
/** Of the kinds that take one value. */
const SAMPLES = atTier(1, 3);
const ARENA_BYTES = 1 << 14;
const primitives: readonly PrimitiveKind[] = [
  ...(["bool", "char", "string", "u8", "u16", "u32", "u64"] as const),
  ...(["s8", "s16", "s32", "s64", "f32", "f64"] as const),
];
const types: readonly ValueType[] = [
  ...primitives.map((kind): ValueType => ({ kind })),
  ...fc.sample(
    anyType.filter(({ kind }) => !primitives.includes(kind as PrimitiveKind)),
    { numRuns: RANDOM_TYPES, seed },
  ),
];
const variant: DesktopVariant = { interpreter: "classic", bits: 64, sanitized: true };
let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-every-type-"));
  built = await buildGuestOfTypes(types, folder, ARENA_BYTES);
  module = new WebAssembly.Module(readFileSync(built.corePath));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Values in canonical layout, strings and lists with them: equal bytes, equal
 * values, to the last bit of a NaN.
 */
function bytes(type: ValueType, values: readonly Value[]): string {
  const { items, space } = layOut(type, values);
  return Buffer.concat([items, space]).toString("hex");
}

function onV8(kind: Kind, name: string, type: ValueType, values: readonly Value[]): Value[] {
  const host = new FuturesHost({ built, module }, "ready");
  switch (kind) {
    case "items":
      return host.itemsOf(name, [host.stream(type, values)]);
    case "promised":
      return [host.valueOf(name, [host.future(type, values[0]!)])];
    default:
      return [host.guest.call(name, [values[0]!])];
  }
}

async function onWamr(
  kind: Kind,
  name: string,
  type: ValueType,
  values: readonly Value[],
): Promise<readonly Value[]> {
  const isValue = kind === "now" || kind === "later";
  const output = join(folder, "out");
  const param: WamrParameter = isValue ? { value: values[0]! } : { path: join(folder, "in") };
  if ("path" in param) writeFileSync(param.path, fileOf(type, values));
  const job = { core: built.corePath, world: built.world, call: name, params: [param], output, variant };
  const facts = await runOnWamr({ ...job, poolBytes: 1 << 24 });
  assert.equal(facts.trap, null, name);
  return isValue ? [facts.value!] : valuesOf(type, readFileSync(output));
}

function fileOf(type: ValueType, values: readonly Value[]): Uint8Array {
  return isPlain(type) ? Items.fromValues(type, values).canonicalBytes()! : writeChunk(type, values);
}

function valuesOf(type: ValueType, file: Buffer): readonly Value[] {
  return isPlain(type) ? Items.fromBytes(type, file).values() : [...readChunks(type, file)].flat();
}

for (const [index, type] of types.entries()) {
  test(`type ${index}, ${type.kind}: parameters, results, streams and futures`, async () => {
    for (const kind of kindsOf(type)) {
      const count = kind === "items" ? ITEMS : 1;
      const samples = fc.sample(fc.array(anyValue(type), { minLength: count, maxLength: count }), {
        numRuns: kind === "items" ? 1 : SAMPLES,
        seed: seed + index,
      });
      for (const values of samples) {
        const name = `${INTERFACE}#${kind}-n${index}`;
        const wanted = bytes(type, values);
        assert.equal(bytes(type, onV8(kind, name, type, values)), wanted, `${name} on V8`);
        assert.equal(bytes(type, await onWamr(kind, name, type, values)), wanted, `${name} on WAMR`);
      }
    }
  });
}
