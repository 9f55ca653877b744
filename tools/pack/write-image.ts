/** Writes an image to a file in the format that a flash programmer, a compiler or a bootloader takes. */
import { UserError } from "../errors/user-error.js";
import { checkEnd } from "./address.js";
import { cArray } from "./formats/c-array.js";
import { intelHex } from "./formats/intel-hex.js";
import { PAYLOAD_BYTES, RP2040, RP2350_NAMES, uf2, uf2Family } from "./formats/uf2.js";

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

/** The image in `format`. @throws UserError when a placement is missing, unknown or none of this format's */
export function encodeImage(image: Uint8Array, format: Format, placement: Placement): Uint8Array {
  if (placement.address !== null) checkEnd(placement.address, image.length);
  switch (format) {
    case "bin":
      return image;
    case "c":
      return Buffer.from(cArray(image, placement));
    case "hex":
      return Buffer.from(intelHex(image, addressFor(format, placement)));
    case "uf2":
      return uf2File(image, blockAddress(addressFor(format, placement)), familyFor(placement));
  }
}

function addressFor(format: Format, { address }: Placement): number {
  if (address !== null) return address;
  throw new UserError(
    `--format ${format} holds addresses: give --address, or --board for the board's first slot`,
  );
}

/** Flash that the RP2040's boot ROM erases at once. */
const RP2040_SECTOR = 4096;

/** @throws UserError where the board's boot ROM would not write the file as it stands */
function uf2File(image: Uint8Array, address: number, family: number | null): Uint8Array {
  if (family === RP2040 && address % RP2040_SECTOR !== 0) {
    throw new UserError(
      `--address 0x${address.toString(16)}: the RP2040's boot ROM does not erase the sector of 4,096 bytes in the middle of which a ` +
        "UF2 file begins (erratum RP2040-E14), so the image would not arrive whole; choose a multiple of 0x1000",
    );
  }
  return uf2(image, address, family);
}

/** Bootloaders write whole pages, and leave out blocks that begin inside of one. */
function blockAddress(address: number): number {
  if (address % PAYLOAD_BYTES === 0) return address;
  throw new UserError(
    `--address 0x${address.toString(16)}: a UF2 file's addresses are multiples of ${PAYLOAD_BYTES}`,
  );
}

function familyFor({ family }: Placement): number | null {
  if (family === null) return null;
  const found = uf2Family(family);
  if (found !== null) return found;
  if (family.toUpperCase() === "RP2350")
    throw new UserError(
      `--family ${family}: the RP2350 has several; choose one of ${RP2350_NAMES.join(", ")}`,
    );
  throw new UserError(`unknown board family ${family}; give its number, like 0xe48bff56`);
}
