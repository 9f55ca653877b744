/** The name of an option as it is written behind `--`, from that of its flag: `held-ends` of `heldEnds`. */
export function optionName(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
