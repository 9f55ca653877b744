/** Translates a module: what its exports reach, its table, its memory's and globals' first values. */
import type { FunctionSignature } from "../wasm/core-module.js";
import { CallGraph } from "./call-graph.js";
import { dispatcherName, type GuestModule } from "./guest-module.js";
import { count } from "./literals.js";
import { translateFunction } from "./translate-function.js";
import { cType } from "./value.js";

/** What the code of a module is made of, in the order in which C needs it. */
export interface TranslatedModule {
  /** Fields of the instance, beside its base and its memory. */
  readonly fields: readonly string[];
  /** Declarations and definitions of everything `static`. */
  readonly definitions: readonly string[];
  /** Statements that give an instance its first values. */
  readonly initialization: readonly string[];
  /** Imports that are called, by index. */
  readonly imports: readonly number[];
  /** Whether a function may call itself, so that calls are counted. */
  readonly isRecursive: boolean;
  /** How many functions of the guest are on the stack at most; meant where none is recursive. */
  readonly depth: number;
}

/**
 * @param roots functions that are called from outside
 * @param struct the C type of an instance
 */
export function translateModule(
  guest: GuestModule,
  roots: readonly number[],
  struct: string,
): TranslatedModule {
  const { start } = guest.module;
  const graph = new CallGraph(guest, start === null ? roots : [...roots, start]);
  const { reached } = graph;
  const defined = reached.filter((index) => guest.functions[index]!.code !== null);
  const recursive = new Set(defined.filter((index) => graph.isRecursive(index)));
  const entered = new Set(roots);
  const texts = new Map(
    defined.map((index) => {
      const role = { isRecursive: recursive.has(index), isEntered: entered.has(index) };
      return [guest.functionName(index), definition(guest, index, struct, role)] as const;
    }),
  );
  for (const signature of guest.dispatchers.values())
    texts.set(dispatcherName(guest.letters(signature)), dispatcher(guest, signature, struct));
  const called = calledFrom(
    [...roots, ...(start === null ? [] : [start])].map((index) => guest.functionName(index)),
    texts,
  );
  const bodies = defined.flatMap((index) => {
    const name = guest.functionName(index);
    return called.has(name) ? texts.get(name)! : [];
  });
  const throughTable = [...guest.dispatchers.values()].filter((signature) =>
    called.has(dispatcherName(guest.letters(signature))),
  );
  const dispatchers = throughTable.flatMap((signature) =>
    texts.get(dispatcherName(guest.letters(signature)))!,
  );
  const prototypes = [
    ...throughTable.map(
      (signature) =>
        `${head(guest, dispatcherName(guest.letters(signature)), signature, struct, ["uint32_t index"])};`,
    ),
    ...reached
      .filter((index) => called.has(guest.functionName(index)))
      .map(
        (index) => `${head(guest, guest.functionName(index), guest.functions[index]!.signature, struct)};`,
      ),
  ];
  return {
    fields: fieldsOf(guest),
    definitions: [...resultTypes(guest), ...data(guest), "", ...prototypes, ...dispatchers, ...bodies],
    initialization: [
      ...initialization(guest),
      ...(start === null ? [] : [`    ${guest.functionName(start)}(guest);`]),
    ],
    imports: reached.filter(
      (index) => guest.functions[index]!.code === null && called.has(guest.functionName(index)),
    ),
    isRecursive: recursive.size > 0,
    depth: recursive.size > 0 ? 0 : graph.depth(entered),
  };
}

/** What the C of the roots calls, by name: code that nothing comes to is not there, and its calls are not. */
function calledFrom(roots: readonly string[], texts: ReadonlyMap<string, readonly string[]>): Set<string> {
  const called = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (called.has(name)) continue;
    called.add(name);
    for (const line of texts.get(name) ?? [])
      for (const [, callee] of line.matchAll(/\b(f\d+|through_table_\w+)(?:_counted)?\(/g))
        waiting.push(callee!);
  }
  return called;
}

/** A function's head: parameters are the locals `l0`, `l1`, …, then `more`. */
export function head(
  guest: GuestModule,
  name: string,
  signature: FunctionSignature,
  struct: string,
  more: readonly string[] = [],
): string {
  const params = signature.params.map((type, index) => `${cType(guest.numberType(type))} l${index}`);
  return `static ${guest.resultType(signature)} ${name}(${[`${struct} *guest`, ...params, ...more].join(", ")})`;
}

interface Role {
  /** It may be on the stack twice. */
  readonly isRecursive: boolean;
  /** It is called by a function that a trap comes back to: there compilers keep nothing in registers. */
  readonly isEntered: boolean;
}

function definition(
  guest: GuestModule,
  index: number,
  struct: string,
  { isRecursive, isEntered }: Role,
): string[] {
  const { signature, name, named } = guest.functions[index]!;
  const own = guest.functionName(index);
  const body = translateFunction(guest, index);
  const comment = named ? [`/* ${commented(name)} */`] : [];
  const inner = isRecursive ? `${own}_counted` : own;
  const apart = isEntered ? "RILL_NATIVE_OUT_OF_LINE " : "";
  const code = ["", ...comment, `${apart}${head(guest, inner, signature, struct)}`, "{", ...body, "}"];
  if (!isRecursive) return code;
  return [...code, "", head(guest, own, signature, struct), "{", ...counted(guest, inner, signature), "}"];
}

