/** Writes an image to a file in the format that a flash programmer, a compiler or a bootloader takes. */
import { rename, writeFile } from "node:fs/promises";
import { UserError } from "../errors/user-error.js";
import { cArray } from "./formats/c-array.js";
import { intelHex } from "./formats/intel-hex.js";
import { uf2, uf2Family } from "./formats/uf2.js";

/** The formats of `rill pack`. */
export const FORMATS = ["bin", "c", "hex", "uf2"] as const;
/** A form of image on disk. */
export type Format = (typeof FORMATS)[number];

/** Where and how an image is placed. */
export interface Placement {
  /** Guest's name, for the C array. */
  readonly name: string;
  /** Flash address; needed for hex and uf2. */
  readonly address: number | null;
  /** The linker's section of the C array. */
  readonly section: string | null;
  /** Board family of the UF2 file, a name or a number. */
  readonly family: string | null;
}

/** The image in `format`. @throws UserError when a placement is missing or unknown */
export function encodeImage(image: Uint8Array, format: Format, placement: Placement): Uint8Array {
  switch (format) {
    case "bin":
      return image;
    case "c":
      return Buffer.from(cArray(image, placement));
    case "hex":
      return Buffer.from(intelHex(image, addressFor(format, placement)));
    case "uf2":
      return uf2(image, addressFor(format, placement), familyFor(placement));
  }
}

/** Writes `bytes` whole or not at all. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${file}.${String(process.pid)}.tmp`;
  await writeFile(fresh, bytes);
  await rename(fresh, file);
}

function addressFor(format: Format, { address }: Placement): number {
  if (address !== null) return address;
  throw new UserError(
    `--format ${format} holds addresses: give --address, or --board for the board's first slot`,
  );
}

function familyFor({ family }: Placement): number | null {
  if (family === null) return null;
  const found = uf2Family(family);
  if (found !== null) return found;
  throw new UserError(`no board family is called ${family}; give its number, like 0xe48bff56`);
}
