/** Whether the bytes are a valid module: figures of an invalid one would be figures of nothing. */
import type { CoreModule } from "../wasm/core-module.js";

/**
 * Why `module` is invalid, in a validator's words with the byte; null when it is valid.
 *
 * V8 is asked first, for it is fast; what it refuses may be of a proposal that this Node does not have, so
 * Binaryen, which knows all of them, has the last word. Binaryen does not look at the data count.
 */
export async function invalidity(module: CoreModule): Promise<string | null> {
  const bytes = new Uint8Array(module.bytes);
  if (WebAssembly.validate(bytes)) return null;
  return dataCountFault(module) ?? ((await acceptedByBinaryen(bytes)) ? null : wordsOfV8(bytes));
}

function dataCountFault({ dataCount, data, sections }: CoreModule): string | null {
  if (dataCount === null || dataCount === data.length) return null;
  const at = sections.find(({ id }) => id === 12)!.start;
  return `the data count is ${dataCount}, of ${data.length} data segments at byte ${at}`;
}

/** Binaryen tells why on the process's own streams; only its verdict is wanted. */
async function acceptedByBinaryen(bytes: Uint8Array): Promise<boolean> {
  const { default: binaryen } = await import("../wasm/binaryen.js");
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) stream.write = () => true;
  try {
    const module = binaryen.readBinaryWithFeatures(bytes, binaryen.Features.All);
    const isValid = module.validate() === 1;
    module.dispose();
    return isValid;
  } catch {
    return false;
  } finally {
    streams.forEach((stream, i) => (stream.write = writes[i]!));
  }
}

function wordsOfV8(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    new WebAssembly.Module(bytes);
  } catch (error) {
    const words = (error as Error).message.replace(/^WebAssembly\.Module\(\): /, "");
    return words.replace(/ @\+(\d+)$/, " at byte $1");
  }
  return "the validators refuse it";
}