/** A name, as a comment may hold it. */
export function commented(name: string): string {
  return name
    .replace(/[^\x20-\x7e]/g, "?")
    .replace(/\*\//g, "* /")
    .replace(/\/\*/g, "/ *")
    .replace(/\\/g, "/");
}

/** Calls `inner` unless too many calls of recursive functions are under way. */
function counted(guest: GuestModule, inner: string, signature: FunctionSignature): string[] {
  const call = `${inner}(${["guest", ...signature.params.map((_, i) => `l${i}`)].join(", ")})`;
  const type = guest.resultType(signature);
  return [
    ...(type === "void" ? [] : [`    ${type} result;`, ""]),
    "    if (guest->base.depth >= RILL_NATIVE_DEPTH) {",
    "        rill_native_trap(&guest->base, RILL_NATIVE_EXHAUSTED);",
    "    }",
    "    guest->base.depth++;",
    type === "void" ? `    ${call};` : `    result = ${call};`,
    "    guest->base.depth--;",
    ...(type === "void" ? [] : ["    return result;"]),
  ];
}

/** Calls through the table: each place of the type by its number, so that C knows who is called. */
function dispatcher(guest: GuestModule, signature: FunctionSignature, struct: string): string[] {
  const letters = guest.letters(signature);
  const places = [...guest.table.entries()];
  const isOfType = (callee: number): boolean => guest.letters(guest.functions[callee]!.signature) === letters;
  const byCallee = new Map<number, number[]>();
  for (const [place, callee] of places)
    if (callee !== null && isOfType(callee)) byCallee.set(callee, [...(byCallee.get(callee) ?? []), place]);
  const others = places.flatMap(([place, callee]) => (callee !== null && !isOfType(callee) ? [place] : []));
  const args = ["guest", ...signature.params.map((_, index) => `l${index}`)].join(", ");
  const isVoid = signature.results.length === 0;
  const cases = [...byCallee].flatMap(([callee, at]) => [
    ...at.map((place) => `    case ${place}:`),
    `        ${isVoid ? "" : "return "}${guest.functionName(callee)}(${args});`,
    ...(isVoid ? ["        return;"] : []),
  ]);
  const unused = byCallee.size > 0 ? [] : signature.params.map((_, index) => `    (void)l${index};`);
  return [
    "",
    head(guest, dispatcherName(letters), signature, struct, ["uint32_t index"]),
    "{",
    ...unused,
    "    switch (index) {",
    ...cases,
    ...others.map((place) => `    case ${place}:`),
    ...(others.length > 0 ? ["        rill_native_trap(&guest->base, RILL_NATIVE_OTHER_TYPE);"] : []),
    "    default:",
    "        rill_native_trap(&guest->base,",
    `                         index < ${count(guest.table.length)} ? RILL_NATIVE_EMPTY_ELEMENT : RILL_NATIVE_NO_ELEMENT);`,
    "    }",
    "}",
  ];
}

function resultTypes(guest: GuestModule): string[] {
  return [...guest.resultTypes].flatMap(([name, types]) => [
    "",
    `struct ${name} {`,
    ...types.map((type, index) => `    ${cType(type)} v${index};`),
    "};",
  ]);
}

function fieldsOf(guest: GuestModule): string[] {
  const globals = guest.module.globals.flatMap(({ type, mutable }, index) =>
    mutable ? [`${cType(guest.numberType(type))} g${index};`] : [],
  );
  return [...globals, ...[...guest.segments].map((index) => `uint32_t extent${index};`)];
}

function contentOf(guest: GuestModule, segment: number): Uint8Array {
  const { content } = guest.module.data[segment]!;
  return guest.module.bytes.subarray(content.start, content.end);
}

/** Whether data has to be written: memory begins with zeros, and zeros matter only over other data. */
function isNeeded(guest: GuestModule, segment: number): boolean {
  if (guest.segments.has(segment)) return true;
  if (guest.module.data[segment]!.offset === null) return false; // nothing copies it
  if (contentOf(guest, segment).some((byte) => byte !== 0)) return true;
  const [start, end] = extentOf(guest, segment);
  return guest.module.data.slice(0, segment).some((_, earlier) => {
    const [from, to] = extentOf(guest, earlier);
    return from < end && start < to;
  });
}

function extentOf(guest: GuestModule, segment: number): readonly [number, number] {
  const { offset } = guest.module.data[segment]!;
  if (offset === null) return [0, 0];
  const start = Number(offset.value);
  return [start, start + contentOf(guest, segment).length];
}

function data(guest: GuestModule): string[] {
  return guest.module.data.flatMap((_, segment) => {
    if (!isNeeded(guest, segment)) return [];
    const bytes = [...contentOf(guest, segment)];
    const rows = Array.from({ length: Math.ceil(bytes.length / 20) }, (_, row) =>
      bytes.slice(row * 20, row * 20 + 20).join(", "),
    );
    const content = rows.length === 0 ? ["    0"] : rows.map((row) => `    ${row},`);
    return ["", `static const uint8_t data${segment}[] RILL_IN_FLASH = {`, ...content, "};"];
  });
}

function initialization(guest: GuestModule): string[] {
  const globals = guest.module.globals.flatMap(({ mutable }, index) =>
    mutable ? [`    guest->g${index} = ${guest.initialValue(index).text};`] : [],
  );
  const segments = guest.module.data.flatMap(({ offset }, segment) => {
    const { length } = contentOf(guest, segment);
    const extent = guest.segments.has(segment)
      ? [`    guest->extent${segment} = ${offset === null ? count(length) : "0"};`]
      : [];
    if (offset === null || length === 0 || !isNeeded(guest, segment)) return extent;
    const at = count(Number(offset.value));
    return [
      ...extent,
      `    (void)RILL_FLASH_COPY(guest->memory + ${at}, data${segment}, sizeof data${segment});`,
    ];
  });
  return [...globals, ...segments];
}
