/**
 * How much a run tries: what fits into every change, or what fits into a night
 * (`npm run test:long`), from another seed each time.
 */

/** Whether this is a run of the night. */
export const isLong: boolean = process.env.RILL_LONG === "1";

/**
 * Where random tests begin: the same in every run, except at night, when it is
 * printed; `RILL_SEED` repeats one.
 */
export const seed = Number(process.env.RILL_SEED ?? 20261123);

/** @returns a count for this run */
export function atTier(everyChange: number, night: number): number {
  return isLong ? night : everyChange;
}
