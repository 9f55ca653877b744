/**
 * The objects that asc has placed in static memory: what `memory.data` and
 * literals are, each with its extent.
 */
import type { Compiled } from "../../compile/compile.js";
import { OPERATION_BYTES } from "../../source/library-layout.js";
import { FIRST_ADDRESS } from "./spill-area.js";

/** One object. What lies between two objects is nobody's. */
export interface StaticObject {
  /** What it is called in messages. */
  readonly name: string;
  readonly address: number;
  readonly byteLength: number;
  /**
   * `zeroed`: `memory.data` of a length, which starts as zeros; `header`:
   * AssemblyScript's own, in front of a literal; `kept`: a word of a frame that is no
   * operation's, because its own became a local.
   */
  readonly kind: "zeroed" | "filled" | "header" | "kept";
}

/** A word in which strategy `callback` keeps a local of a waiting task. */
export function keptWord(address: number): StaticObject {
  return { name: "a local of a waiting task", address, byteLength: 4, kind: "kept" };
}

/** Of asc's header, whose first word is the length of the whole block, its last the literal's. */
const SIZE_BYTES = 4;

/** The objects of a module as asc has left it, by address. */
export function staticObjects({ text, places }: Pick<Compiled, "text" | "places">): StaticObject[] {
  const names = new Map(places.map(({ name, address }) => [address, `\`${name.split("/").at(-1)!}\``]));
  return [...text.matchAll(/\(data \$\S+ \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)/g)]
    .flatMap(([, address, content]) => segmentObjects(Number(address), bytesOf(content!), names))
    .sort((a, b) => a.address - b.address);
}

/** All static memory as one object, of a module that asc has not made. */
export function wholeMemory(dataEnd: number): StaticObject[] {
  const byteLength = dataEnd - FIRST_ADDRESS;
  return [{ name: "static data", address: FIRST_ADDRESS, byteLength, kind: "filled" }];
}

function segmentObjects(address: number, bytes: Buffer, names: ReadonlyMap<number, string>): StaticObject[] {
  const length = literalLength(bytes);
  if (length === null) {
    const kind = bytes.every((byte) => byte === 0) ? "zeroed" : "filled";
    return [{ name: names.get(address) ?? "static data", address, byteLength: bytes.length, kind }];
  }
  const header = {
    name: "a literal's header",
    address,
    byteLength: OPERATION_BYTES,
    kind: "header",
  } as const;
  if (length === 0) return [header];
  const name = "a literal";
  return [header, { name, address: address + OPERATION_BYTES, byteLength: length, kind: "filled" }];
}

/** Bytes of a literal's contents; null of what has no header. */
function literalLength(bytes: Buffer): number | null {
  if (bytes.length < OPERATION_BYTES || bytes.readUInt32LE(0) !== bytes.length - SIZE_BYTES) return null;
  const length = bytes.readUInt32LE(OPERATION_BYTES - SIZE_BYTES);
  return length <= bytes.length - OPERATION_BYTES ? length : null;
}

/** A string of the text format. */
function bytesOf(content: string): Buffer {
  const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r" };
  const plain = content.replaceAll(/\\([0-9a-fA-F]{2})|\\(.)/g, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (escapes[char] ?? char) : String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(plain, "latin1");
}
