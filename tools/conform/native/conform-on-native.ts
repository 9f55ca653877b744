/** Replays conformance scripts on the C host, with the guest's steps translated to C: no interpreter. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { builtins } from "../../c-host/descriptor.js";
import { cFeatures, programsRoot } from "../../c-sources/c-sources.js";
import { builtInCall } from "../../native/built-in-calls.js";
import { guestFiles } from "../../native/guest-files.js";
import { GuestModule } from "../../native/guest-module.js";
import { nativeProgram, type NativeVariant } from "../../native/native-program.js";
import { readModule } from "../../wasm/read-module.js";
import { conformModule, type Forward, TYPES } from "../c-host/conform-module.js";
import { CONFORM_FILES, type CHostConformResult, replayOnProgram } from "../c-host/replay-on-program.js";
import type { ScriptFile } from "../script.js";

/** Replays a file's cases, all of them. @throws UserError when a C compiler is missing */
export async function conformOnNative(
  file: ScriptFile,
  variant: NativeVariant = { sanitized: true },
): Promise<CHostConformResult> {
  const { path, forwards } = await conformModule(file);
  const texts = translated(await readFile(path), forwards);
  const flags = ["-DCONFORM_NATIVE", `-I${join(programsRoot, "conform")}`, ...(variant.flags ?? [])];
  const mains = [...CONFORM_FILES, "conform/engine_native.c"];
  const program = await nativeProgram("rill-conform", mains, texts, { ...variant, flags });
  return replayOnProgram(file, { command: [program], lines: [] });
}

/** The module as C; its imports are what each script says of them. */
function translated(core: Uint8Array, forwards: readonly Forward[]): Readonly<Record<string, string>> {
  const module = new GuestModule(readModule(core), "the scripts' module", true);
  const { header, source } = guestFiles({
    module,
    name: "guest",
    imports: null,
    types: [],
    features: cFeatures,
    encoding: "RILL_UTF8",
    includes: ["conform_native.h"],
    withTable: true,
    otherImport: (from, field) =>
      from === "host"
        ? forward(
            module,
            forwards.find(({ name }) => name === field)!,
          )
        : ["    return take_turn(&guest->base, l0, l1, l2);"],
  });
  return { "guest.h": header, "guest.c": source };
}

/** Statements of the function that stands for an import. */
function forward(module: GuestModule, item: Forward): readonly string[] {
  const { builtin, params, results, type = -1, async: isAsync = false, future = false } = item;
  const element =
    type < 0 ? "NULL" : type < TYPES ? `conform.type_of[${type}]` : `&return_types[${type - TYPES}]`;
  const call = builtInCall(
    module,
    {
      module: "host",
      name: item.name,
      signature: "",
      builtin: builtins.indexOf(builtin),
      type,
      async: isAsync,
      future,
    },
    { params, results },
    () => element,
    isAsync ? "serve_async" : "serve_sync",
  );
  if (!isAsync || future || (builtin !== "read" && builtin !== "write")) return call;
  const kind = builtin === "read" ? "RILL_READABLE" : "RILL_WRITABLE";
  return [`    try_both_ways(${kind}, ${element}, l0, l1, l2);`, ...call];
}
