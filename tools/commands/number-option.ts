/** Options that take a number. */
import { UserError } from "../errors/user-error.js";

/** What numbers an option takes. */
export interface Range {
  /** What is counted, in the message: `items`. */
  readonly of: string;
  readonly least?: number;
  readonly most?: number;
}

/** Far above any count that a command could finish, far below where numbers stop being exact. */
const MOST = 2 ** 40;

/**
 * The reader of an option that takes a whole number in decimal digits.
 * @throws UserError for anything else
 */
export function wholeNumber(flag: string, { of, least = 0, most = MOST }: Range): (text: string) => number {
  const range = most === MOST ? `${least} or more` : `from ${least} to ${most}`;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new UserError(`${flag}: write a whole number of ${of}, ${range}, not ${text}`);
  };
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
