/** Why the engine does not take a module, in its own words. */

/** What V8 says of a module that is not valid, with the byte where it shows; null of a valid one. */
export function validatorWords(bytes: Uint8Array<ArrayBuffer>): string | null {
  if (WebAssembly.validate(bytes)) return null;
  try {
    new WebAssembly.Module(bytes);
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^.*?\(\): /, "").replace(/ ?@\+(\d+)$/, " at byte $1");
  }
}
