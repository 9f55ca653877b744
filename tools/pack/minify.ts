/**
 * Makes a core module small for flash: custom sections go, imports and the entry get one-letter names, exports that a
 * board does not call go with their code. Nothing else changes: what was validated is what runs.
 */
import binaryen from "binaryen";
import { UserError } from "../errors/user-error.js";
import type { CoreModule } from "../report/binary/core-module.js";
import { readModule } from "../report/binary/read-module.js";
import {
  type BuiltInImport,
  ENTRY_EXPORT,
  IMPORT_MODULE,
  importLetter,
  MAX_IMPORTS,
  parseBuiltIn,
} from "./built-ins.js";
import { section, u32, utf8, vector } from "./wasm-writer.js";

/** A module that is ready for an image. */
export interface Minified {
  readonly bytes: Uint8Array;
  readonly module: CoreModule;
  /** What each import is, in the module's order. */
  readonly imports: readonly BuiltInImport[];
  /** The names that each import had. */
  readonly importNames: readonly string[];
}

const IMPORT_SECTION = 2;
const EXPORT_SECTION = 7;
const FUNCTION = 0;
const LIFT = "[async-lift]";

/** Exports that the interpreter reads: it gives a guest only the memory below these. */
const MEMORY_GLOBALS = ["__heap_base", "__data_end"];

/** The functions that a module exports for the Component Model's async lift, as `IFACE#FUNC`. */
export function liftedFunctions(module: CoreModule): string[] {
  return module.exports
    .filter(({ name, kind }) => kind === "func" && name.startsWith(LIFT))
    .map(({ name }) => name.slice(LIFT.length));
}

/**
 * Minifies `bytes` for a board that calls the export `entry` (`IFACE#FUNC`).
 * @throws UserError when an import is no canonical built-in, or there are more than an image can name
 */
export function minify(bytes: Uint8Array, entry: string): Minified {
  const pruned = prune(bytes, `${LIFT}${entry}`);
  const module = readModule(pruned);
  const imports = module.imports.map(({ module: from, field, kind }) => {
    const builtIn = kind === "func" ? parseBuiltIn(from, field) : null;
    if (builtIn !== null) return builtIn;
    throw new UserError(
      `the guest imports "${from}" "${field}", which is no canonical built-in: boards have those only; ` +
        "leave the import out of the world, or link the component on a larger host",
    );
  });
  if (imports.length > MAX_IMPORTS) {
    throw new UserError(
      `the guest has ${String(imports.length)} imports; an image holds ${String(MAX_IMPORTS)}`,
    );
  }
  const importNames = module.imports.map(({ module: from, field }) => `${from} ${field}`);
  const small = rename(module, `${LIFT}${entry}`);
  return { bytes: small, module: readModule(small), imports, importNames };
}

/** Drops every export but the entry and the memory's bounds, and all that nothing reaches any more. */
function prune(bytes: Uint8Array, entry: string): Uint8Array {
  const kept = new Set([entry, ...MEMORY_GLOBALS]);
  const module = binaryen.readBinary(bytes);
  try {
    module.setFeatures(binaryen.Features.All);
    for (const { name } of readModule(bytes).exports) if (!kept.has(name)) module.removeExport(name);
    module.runPasses([
      "remove-unused-module-elements",
      "strip-debug",
      "strip-producers",
      "strip-target-features",
    ]);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** Writes the module's sections again: imports and exports with short names, custom sections not at all. */
function rename(module: CoreModule, entry: string): Uint8Array {
  const parts: Uint8Array[] = [module.bytes.subarray(0, 8)];
  for (const { id, start, end } of module.sections) {
    if (id === 0) continue;
    if (id === IMPORT_SECTION) parts.push(section(id, importEntries(module)));
    else if (id === EXPORT_SECTION) parts.push(section(id, exportEntries(module, entry)));
    else parts.push(module.bytes.subarray(start, end));
  }
  return Buffer.concat(parts);
}

function importEntries(module: CoreModule): Uint8Array {
  return vector(
    module.imports.map(({ typeIndex }, index) =>
      Buffer.concat([
        utf8(IMPORT_MODULE),
        utf8(importLetter(index)),
        Uint8Array.of(FUNCTION),
        u32(typeIndex!),
      ]),
    ),
  );
}

function exportEntries(module: CoreModule, entry: string): Uint8Array {
  return vector(
    module.exports.map(({ name, start, end, nameBytes }) => {
      const short = name === entry ? ENTRY_EXPORT : name;
      return Buffer.concat([utf8(short), module.bytes.subarray(start + nameBytes, end)]);
    }),
  );
}
