/** Tests of bindings that are witnesses too, in `tests/bindgen`: by the guest that they run. */
export const testFiles: Readonly<Record<string, string>> = {
  cases: "cases.test",
  values: "aggregates.test",
  callers: "aggregates.test",
  texts: "texts.test",
  nested: "nested.test",
  counters: "resources.test",
  futures: "futures.test",
  shapes: "shapes.test",
};
