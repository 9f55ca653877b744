/**
 * Parameters and results that are one core value each: numbers, bool, char, enums, flags,
 * handles, and a `result` without payloads.
 */
import { type CoreType, flatten } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { Place } from "../refuse.js";
import { isHandleObject } from "./kinds.js";
import type { ValueClasses } from "./value-classes.js";

/** How a value crosses as one core value. */
export interface Scalar {
  /** Type in the guest's hands. */
  readonly typeName: string;
  /** AssemblyScript type of the core value. */
  readonly coreType: CoreType;
  /** An expression for the value, from one for the core value. */
  readonly lift: (core: string) => string;
  /** An expression for the core value, from one for the value. */
  readonly lower: (value: string) => string;
}

/** @throws UserError for a type that is not one core value */
export function scalar(type: ValueType, classes: ValueClasses, place: Place): Scalar {
  if (type.kind === "result" && type.ok === null && type.error === null) {
    return {
      typeName: "bool",
      coreType: "i32",
      lift: (core) => `${core} == 0`,
      lower: (value) => `i32(!${value})`,
    };
  }
  const typeName = classes.typeName(type, place);
  if (isHandleObject(type)) {
    return {
      typeName,
      coreType: "i32",
      lift: (core) => `changetype<${typeName}>(<usize>${core})`,
      lower: (value) => `<i32>changetype<usize>(${value})`,
    };
  }
  const coreType = flatten(type)[0]!;
  return {
    typeName,
    coreType,
    lift: (core) => liftExpression(type, typeName, core),
    lower: (value) => `${coreType}(${value})`,
  };
}

function liftExpression(type: ValueType, typeName: string, core: string): string {
  return type.kind === "bool" ? `${core} != 0` : `<${typeName}>${core}`;
}
