/**
 * Full validation of a module before it goes into an image: a board's small loader checks nothing, so what is packed must
 * already be proved. V8's validator is the judge of the rules, Binaryen's of the features that the interpreter lacks.
 */
import binaryen from "binaryen";

const { Features } = binaryen;
/** What WAMR's interpreters run as the firmware builds them. */
const BOARD_FEATURES =
  Features.MVP |
  Features.MutableGlobals |
  Features.SignExt |
  Features.NontrappingFPToInt |
  Features.Multivalue;

/** What is wrong with the module; null when it is valid and within what boards run. */
export async function validateForBoard(module: Uint8Array): Promise<string | null> {
  try {
    await WebAssembly.compile(Uint8Array.from(module));
  } catch (error) {
    return (error as Error).message.replace(/^WebAssembly\.compile\(\): /, "");
  }
  const parsed = binaryen.readBinary(module);
  try {
    parsed.setFeatures(BOARD_FEATURES);
    return parsed.validate()
      ? null
      : "it uses instructions that the boards' interpreter does not have (bulk memory, SIMD, references, threads, ...)";
  } finally {
    parsed.dispose();
  }
}
