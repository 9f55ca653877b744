/** A function with its signature, in one line: what an image's hash of it is the CRC-32 of. */
import { crc32 } from "node:zlib";
import { componentName } from "../wit/function-name.js";
import type { FunctionType, Resource, ValueType } from "../wit/model.js";

/**
 * As `my:gpio/board#set: func(u8, bool)`. Types stand for what they are, not for what WIT calls them, so a
 * firmware knows from the text alone how to take the values.
 * @param owner the interface's full name; empty for a function of the world itself
 */
export function functionText(owner: string, func: FunctionType): string {
  const name = owner === "" ? componentName(func) : `${owner}#${componentName(func)}`;
  const params = func.params.map(({ type }) => typeText(type)).join(", ");
  const result = func.result === null ? "" : ` -> ${typeText(func.result)}`;
  return `${name}: ${func.async ? "async " : ""}func(${params})${result}`;
}

/** The hash of such a text. */
export function functionHash(text: string): number {
  return crc32(Buffer.from(text, "utf8"));
}

function typeText(type: ValueType): string {
  const orNone = (inner: ValueType | null): string => (inner === null ? "_" : typeText(inner));
  switch (type.kind) {
    case "list":
      return `list<${typeText(type.element)}${type.length === undefined ? "" : `, ${type.length}`}>`;
    case "record":
      return `record {${type.fields.map((field) => `${field.name}: ${typeText(field.type)}`).join(", ")}}`;
    case "tuple":
      return `tuple<${type.types.map(typeText).join(", ")}>`;
    case "variant":
      return `variant {${type.cases.map((one) => (one.type === null ? one.name : `${one.name}(${typeText(one.type)})`)).join(", ")}}`;
    case "enum":
    case "flags":
      return `${type.kind} {${type.labels.join(", ")}}`;
    case "option":
      return `option<${typeText(type.type)}>`;
    case "result":
      return `result<${orNone(type.ok)}, ${orNone(type.error)}>`;
    case "own":
    case "borrow":
      return `${type.kind}<${resourceText(type.resource)}>`;
    case "stream":
    case "future":
      return `${type.kind}<${orNone(type.element)}>`;
    default:
      return type.kind;
  }
}

function resourceText({ owner, name }: Resource): string {
  return `${owner}/${name}`;
}
