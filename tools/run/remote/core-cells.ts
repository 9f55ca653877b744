/**
 * Core values as bytes: cells of 8, as a board's firmware hands them on, and words of 4, as it passes
 * arguments.
 */
import type { CoreValue } from "../../host/values/flat.js";
import type { CoreType } from "../../wit/layout.js";

const CELL = 8;

/** The core values in cells. */
export function fromCells(cells: Uint8Array, types: readonly CoreType[]): CoreValue[] {
  const view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  return types.map((type, index) => {
    const at = index * CELL;
    switch (type) {
      case "i32":
        return view.getUint32(at, true);
      case "i64":
        return view.getBigUint64(at, true);
      case "f32":
        return view.getFloat32(at, true);
      case "f64":
        return view.getFloat64(at, true);
    }
  });
}

/** One core value as the bytes that it takes: 4 or 8. */
export function coreBytes(value: CoreValue, type: CoreType): Uint8Array {
  const bytes = Buffer.alloc(type === "i64" || type === "f64" ? CELL : CELL / 2);
  if (type === "i32") bytes.writeUInt32LE(Number(value) >>> 0);
  else if (type === "f32") bytes.writeFloatLE(Number(value));
  else if (type === "f64") bytes.writeDoubleLE(Number(value));
  else bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return bytes;
}
