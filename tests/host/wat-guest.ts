/** Guests in the text format, and the worlds they are of. */
import binaryen from "../../tools/wasm/binaryen.js";
import type { FunctionType, ValueType, World } from "../../tools/wit/model.js";

/** Compiles a module. */
export function compileWat(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const bytes = new Uint8Array(module.emitBinary());
  module.dispose();
  return bytes;
}

/** A function of an interface. */
export function func(
  name: string,
  params: Readonly<Record<string, ValueType>>,
  result: ValueType | null,
  { async = false } = {},
): FunctionType {
  const fields = Object.entries(params).map(([label, type]) => ({ name: label, type }));
  return { name, kind: "freestanding", async, params: fields, result };
}

const nothing = { interfaces: [], functions: [], types: [], resources: [] };

/** A world that exports the interface `t:t/i` and imports `t:t/h`. */
export function worldOf(exported: readonly FunctionType[], imported: readonly FunctionType[] = []): World {
  const items = (id: string, functions: readonly FunctionType[]): World["exports"] => ({
    ...nothing,
    interfaces: functions.length === 0 ? [] : [{ id, functions, types: [], resources: [] }],
  });
  return { id: "t:t/w", exports: items("t:t/i", exported), imports: items("t:t/h", imported) };
}
