/** UF2: 512-byte blocks with addresses, for boards that show up as a USB drive. */
import uf2Library from "uf2";

/** Bytes of payload a block: what bootloaders expect. */
export const PAYLOAD_BYTES = 256;

/** The number of the RP2040's family. */
export const RP2040 = 0xe48bff56;

/** Families that the library does not have: the RP2350's boot ROM tells apart what an image is for. */
const RP2350_FAMILIES: Readonly<Record<string, number>> = {
  RP2XXX_ABSOLUTE: 0xe48bff57,
  RP2XXX_DATA: 0xe48bff58,
  RP2350_ARM_S: 0xe48bff59,
  RP2350_RISCV: 0xe48bff5a,
  RP2350_ARM_NS: 0xe48bff5b,
};

/** Their names: what `RP2350` alone could mean. */
export const RP2350_NAMES: readonly string[] = Object.keys(RP2350_FAMILIES);

/**
 * A board family's number in UF2 (`RP2040`, `RP2350_ARM_S`, `STM32F4`, `NRF52840`, or `0x` and
 * hexadecimal digits); null when unknown.
 */
export function uf2Family(name: string): number | null {
  if (/^0x[0-9a-f]{1,8}$/i.test(name)) return Number(name);
  const wanted = name.toUpperCase();
  const newer = Object.entries(RP2350_FAMILIES).find(([known]) => known === wanted);
  if (newer !== undefined) return newer[1];
  return uf2Library.uf2Families.find(({ shortName }) => shortName === wanted)?.id ?? null;
}

/** `image` at `address` for boards of `family`; the last block is padded with 0xff, erased flash. */
export function uf2(image: Uint8Array, address: number, family: number | null): Uint8Array {
  const totalBlocks = Math.ceil(image.length / PAYLOAD_BYTES);
  const blocks: Uint8Array[] = [];
  for (let blockNumber = 0; blockNumber < totalBlocks; blockNumber++) {
    const payload = new Uint8Array(PAYLOAD_BYTES).fill(0xff);
    payload.set(image.subarray(blockNumber * PAYLOAD_BYTES, (blockNumber + 1) * PAYLOAD_BYTES));
    blocks.push(
      uf2Library.encodeBlock({
        flags: family === null ? 0 : uf2Library.UF2Flags.familyIDPresent,
        flashAddress: address + blockNumber * PAYLOAD_BYTES,
        payload,
        blockNumber,
        totalBlocks,
        boardFamily: family ?? 0,
      }),
    );
  }
  return Buffer.concat(blocks);
}
