/**
 * A C source file with the image as a constant array: aligned, and in a section
 * that a linker script can place.
 */

/** How the array is named and placed. */
export interface CArrayOptions {
  readonly name: string;
  /** The linker's section; null for the compiler's choice. */
  readonly section: string | null;
}

const BYTES_A_LINE = 16;

/**
 * A C99 translation unit (GNU attributes for alignment and section) that defines
 * `NAME_image` and `NAME_image_length`.
 */
export function cArray(image: Uint8Array, { name, section }: CArrayOptions): string {
  const symbol = `${name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "_")}_image`;
  const place = section === null ? "" : `, section("${section}")`;
  const lines: string[] = [];
  for (let at = 0; at < image.length; at += BYTES_A_LINE) {
    const bytes = [...image.subarray(at, at + BYTES_A_LINE)];
    lines.push(`    ${bytes.map((byte) => `0x${byte.toString(16).padStart(2, "0")},`).join(" ")}`);
  }
  return `/* Written by rill pack: the guest ${name}, ${image.length} bytes. Read it with rill_image.h. */
#include <stdint.h>

extern const uint8_t ${symbol}[];
extern const uint32_t ${symbol}_length;

__attribute__((aligned(8)${place})) const uint8_t ${symbol}[${image.length}] = {
${lines.join("\n")}
};
const uint32_t ${symbol}_length = ${image.length}u;
`;
}
