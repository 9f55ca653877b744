/** What ties a guest that is C to the bindings of its world: `NAME_engine`, in NAME.c. */
import type { CWorld } from "../bindgen/c/c-world.js";
import { cellOf, fromCell } from "./built-in-calls.js";
import type { ExportedFunction } from "./exported-function.js";
import type { GuestModule } from "./guest-module.js";
import { cType } from "./value.js";

/** The guest. */
interface TiedGuest {
  readonly name: string;
  readonly struct: string;
  readonly module: GuestModule;
  readonly functions: readonly ExportedFunction[];
}

/** The engine's functions and its table; nothing of it is there without RILL_WITH_BINDINGS. */
export function engineTie(world: CWorld, guest: TiedGuest): string[] {
  const { name, struct } = guest;
  const cases = world.coreExports.flatMap((item, index) => {
    const found = guest.functions.find((candidate) => candidate.name === item.name);
    return found === undefined ? [] : [`    case ${index}: {`, ...callOf(guest, found), "    }"];
  });
  return [
    "",
    "#ifdef RILL_WITH_BINDINGS",
    `#if ${world.macro("WORLD")} != 0x${world.hash()}u`,
    `#error "${world.prefix}.h is of another WIT than this guest: write both again"`,
    "#endif",
    "",
    "static bool engine_returned(struct rill_native *guest, const uint64_t *values)",
    "{",
    "    return rill_bindings_returned(&guest->host, values);",
    "}",
    "",
    "/* SAFETY: the engine gets hosts alone that are the first member of this guest's struct. */",
    "static bool engine_init(struct rill_host *host)",
    "{",
    `    ${struct} *guest = (${struct} *)(void *)host;`,
    "",
    "    guest->base.returned = engine_returned;",
    `    return ${name}_init(guest);`,
    "}",
    "",
    "static bool engine_call(struct rill_host *host, uint16_t export_index, uint64_t *cells)",
    "{",
    `    ${struct} *guest = (${struct} *)(void *)host;`,
    "",
    ...(cases.length === 0 ? ["    (void)guest;", "    (void)cells;"] : []),
    "    switch (export_index) {",
    ...cases,
    "    default:",
    "        return true;",
    "    }",
    "}",
    "",
    `const struct rill_engine ${name}_engine = {engine_init, engine_call};`,
    "#endif",
  ];
}

/** Calls an export, its arguments and result in cells of 64 bits. */
function callOf({ module }: TiedGuest, { cName, index }: ExportedFunction): string[] {
  const { params, results } = module.functions[index]!.signature;
  const args = params.map((type, at) => fromCell(module.numberType(type), `cells[${at}]`));
  const [result] = results;
  if (result === undefined) return [`        return ${cName}(${["guest", ...args].join(", ")});`];
  const type = module.numberType(result);
  return [
    `        ${cType(type)} result = 0;`,
    `        const bool is_done = ${cName}(${["guest", ...args, "&result"].join(", ")});`,
    "",
    `        cells[0] = ${cellOf(type, "result")};`,
    "        return is_done;",
  ];
}
