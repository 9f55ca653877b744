/** The module that a scripted guest's calls go through: each export forwards to the import of its name. */
import { writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import binaryen from "../../wasm/binaryen.js";
import type { ScriptFile } from "../script.js";
import { typeOf, valueType } from "../script-values.js";
import { cached } from "../../setup/cache.js";
import { type CoreType, flattenFunction } from "../../wit/layout.js";
import { builtins, nativeSignature, signatureLetter } from "../../c-host/descriptor.js";

/** Element types that a script may have at most; conform/conform.h has as many. */
export const TYPES = 2;
/** A TYPE that is none. */
const NO_TYPE = 255;

/** An import of the module, and the export of the same name. */
export interface Forward {
  readonly name: string;
  readonly builtin: string;
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
  readonly type?: number;
  readonly async?: boolean;
  readonly future?: boolean;
}

/** The module's path, its imports, and the lines that tell conform/engine_wamr.c of them. */
export interface ConformModule {
  readonly path: string;
  readonly forwards: readonly Forward[];
  readonly lines: readonly string[];
}

const i32 = (count: number): CoreType[] => Array<CoreType>(count).fill("i32");

/** The export that calls a function of the host's with this core signature. */
export function callExportName(params: readonly CoreType[], results: readonly CoreType[]): string {
  return `call.${params.map(signatureLetter).join("")}.${results.map(signatureLetter).join("")}`;
}

/** Makes the module for a file of scripts, or finds it made. */
export async function conformModule(file: ScriptFile): Promise<ConformModule> {
  const forwards = [...copyForwards(), ...plainForwards(), ...callForwards(file)];
  const text = moduleText(forwards, file.heap);
  const key = `conform-module-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
  const folder = await cached(key, async (fresh) => {
    const module = binaryen.parseText(text);
    await writeFile(join(fresh, "module.wasm"), module.emitBinary());
    module.dispose();
  });
  return { path: join(folder, "module.wasm"), forwards, lines: [...forwards.map(importLine), "load"] };
}

function importLine({ name, builtin, params, results, type, async, future }: Forward): string {
  const signature = nativeSignature(params, results);
  const flag = (value: boolean | undefined): string => (value ? "1" : "0");
  return `import ${name} ${signature} ${builtins.indexOf(builtin)} ${type ?? NO_TYPE} ${flag(async)} ${flag(future)}`;
}

function copyForwards(): Forward[] {
  const forwards: Forward[] = [];
  for (const kind of ["stream", "future"]) {
    const future = kind === "future";
    for (let type = 0; type < TYPES; type++) {
      const add = (verb: string, params: number, results: CoreType[], async?: boolean): void => {
        const name = `${kind}.${verb}.${type}${async === undefined ? "" : async ? ".1" : ".0"}`;
        forwards.push({
          name,
          builtin: verb,
          params: i32(params),
          results,
          type,
          async: async ?? false,
          future,
        });
      };
      add("new", 0, ["i64"]);
      for (const async of [false, true]) {
        for (const verb of ["read", "write"]) add(verb, future ? 2 : 3, ["i32"], async);
        for (const verb of ["cancel-read", "cancel-write"]) add(verb, 1, ["i32"], async);
      }
      for (const verb of ["drop-readable", "drop-writable"]) add(verb, 1, []);
    }
  }
  return forwards;
}

/**
 * All built-ins but those of streams and futures. `.0` and `.1`: not `async` or
 * cancellable, slot 0; and the other.
 */
function plainForwards(): Forward[] {
  const plain = (builtin: string, params: number, results: number): Forward => ({
    name: builtin,
    builtin,
    params: i32(params),
    results: i32(results),
  });
  const both = (builtin: string, params: number, results: number): Forward[] =>
    [false, true].map((async) => ({
      ...plain(builtin, params, results),
      name: `${builtin}.${async ? "1" : "0"}`,
      async,
    }));
  return [
    plain("waitable-set.new", 0, 1),
    ...both("waitable-set.wait", 2, 1),
    ...both("waitable-set.poll", 2, 1),
    plain("waitable-set.drop", 1, 0),
    plain("waitable.join", 2, 0),
    ...both("subtask.cancel", 1, 1),
    plain("subtask.drop", 1, 0),
    ...["u32", "u8"].map((type, index) => ({
      ...plain("task.return", 1, 0),
      name: `task.return.${type}`,
      type: TYPES + index,
    })),
    plain("task.cancel", 0, 0),
    plain("backpressure.inc", 0, 0),
    plain("backpressure.dec", 0, 0),
    ...both("context.get", 0, 1),
    ...both("context.set", 1, 0),
  ];
}

/** One for each core signature of the functions that the scripts import, and way of lowering. */
function callForwards({ cases }: ScriptFile): Forward[] {
  const forwards = new Map<string, Forward>();
  for (const func of cases.flatMap(({ funcs }) => funcs ?? [])) {
    for (const async of [false, true]) {
      const type = {
        params: func.params.map((param, index) => ({ name: String(index), type: valueType(param) })),
        result: typeOf(func.result),
      };
      const { params, results } = flattenFunction(type, { context: "lower", async });
      const name = `${callExportName(params, results)}.${async ? "1" : "0"}`;
      forwards.set(name, { name, builtin: "call", params, results, async });
    }
  }
  return [...forwards.values()];
}

function moduleText(forwards: readonly Forward[], heap: number): string {
  const signature = ({ params, results }: Forward): string =>
    `${params.map((type) => `(param ${type})`).join(" ")} ${results.map((type) => `(result ${type})`).join(" ")}`;
  const imports = forwards.map(
    (forward) => `(import "host" "${forward.name}" (func $host.${forward.name} ${signature(forward)}))`,
  );
  const bodies = forwards.map((forward) => {
    const args = forward.params.map((_, index) => `(local.get ${index})`).join(" ");
    return `(func (export "${forward.name}") ${signature(forward)} (call $host.${forward.name} ${args}))`;
  });
  return `(module ${imports.join("\n")}
    (import "conform" "turn" (func $turn (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1 1)
    (global $next (mut i32) (i32.const ${heap}))
    ${bodies.join("\n")}
    (func (export "task.enter") (param i32) (result i32)
      (call $turn (i32.const -1) (local.get 0) (i32.const 0)))
    (func (export "task.callback") (param i32 i32 i32) (result i32)
      (call $turn (local.get 0) (local.get 1) (local.get 2)))
    (func (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
      (local $ptr i32)
      (local.set $ptr (i32.and
        (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $ptr) (local.get $size)))
      (local.get $ptr)))`;
}
