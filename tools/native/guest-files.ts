/** The two files of a translated guest: NAME.h, what a firmware calls, and NAME.c. */
import { isPlain, type TypeDescriptor } from "../c-host/copy-plan.js";
import { planText, typeText } from "../c-host/type-text.js";
import type { ImportDescriptor } from "../c-host/descriptor.js";
import { droppedResource, ownUse } from "../c-host/resource-numbers.js";
import { builtInCall, cellOf, fromCell } from "./built-in-calls.js";
import type { CWorld } from "../bindgen/c/c-world.js";
import { engineTie } from "./engine-tie.js";
import type { ExportedFunction } from "./exported-function.js";
import { exportNames, identifier } from "./export-names.js";
import type { GuestModule } from "./guest-module.js";
import type { NativeFigures } from "./measure/native-figures.js";
import { commented, head, translateModule, type TranslatedModule } from "./translate-module.js";
import { cType } from "./value.js";

/** A guest to write. */
export interface NativeGuest {
  readonly module: GuestModule;
  /** A C identifier. */
  readonly name: string;
  /** The canonical imports, in the module's order. */
  readonly imports: readonly ImportDescriptor[] | null;
  readonly types: readonly TypeDescriptor[];
  /** The world, for the bindings of its firmware: with it the guest may import functions. */
  readonly world?: CWorld;
  /** The `id` of each type; its place when not given. */
  readonly typeIds?: readonly number[];
  /** Places in the host's tables for the streams of a function that is called. */
  readonly places?: { readonly handles: number; readonly streams: number };
  /** What it takes on a core. */
  readonly measured?: NativeFigures;
  /** Switches that the host needs: `LISTS`, `CALLS`, `TASKS`. */
  readonly features?: readonly string[];
  /** Of the guest's strings: `RILL_UTF8`, …; with lists. */
  readonly encoding?: string;
  /** Statements for an import that is none of the canonical built-ins. */
  readonly otherImport?: (module: string, field: string) => readonly string[] | null;
  /** The C function that serves import `index`, a function, where there is no `world`. */
  readonly serve?: (index: number) => string;
  /** Headers that what `otherImport` and `serve` say needs. */
  readonly includes?: readonly string[];
  /** Adds a table of all exports, `NAME_module`, for programs that call them by name. */
  readonly withTable?: boolean;
}

/** The files' texts. */
export interface GuestFiles {
  readonly header: string;
  readonly source: string;
  /** Whether the guest computes with floats of 64 bits. */
  readonly usesDoubles: boolean;
  /** Whether it may be compiled with RILL_PLAIN_VALUES. */
  readonly isPlain: boolean;
  /** Bytes of its linear memory. */
  readonly memoryBytes: number;
}

/** Writes the guest. @throws UserError for what is not translated */
export function guestFiles(guest: NativeGuest): GuestFiles {
  const exported = guest.module.module.exports.filter(({ kind }) => kind === "func");
  const names = exportNames(exported.map(({ name }) => name));
  const functions = exported.map(({ name, index }, at) => ({
    name,
    cName: `${guest.name}_${names[at]!}`,
    index,
  }));
  const struct = `struct ${guest.name}_guest`;
  const code = translateModule(
    guest.module,
    functions.map(({ index }) => index),
    struct,
  );
  const writer = new GuestWriter(guest, functions, struct, code);
  const { usesDoubles } = guest.module;
  return {
    header: writer.header(),
    source: writer.source(),
    usesDoubles,
    isPlain: guest.types.every(isPlain),
    memoryBytes: guest.module.memoryBytes,
  };
}

class GuestWriter {
  constructor(
    private readonly guest: NativeGuest,
    private readonly functions: readonly ExportedFunction[],
    private readonly struct: string,
    private readonly code: TranslatedModule,
  ) {}

