/** Values of scripts as the C host has them: canonical layout, with strings and lists in a space beside it. */
import { codecOf } from "../host/codec.js";
import { ComponentInstance } from "../host/component-instance.js";
import { LiftLowerContext } from "../host/lift-lower-context.js";
import { LinearMemory } from "../host/linear-memory.js";
import { fromScript, toScript } from "../conform/script-values.js";
import type { ScriptValue } from "../conform/script.js";
import { alignTo, elemSize } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";

/** Bytes of a space: conform.h has as many. */
const SPACE_BYTES = 1 << 17;
const VALUE_BYTES = 1 << 17;

/** Hex of the values, one behind the other, and of the space; `-` for no bytes. */
export function encodeValues(type: ValueType, values: readonly ScriptValue[]): string {
  const memory = new LinearMemory({ buffer: new ArrayBuffer(SPACE_BYTES + VALUE_BYTES) });
  let used = 0;
  const realloc = (_ptr: number, _byteLength: number, alignment: number, byteLength: number): number => {
    const ptr = alignTo(used, alignment);
    used = ptr + byteLength;
    return ptr;
  };
  const cx = new LiftLowerContext({ encoding: "utf8", memory, realloc }, new ComponentInstance());
  const codec = codecOf(type);
  values.forEach((value, index) => {
    codec.store(cx, SPACE_BYTES + index * codec.elemSize, fromScript(type, value));
  });
  const { bytes } = memory;
  const valueBytes = bytes.slice(SPACE_BYTES, SPACE_BYTES + values.length * codec.elemSize);
  return `${hexOf(valueBytes)} ${hexOf(bytes.slice(0, used))}`;
}

/** The values of a type that follow each other, from their hex and the space's. */
export function decodeValues(type: ValueType, valueHex: string, spaceHex: string): ScriptValue[] {
  const space = bytesOf(spaceHex);
  const values = bytesOf(valueHex);
  const start = alignTo(space.length, 8);
  const bytes = new Uint8Array(start + values.length);
  bytes.set(space);
  bytes.set(values, start);
  const memory = new LinearMemory({ buffer: bytes.buffer });
  const cx = new LiftLowerContext({ encoding: "utf8", memory, realloc: null }, new ComponentInstance());
  const size = elemSize(type);
  return Array.from({ length: values.length / size }, (_, index) =>
    toScript(type, codecOf(type).load(cx, start + index * size)),
  );
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex === "-" ? "" : hex, "hex");
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex") || "-";
}
