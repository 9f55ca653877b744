/**
 * What the C host must know of a guest: its element types and its imports, as
 * data for a desktop program or a firmware.
 */
import { UserError } from "../errors/user-error.js";
import { parseImportName } from "../wit/canonical-names.js";
import type { CoreImport } from "../wit/core-names.js";
import type { CoreType } from "../wit/layout.js";
import { holdsHandle, isPointerFree, typesEqual } from "../wit/layout.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";
import { addressesDescriptor, type TypeDescriptor, typeDescriptor } from "./copy-plan.js";
import { NotServed } from "./not-served.js";
import { dropFunction, ownFunction } from "./resource-numbers.js";
import { guestImports } from "../wit/pair-types.js";

/** `enum rill_builtin` of rill_host.h, in its order. */
export const builtins: readonly string[] = [
  "new",
  "read",
  "write",
  "cancel-read",
  "cancel-write",
  "drop-readable",
  "drop-writable",
  "waitable-set.new",
  "waitable-set.wait",
  "waitable-set.poll",
  "waitable-set.drop",
  "waitable.join",
  "subtask.cancel",
  "subtask.drop",
  "task.return",
  "call",
  "task.cancel",
  "backpressure.inc",
  "backpressure.dec",
  "context.get",
  "context.set",
  "thread.yield",
];

/** One import: a `struct rill_import` as data. `type` indexes `types`, -1 where there is none. */
export interface ImportDescriptor {
  readonly module: string;
  readonly name: string;
  readonly signature: string;
  readonly builtin: number;
  readonly type: number;
  readonly async: boolean;
  readonly future: boolean;
  /** Of a call: the function, which the embedder implements. Dropping its resources is one (dropFunction). */
  readonly func?: FunctionType;
}

/** Built-ins of the smallest host, the first so many. */
const SMALLEST_BUILTINS = 15;

/** An image's firmware has all others. */
const YIELD = builtins.indexOf("thread.yield");

/** A guest's types and imports. */
export class GuestDescriptor {
  /** Element types, each once. */
  readonly types: TypeDescriptor[] = [];
  /** Imports in the module's order. */
  readonly imports: ImportDescriptor[] = [];
  /** The types that `types` describes. */
  readonly elements: ValueType[] = [];

  /** Whether the guest needs more than the smallest host has: strings and lists, built-ins on tasks. */
  needsWhole = false;

  /**
   * @param whole the host may be the whole one, with all that it can do
   * @param servesCalls the embedder implements functions and resources that the guest imports
   * @param isImage the embedder puts the strings and lists of items into the guest's memory, and takes
   * them from there; and it has what handles in items stand for, and those of resources that the guest
   * exports
   * @param hasOwnResources the embedder serves the built-ins of resources that the guest exports, as they are
   * @throws UserError for an import that the C host does not provide
   */
  constructor(
    core: Uint8Array,
    world: World,
    private readonly whole = false,
    private readonly servesCalls = false,
    private readonly isImage = false,
    private readonly hasOwnResources = false,
  ) {
    const known = new Map(guestImports(world).map((item) => [`${item.module} ${item.name}`, item]));
    for (const { module, name } of WebAssembly.Module.imports(
      new WebAssembly.Module(core as Uint8Array<ArrayBuffer>),
    )) {
      const item = known.get(`${module} ${name}`);
      if (!item) throw new UserError(`the guest imports ${module} ${name}, which its world does not know`);
      this.imports.push(this.import(item));
    }
  }

  /**
   * The index of an element type, which is added if it is new.
   * @throws UserError for a type with pointers or handles
   */
  typeIndex(type: ValueType): number {
    const at = this.elements.findIndex((other) => typesEqual(other, type));
    if (at >= 0) return at;
    if (!isPointerFree(type)) {
      if (!this.whole && !this.isImage)
        throw new NotServed("the host on a board does not serve element types with strings or lists");
      this.needsWhole = true;
    }
    // Copying such an element moves a handle from one table to another, which a plan of bytes does not: the
    // embedder of an image does.
    if (holdsHandle(type) && !this.isImage && !this.hasOwnResources)
      throw this.refusal("", "does not serve streams of resources, streams or futures");
    this.elements.push(type);
    this.types.push(this.isImage && !isPointerFree(type) ? addressesDescriptor(type) : typeDescriptor(type));
    return this.types.length - 1;
  }