  header(): string {
    const { guest, struct, code } = this;
    const { name, types, places, features = [] } = guest;
    const upper = name.toUpperCase();
    const { memoryBytes } = guest.module;
    return lines([
      "/*",
      ` * ${name}: a guest of as-rill as C. Written by rill pack --format native; do not edit.`,
      " */",
      `#ifndef ${upper}_GUEST_H`,
      `#define ${upper}_GUEST_H`,
      "",
      '#include "rill_native.h"',
      "",
      ...features.flatMap((feature) => [
        `#ifndef RILL_WITH_${feature}`,
        `#error "this guest needs RILL_WITH_${feature}, in all files alike"`,
        "#endif",
      ]),
      ...(types.every(isPlain)
        ? []
        : [
            "#ifdef RILL_PLAIN_VALUES",
            '#error "this guest has values that are checked: compile without RILL_PLAIN_VALUES"',
            "#endif",
          ]),
      ...(this.importsFunctions()
        ? [
            "#ifndef RILL_WITH_BINDINGS",
            '#error "this guest imports functions: it needs RILL_WITH_BINDINGS, and the files of rill bindgen --host c"',
            "#endif",
          ]
        : []),
      ...(guest.world === undefined
        ? []
        : ["#ifdef RILL_WITH_BINDINGS", '#include "rill_bindings.h"', "#endif", ""]),
      "#ifdef __cplusplus",
      'extern "C" {',
      "#endif",
      "",
      "/** Bytes of linear memory. */",
      `#define ${upper}_MEMORY_BYTES ${memoryBytes}u`,
      ...(places === undefined
        ? []
        : [
            "/** Places that a call of the guest's function takes in the host's tables. */",
            `#define ${upper}_HANDLES ${places.handles}u`,
            `#define ${upper}_STREAMS ${places.streams}u`,
          ]),
      ...this.stackLines(upper),
      ...(types.length === 0
        ? []
        : ["", "/** The element types. */", `extern const struct rill_type ${name}_types[${types.length}];`]),
      "",
      "/** One instance. All fields but those of `base` that say otherwise are its own. */",
      `${struct} {`,
      "    struct rill_native base;",
      ...code.fields.map((field) => `    ${field}`),
      `    uint8_t memory[${Math.max(memoryBytes, 1)}] RILL_NATIVE_ALIGNED;`,
      "};",
      "",
      "/**",
      " * Gives an instance its first values. Call rill_host_init for `guest->base.host` before, and set",
      " * `guest->base.returned`; all else of the instance is overwritten.",
      " * @returns false when the guest's start function traps",
      " */",
      `bool ${name}_init(${struct} *guest);`,
      "",
      ...this.declarations(),
      ...(guest.world === undefined
        ? []
        : [
            "#ifdef RILL_WITH_BINDINGS",
            `/** For ${guest.world.prefix}_init: what it is given as a guest is \`base.host\` of a \`${struct}\`. */`,
            `extern const struct rill_engine ${name}_engine;`,
            "#endif",
            "",
          ]),
      "#ifdef __cplusplus",
      "}",
      "#endif",
      "",
      "#endif",
    ]);
  }

  /** Whether the firmware implements functions for the guest. */
  private importsFunctions(): boolean {
    const { imports, serve } = this.guest;
    if (serve !== undefined) return false;
    return this.code.imports.some((index) => imports?.[index]?.func !== undefined);
  }

  /** How deep calls go: in functions, and in bytes of a core's stack where one was measured. */
  private stackLines(upper: string): string[] {
    const { code } = this;
    const { measured } = this.guest;
    const own = [
      code.isRecursive
        ? "/* Functions of the guest may call themselves: more than RILL_NATIVE_DEPTH such calls at once trap. */"
        : `/* No function of the guest calls itself: its calls go ${code.depth} deep at most. */`,
    ];
    if (measured === undefined) return own;
    const { stack_bytes: bytes, cpu, compiler, stack_chain: chain, stack_open: open } = measured;
    const macro = `${upper}_STACK_BYTES_${identifier(cpu).toUpperCase()}`;
    if (bytes === null) return [...own, `/* ${macro} is open: ${commented(open!)} */`];
    return [
      ...own,
      "/**",
      ` * Bytes of stack for a call of an export on ${cpu}, host and rill_rings included; interrupts, and what you give the`,
      " * rings, the host and imported functions to call, come on top. The deepest chain:",
      ...wrapped(chain).map((line) => ` * ${line}`),
      ` * (${commented(compiler)}, -Os)`,
      " */",
      `#define ${macro} ${bytes}u`,
    ];
  }

  /** The exports, each with what it is in the module. */
  private declarations(): string[] {
    return this.functions.flatMap((item) => [
      "/**",
      ` * The export \`${commented(item.name)}\`.`,
      " * @returns false when the guest traps, with the reason in `guest->base.host.trap`; it must not run again",
      " */",
      `${this.entryHead(item)};`,
      "",
    ]);
  }

  private entryHead({ cName, index }: ExportedFunction): string {
    const { signature } = this.guest.module.functions[index]!;
    const params = signature.params.map((type, i) => `${this.typeText(type)} l${i}`);
    const result =
      signature.results.length === 0
        ? []
        : signature.results.map((type, i) =>
            signature.results.length === 1
              ? `${this.typeText(type)} *result`
              : `${this.typeText(type)} *result${i}`,
          );
    return `bool ${cName}(${[`${this.struct} *guest`, ...params, ...result].join(", ")})`;
  }

