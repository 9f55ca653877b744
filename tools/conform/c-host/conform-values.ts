/**
 * Values of scripts as the C host has them: canonical layout, with strings and lists in a space beside it.
 */
import { fromScript, toScript } from "../script-values.js";
import type { ScriptValue } from "../script.js";
import type { ValueType } from "../../wit/model.js";
import { layOut, loadValues } from "../../c-host/item-chunks.js";

/** Hex of the values, one behind the other, and of the space; `-` for no bytes. */
export function encodeValues(type: ValueType, values: readonly ScriptValue[]): string {
  const { items, space } = layOut(
    type,
    values.map((value) => fromScript(type, value)),
  );
  return `${hexOf(items)} ${hexOf(space)}`;
}

/** The values of a type that follow each other, from their hex and the space's. */
export function decodeValues(type: ValueType, valueHex: string, spaceHex: string): ScriptValue[] {
  return loadValues(type, bytesOf(valueHex), bytesOf(spaceHex)).map((value) => toScript(type, value));
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex === "-" ? "" : hex, "hex");
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex") || "-";
}
