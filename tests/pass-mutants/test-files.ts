/** Files of `tests/compile` whose tests are shown every mutant: fast ones, on modules written by hand. */
export const testFiles: readonly string[] = [
  "passes.test",
  "pass-cases.test",
  "bit-cases.test",
  "callback-module.test",
];