  private typeText(type: string): string {
    return cType(this.guest.module.numberType(type));
  }

  source(): string {
    const { guest, code } = this;
    const body = [
      ...this.typeTables(),
      ...code.definitions,
      ...this.importFunctions(),
      ...this.initFunction(),
      ...this.entries(),
      ...(guest.withTable === true ? this.exportTable() : []),
      ...(guest.world === undefined ? [] : this.tie(guest.world)),
    ];
    return lines([
      "/*",
      ` * ${guest.name}: a guest of as-rill as C. Written by rill pack --format native; do not edit.`,
      " */",
      `#include "${guest.name}.h"`,
      "",
      '#include "rill_native_integers.h"',
      '#include "rill_native_memory.h"',
      ...(guest.module.usesFloats && !guest.module.usesDoubles ? ['#include "rill_native_floats.h"'] : []),
      ...(guest.module.usesDoubles ? ['#include "rill_native_doubles.h"'] : []),
      ...(guest.withTable === true ? ['#include "native_exports.h"'] : []),
      ...(guest.includes ?? []).map((header) => `#include "${header}"`),
      ...(guest.world === undefined
        ? []
        : ["#ifdef RILL_WITH_BINDINGS", `#include "${guest.world.prefix}.h"`, "#endif"]),
      ...(code.isRecursive
        ? [
            "",
            "/* Calls on the stack at once, of functions that may call themselves. */",
            "#ifndef RILL_NATIVE_DEPTH",
            "#define RILL_NATIVE_DEPTH 16",
            "#endif",
          ]
        : []),
      ...body,
    ]);
  }

  private typeTables(): string[] {
    const { name, types, typeIds } = this.guest;
    if (types.length === 0) return [];
    const plans = types.map((type, id) => planText(`plan${id}`, type));
    const rows = types.map((type, id) => `    ${typeText(`plan${id}`, type, typeIds?.[id] ?? id)},`);
    return ["", ...plans, `const struct rill_type ${name}_types[${types.length}] = {`, ...rows, "};"];
  }

  private importFunctions(): string[] {
    const { module, imports, name, world } = this.guest;
    return this.code.imports.flatMap((index) => {
      const { signature, import: from } = module.functions[index]!;
      const first = head(module, module.functionName(index), signature, this.struct);
      const item = imports?.[index];
      const body =
        item === undefined
          ? (this.guest.otherImport?.(from!.module, from!.field) ?? null)
          : builtInCall(
              module,
              item,
              signature,
              (type) => `&${name}_types[${type}]`,
              this.guest.serve?.(index) ?? serveName(world, item),
            );
      if (body === null) throw module.refusal(`imports ${from!.module} ${from!.field}`);
      return ["", `/* ${commented(item?.name ?? from!.field)} */`, first, "{", ...body, "}"];
    });
  }

  /** Ties the guest to the bindings of its world. */
  private tie(world: CWorld): string[] {
    const { guest, struct, functions } = this;
    return engineTie(world, { name: guest.name, struct, module: guest.module, functions });
  }

  private initFunction(): string[] {
    const { guest, struct, code } = this;
    const { name, features = [], encoding } = guest;
    const { memoryBytes } = guest.module;
    const lists = features.includes("LISTS")
      ? [
          `    rill_host_lists(&guest->base.host, ${encoding}, ${this.allocator() === null ? "NULL" : "allocate"});`,
        ]
      : [];
    const hasStart = guest.module.module.start !== null;
    const values = code.initialization;
    return [
      ...(features.includes("LISTS") ? this.allocateFunction() : []),
      "",
      `bool ${name}_init(${struct} *guest)`,
      "{",
      ...(hasStart ? ["    struct rill_native_way way;", ""] : []),
      `    rill_native_begin(&guest->base, guest->memory, ${memoryBytes}u);`,
      ...lists,
      ...(hasStart
        ? [
            ...values.slice(0, -1),
            "    rill_native_enter(&guest->base, &way);",
            "    if (RILL_NATIVE_TRY(&way)) {",
            `    ${values.at(-1)!}`,
            "        way.is_done = true;",
            "    }",
            "    return rill_native_leave(&guest->base, &way);",
          ]
        : [...values, "    return true;"]),
      "}",
    ];
  }

  private allocator(): ExportedFunction | null {
    return this.functions.find(({ name }) => name === "cabi_realloc") ?? null;
  }

