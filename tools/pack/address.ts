/** Flash addresses as users write them. */
import { UserError } from "../errors/user-error.js";

/** One more than the last address. */
const ADDRESS_SPACE = 2 ** 32;

/** The number that `--address text` gives. @throws UserError when no image can lie there */
export function parseAddress(text: string): number {
  const value = /^(?:\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (value < ADDRESS_SPACE && value % 4 === 0) return value;
  throw new UserError(`--address ${text}: a multiple of 4 below 2^32, like 0x3c000`);
}

/** @throws UserError when `length` bytes from `address` on go beyond the last address */
export function checkEnd(address: number, length: number): void {
  if (address + length <= ADDRESS_SPACE) return;
  throw new UserError(
    `--address 0x${address.toString(16)}: an image of ${length} bytes ends beyond the last address there`,
  );
}
