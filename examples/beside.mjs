/** The guest of an example, and its WIT, beside its test. */
import { fileURLToPath } from "node:url";

/** @param url of the test @param name of the example */
export function beside(url, name) {
  const path = (ending) => fileURLToPath(new URL(`${name}.${ending}`, url));
  return { entry: path("ts"), wit: path("wit"), bindings: false };
}
