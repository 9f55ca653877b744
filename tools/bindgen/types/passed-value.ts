/**
 * Parameters and results: a number that is passed as one core value, a string or array as two, or a
 * view of memory that is passed flattened.
 */
import { type CoreType, elemSize, alignment, flatten } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { loadFlat, storeFlat } from "./flat-values.js";
import type { Place } from "../refuse.js";
import { scalar } from "./scalar.js";
import { isPair, isView } from "./kinds.js";
import type { ValueClasses } from "./value-classes.js";

/** A parameter or result, in the guest's hands and as core values. */
export interface PassedValue {
  readonly type: ValueType;
  /** Type in the guest's hands. */
  readonly typeName: string;
  /** Whether the guest holds a view of memory, not a number. */
  readonly view: boolean;
  readonly coreTypes: readonly CoreType[];
  /** Expressions for the core values, from one without side effect for the value. */
  readonly lower: (value: string) => string[];
  /**
   * For a number, string or array: an expression for it, from those for its core
   * values. Views have to be stored.
   */
  readonly lift: (...cores: string[]) => string;
  /**
   * Statements that store the value at an address, in canonical layout, from expressions for its core values.
   */
  readonly store: (address: string, offset: number, cores: readonly string[]) => string[];
}

/** @throws UserError for a type that is not pointer-free, or is a stream, future or handle */
export function passedValue(type: ValueType, classes: ValueClasses, place: Place): PassedValue {
  const isPlainResult = type.kind === "result" && type.ok === null && type.error === null;
  if (isView(type) && !isPlainResult) {
    return {
      type,
      typeName: classes.typeName(type, place),
      view: true,
      coreTypes: flatten(type),
      lower: (value) => loadFlat(type, `changetype<usize>(${value})`),
      lift: () => {
        throw new Error("a view is stored, not lifted");
      },
      store: (address, offset, cores) => storeFlat(type, address, offset, cores),
    };
  }
  if (isPair(type)) {
    const typeName = classes.typeName(type, place);
    return {
      type,
      typeName,
      view: false,
      coreTypes: flatten(type),
      lower: (value) => [`i32(changetype<usize>(${value}))`, `${value}.length`],
      lift: (...cores) => liftPair(typeName, cores),
      store: (address, offset, cores) => storeFlat(type, address, offset, cores),
    };
  }
  const one = scalar(type, classes, place);
  return {
    type,
    typeName: one.typeName,
    view: false,
    coreTypes: [one.coreType],
    lower: (value) => [one.lower(value)],
    lift: (core) => one.lift(core!),
    store: (address, offset, cores) =>
      storeFlat(isPlainResult ? { kind: "u8" } : type, address, offset, cores),
  };
}

/** An expression for a string or array, from those for its address and length. */
export function liftPair(typeName: string, cores: readonly string[]): string {
  return `liftPair<${typeName}>(${cores.join(", ")})`;
}

/** Names and types of the core parameters that carry the parameter `name`. */
export function coreParamsOf(
  name: string,
  value: PassedValue,
): { readonly name: string; readonly type: string }[] {
  if (value.coreTypes.length === 1 && !value.view) return [{ name, type: value.coreTypes[0]! }];
  return value.coreTypes.map((type, index) => ({ name: `${name}_${index}`, type }));
}

/** A place in static memory for one value; it takes room in the guests that ask for it and in no others. */
export function staticPlace(constant: string, type: ValueType, of: string): string {
  return `/** ${of}: ${elemSize(type)} bytes. */\n@lazy\nconst ${constant}: usize = memory.data(${elemSize(type)}, ${alignment(type)});`;
}

/** A function that hands out such a place as a view. */
export function placeFunction(name: string, typeName: string, constant: string, note: string): string {
  return `/** ${note} */\n@inline\nexport function ${name}(): ${typeName} {\n  // SAFETY: the constant names static memory of this type's size and alignment.\n  return changetype<${typeName}>(${constant});\n}`;
}