  private refusal(cause: string, what: string): NotServed {
    return new NotServed(`${cause}${this.whole ? "the C host" : "the host on a board"} ${what}`);
  }

  private import({ module, name, params, results, meaning }: CoreImport): ImportDescriptor {
    const signature = nativeSignature(params, results);
    const of = (builtin: string): number => {
      const at = builtins.indexOf(builtin);
      if (at >= SMALLEST_BUILTINS) this.needsWhole = true;
      if (at < 0 || at >= (this.whole ? builtins.length : this.servesCalls ? YIELD : SMALLEST_BUILTINS))
        throw this.refusal(`the guest imports ${module} ${name}; `, `does not provide ${builtin}`);
      return at;
    };
    const plain = { module, name, signature, type: -1, async: false, future: false };
    switch (meaning.kind) {
      case "builtin": {
        const parsed = parseImportName(name);
        return {
          ...plain,
          builtin: of(meaning.builtin),
          async: parsed.async === true || parsed.slot === 1,
        };
      }
      case "task.return":
        return { ...plain, builtin: of("task.return") };
      case "copy": {
        const [kind, verb] = meaning.builtin.split(".") as [string, string];
        const type = meaning.element ? this.typeIndex(meaning.element) : -1;
        return { ...plain, builtin: of(verb), type, async: meaning.async, future: kind === "future" };
      }
      case "call": {
        if (this.servesCalls) {
          this.needsWhole = true;
          return { ...plain, builtin: builtins.indexOf("call"), async: meaning.async, func: meaning.func };
        }
        throw new UserError(`the module imports "${module}" "${name}", and the host has no such function`);
      }
      case "resource":
        if (this.servesCalls && meaning.builtin === "resource.drop" && meaning.resource.exported !== true) {
          this.needsWhole = true;
          return { ...plain, builtin: builtins.indexOf("call"), func: dropFunction(meaning.resource) };
        }
        if (this.hasOwnResources && meaning.resource.exported === true) {
          this.needsWhole = true;
          return { ...plain, builtin: builtins.indexOf("call"), func: ownFunction(name, meaning.resource) };
        }
        if (this.isImage && meaning.resource.exported === true) {
          this.needsWhole = true;
          // `rill pack` has the guest run its destructor itself: what is left answers with a number, too.
          const number = nativeSignature(params, ["i32"]);
          return {
            ...{ ...plain, signature: number, builtin: builtins.indexOf("call") },
            func: ownFunction(name, meaning.resource),
          };
        }
        throw this.refusal(`the guest imports ${module} ${name}; `, "does not provide it");
    }
  }
}

/** A native's signature as WAMR has it: `(iI)i`. */
export function nativeSignature(params: readonly CoreType[], results: readonly CoreType[]): string {
  return `(${params.map(signatureLetter).join("")})${results.map(signatureLetter).join("")}`;
}

/** WAMR's letter for a core type in it. */
export function signatureLetter(type: CoreType): string {
  return { i32: "i", i64: "I", f32: "f", f64: "F" }[type];
}

/** The descriptor's part of what run/main.c reads: types and imports, a line each. */
export function descriptorLines({ types, imports }: GuestDescriptor): string[] {
  const flag = (value: boolean): string => (value ? "1" : "0");
  return [
    ...types.map(
      ({ plan, elemSize, alignment, isNumber, holdsPointer }, id) =>
        `type ${id} ${elemSize} ${alignment} ${holdsPointer ? "2" : flag(isNumber)} ${plan.join(" ")}`,
    ),
    ...imports.map(
      ({ module, name, signature, builtin, type, async, future }) =>
        `import ${module} ${name} ${signature} ${builtin} ${type} ${flag(async)} ${flag(future)}`,
    ),
  ];
}
