/**
 * Values as cells of a CSV row.
 *
 * A record has a column for each field, named as in the WIT (`outer.inner` for records inside); any other
 * type has one column. A cell holds the value as text: numbers, `true`, strings and labels as they are, an
 * empty cell for an option's `none`, JSON for lists, variants and whatever else is compound.
 */
import type { Value, LabelledValue } from "../../host/values/value.js";
import type { ValueType } from "../../wit/model.js";
import { fromJson, JsonMismatch, jsonText, toJson, type Json } from "./json-value.js";

/** The column of an element type that is no record. */
const ONLY_COLUMN = "value";

/** The names of the columns, in order. */
export function columnsOf(type: ValueType): readonly string[] {
  return leaves(type, "").map(({ name }) => (name === "" ? ONLY_COLUMN : name));
}

/**
 * The value of a row whose cells stand in the order of the columns.
 * @throws JsonMismatch when one does not fit
 */
export function fromCells(type: ValueType, cells: readonly string[]): Value {
  const rest = [...cells];
  return take(type, "", rest);
}

/** A row's cells. */
export function toCells(type: ValueType, value: Value): string[] {
  if (type.kind === "record") {
    return type.fields.flatMap((field) => toCells(field.type, (value as LabelledValue)[field.name]!));
  }
  const json = toJson(type, value);
  if (json === null) return [""];
  return [typeof json === "string" ? json : jsonText(json)];
}

function leaves(type: ValueType, name: string): { name: string; type: ValueType }[] {
  if (type.kind !== "record") return [{ name, type }];
  return type.fields.flatMap((field) =>
    leaves(field.type, name === "" ? field.name : `${name}.${field.name}`),
  );
}

function take(type: ValueType, name: string, rest: string[]): Value {
  if (type.kind === "record") {
    return Object.fromEntries(
      type.fields.map((field) => [
        field.name,
        take(field.type, name === "" ? field.name : `${name}.${field.name}`, rest),
      ]),
    );
  }
  return fromJson(type, cellJson(type, rest.shift()!, name), name);
}

/** The JSON that a cell stands for, by its type. */
function cellJson(type: ValueType, cell: string, name: string): Json {
  switch (type.kind) {
    case "string":
    case "char":
    case "enum":
      return cell;
    case "option":
      return cell === "" ? null : cellJson(type.type, cell, name);
    default:
      return parseText(cell, type, name);
  }
}

/**
 * Text as JSON; what is none, like a bare case name, as a string. Of a 64-bit integer the digits stay as
 * they are: JSON's numbers would lose some.
 */
export function parseText(text: string, type: ValueType, name = ""): Json {
  const trimmed = text.trim();
  if (trimmed !== "" && (type.kind === "u64" || type.kind === "s64")) return trimmed;
  try {
    return JSON.parse(trimmed) as Json;
  } catch {
    if (trimmed === "") throw new JsonMismatch(`${name === "" ? "" : `${name}: `}the cell is empty`);
    return trimmed;
  }
}
