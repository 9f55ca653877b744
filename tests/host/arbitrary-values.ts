/** Random types of the Component Model, and random values of each. */
import fc from "fast-check";
import type { Value } from "../../tools/host/values/value.js";
import { integerRange, type IntegerKind } from "../../tools/host/values/scalar.js";
import type { PrimitiveKind, ValueType } from "../../tools/wit/model.js";

const primitives: readonly PrimitiveKind[] = [
  "bool",
  "u8",
  "u16",
  "u32",
  "u64",
  "s8",
  "s16",
  "s32",
  "s64",
  "f32",
  "f64",
  "char",
  "string",
];

/** Objects of the ordinary kind only: that is what the host makes. */
const plainObject = { noNullPrototype: true } as const;

const names = (min: number, max: number): fc.Arbitrary<string[]> =>
  fc.integer({ min, max }).map((count) => Array.from({ length: count }, (_, i) => `n${i}`));

/** Types of any depth without handles. */
export const anyType: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => {
  const inner = tie("type");
  const orNone = fc.option(inner, { nil: null });
  const some = fc.array(inner, { minLength: 1, maxLength: 4 });
  return {
    type: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom(...primitives).map((kind): ValueType => ({ kind })),
      names(1, 300).map((labels): ValueType => ({ kind: "enum", labels })),
      names(1, 32).map((labels): ValueType => ({ kind: "flags", labels })),
      some.map((types): ValueType => ({ kind: "tuple", types })),
      some.map((types): ValueType => ({
        kind: "record",
        fields: types.map((type, i) => ({ name: `n${i}`, type })),
      })),
      fc.array(orNone, { minLength: 1, maxLength: 4 }).map((types): ValueType => ({
        kind: "variant",
        cases: types.map((type, i) => ({ name: `n${i}`, type })),
      })),
      inner.map((type): ValueType => ({ kind: "option", type })),
      fc.tuple(orNone, orNone).map(([ok, error]): ValueType => ({ kind: "result", ok, error })),
      inner.map((element): ValueType => ({ kind: "list", element })),
      fc
        .tuple(inner, fc.integer({ min: 1, max: 3 }))
        .map(([element, length]): ValueType => ({ kind: "list", element, length })),
    ),
  };
}).type;

/** Values of a type, as the host has them. */
export function anyValue(type: ValueType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "f32":
      return fc.float();
    case "f64":
      return fc.double();
    case "char":
      return fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    case "string":
      return fc.string({ unit: "binary" });
    case "list":
      if (type.length === undefined) return fc.array(anyValue(type.element), { maxLength: 5 });
      return fc.array(anyValue(type.element), { minLength: type.length, maxLength: type.length });
    case "tuple":
      return fc.tuple(...type.types.map(anyValue));
    case "record":
      return fc.record(
        Object.fromEntries(type.fields.map((field) => [field.name, anyValue(field.type)])),
        plainObject,
      );
    case "enum":
      return fc.constantFrom(...type.labels);
    case "flags":
      return fc.record(Object.fromEntries(type.labels.map((label) => [label, fc.boolean()])), plainObject);
    case "option":
      return fc.oneof(fc.constant(null), caseArbitrary("some", type.type));
    case "result":
      return fc.oneof(caseArbitrary("ok", type.ok), caseArbitrary("error", type.error));
    case "variant":
      return fc.oneof(...type.cases.map((c) => caseArbitrary(c.name, c.type)));
    case "u64":
    case "s64": {
      const [min, max] = integerRange[type.kind];
      return fc.bigInt({ min, max });
    }
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      throw new Error(`no values of ${type.kind}`);
    default: {
      const [min, max] = integerRange[type.kind as IntegerKind];
      return fc.integer({ min: Number(min), max: Number(max) });
    }
  }
}

function caseArbitrary(label: string, type: ValueType | null): fc.Arbitrary<Value> {
  return (type === null ? fc.constant(null) : anyValue(type)).map((payload) => ({ [label]: payload }));
}

/** A type with some values of it. */
export const typeWithValues: fc.Arbitrary<{ type: ValueType; values: Value[] }> = anyType.chain((type) =>
  fc.array(anyValue(type), { minLength: 1, maxLength: 3 }).map((values) => ({ type, values })),
);