  /** The host's `allocate`. */
  private allocateFunction(): string[] {
    const allocator = this.allocator();
    if (allocator === null) return [];
    return [
      "",
      "/* SAFETY: hosts alone get this function that are the first member of this guest's struct. */",
      "static bool allocate(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr)",
      "{",
      `    return ${allocator.cName}((${this.struct} *)(void *)host, 0, 0, align, byte_length, ptr);`,
      "}",
    ];
  }

  /** What calls an export: the guest's function, and the way out of it. */
  private entries(): string[] {
    const { module } = this.guest;
    return this.functions.flatMap((item) => {
      const { signature } = module.functions[item.index]!;
      const params = signature.params.map((_, i) => `l${i}`);
      const call = `${module.functionName(item.index)}(${["guest", ...params].join(", ")})`;
      const { results } = signature;
      const several = results.length > 1;
      const declared = several ? [`    ${module.resultType(signature)} values;`] : [];
      return [
        "",
        this.entryHead(item),
        "{",
        "    struct rill_native_way way;",
        "",
        "    rill_native_enter(&guest->base, &way);",
        "    if (RILL_NATIVE_TRY(&way)) {",
        ...declared.map((line) => `    ${line}`),
        `        ${results.length === 0 ? "" : several ? "values = " : "*result = "}${call};`,
        ...(several ? results.map((_, i) => `        *result${i} = values.v${i};`) : []),
        "        way.is_done = true;",
        "    }",
        "    return rill_native_leave(&guest->base, &way);",
        "}",
      ];
    });
  }

  /** Calls of exports by name, their arguments and results in cells of 64 bits. */
  private exportTable(): string[] {
    const { module, name } = this.guest;
    const callers = this.functions.flatMap(({ cName }, at) => {
      const { signature } = module.functions[this.functions[at]!.index]!;
      const { params, results } = signature;
      const args = params.map((type, i) => fromCell(type, `cells[${i}]`));
      const outs = results.map((_, i) => `&result${i}`);
      return [
        "",
        `static bool by_name${at}(struct rill_native *guest, uint64_t *cells)`,
        "{",
        ...results.map((type, i) => `    ${this.typeText(type)} result${i} = 0;`),
        `    const bool is_done = ${cName}(${[`(${this.struct} *)(void *)guest`, ...args, ...outs].join(", ")});`,
        "",
        ...(params.length + results.length === 0 ? ["    (void)cells;"] : []),
        ...results.map((type, i) => `    cells[${i}] = ${cellOf(type, `result${i}`)};`),
        "    return is_done;",
        "}",
      ];
    });
    const rows = this.functions.map(({ name: text, index }, at) => {
      const letters = module.letters(module.functions[index]!.signature);
      return `    {${cString(text)}, "${letters}", by_name${at}},`;
    });
    return [
      ...callers,
      "",
      "static bool init_any(struct rill_native *guest)",
      "{",
      `    return ${name}_init((${this.struct} *)(void *)guest);`,
      "}",
      "",
      "static const struct native_export exports[] = {",
      ...rows,
      "    {NULL, NULL, NULL},",
      "};",
      `const struct native_module ${name}_module = {`,
      `    exports, init_any, sizeof(${this.struct}), ${module.memoryBytes}u,`,
      "};",
    ];
  }
}

/** A chain of calls, in lines. */
function wrapped(chain: readonly string[]): string[] {
  const lines = [""];
  chain.forEach((name, index) => {
    const word = `${index === 0 ? "" : " > "}${commented(name)}`;
    if (lines.at(-1)!.length + word.length > 100) lines.push(word.trimStart());
    else lines.push(lines.pop()! + word);
  });
  return lines;
}

function serveName(world: CWorld | undefined, { func, async }: ImportDescriptor): string | undefined {
  if (func === undefined || world === undefined) return undefined;
  const dropped = droppedResource(func);
  if (dropped !== null) return world.serveDropName(world.resources[world.resourceNumber(dropped)]!);
  const use = ownUse(func);
  if (use !== null) return world.guestResource(func.resource!).serveNames[use];
  const item = world.imports.find((candidate) => candidate.func === func);
  return item && world.serveName(item, async);
}

/** A string of C, in ASCII. */
function cString(text: string): string {
  const bytes = [...Buffer.from(text, "utf8")].map((byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c || byte === 0x3f
      ? `\\${byte.toString(8).padStart(3, "0")}`
      : String.fromCharCode(byte),
  );
  return `"${bytes.join("")}"`;
}

/** Lines of a file. */
function lines(text: readonly string[]): string {
  return `${text.join("\n")}\n`;
}
