/**
 * A world as its bindings for C see it: what `rill bindgen --host c` writes, and what
 * `rill pack --format native` ties a guest to, are numbered and named alike by this.
 */
import { createHash } from "node:crypto";
import { componentName } from "../../wit/function-name.js";
import { coreExports, type CoreExport, coreImports } from "../../wit/core-names.js";
import { typeShape, typesEqual } from "../../wit/layout.js";
import type { FunctionType, Resource, ValueType, World, WorldItems } from "../../wit/model.js";
import { functionLabel } from "../names/names.js";
import { CTypes } from "./c-types.js";
import { CScope, ownerName, snakeCase, worldName } from "./c-names.js";

/** A function with its C name. */
export interface CFunction {
  /** Full name of its interface; `$root` for the world's own. */
  readonly owner: string;
  readonly func: FunctionType;
  /** The firmware's function for an import; `W_host_call_F` for an export. */
  readonly cName: string;
}

/** A resource of the firmware's; its number is its place in the world's. */
export interface CResource {
  readonly resource: Resource;
  /** Full name of its interface; `$root` for the world's own. */
  readonly owner: string;
  /** What its functions' names begin with. */
  readonly cName: string;
  /** The firmware's destructor. */
  readonly dropName: string;
}

/** How many calls may be under way at once; null: one of each function, and no number is written. */
export interface SideBySide {
  /** Of each async function that the guest imports. */
  readonly calls: number | null;
  /** Of all async functions that it exports. */
  readonly tasks: number | null;
}

const ALONE: SideBySide = { calls: null, tasks: null };

/** A world's functions and numbers. */
export class CWorld {
  /** What everything of the world begins with: `demo_host`. */
  readonly prefix: string;
  /** Names at the top of the header. */
  readonly scope: CScope;
  /** The types that its functions use. */
  readonly types: CTypes;
  /** What the firmware implements. */
  readonly imports: readonly CFunction[];
  /** What it calls. */
  readonly exports: readonly CFunction[];
  /** What the firmware implements as resources. */
  readonly resources: readonly CResource[];
  /** Element types of streams and futures, each once: a type's place here is its `id`. */
  readonly elements: readonly ValueType[];
  /** The core exports that its guests may have: an engine calls one by its place here. */
  readonly coreExports: readonly CoreExport[];

  constructor(
    readonly world: World,
    readonly sideBySide: SideBySide = ALONE,
  ) {
    this.prefix = `${worldName(world.id)}_host`;
    const own = ["init", "close", "types", "imports", "exports"].map((name) => `${this.prefix}_${name}`);
    this.scope = new CScope(own);
    const imported = functionsOf(world.imports);
    this.imports = imported.map(([owner, func]) => ({
      owner,
      func,
      cName: this.scope.claim(`import ${owner}#${componentName(func)}`, this.fullName(owner, func)),
    }));
    const exported = functionsOf(world.exports);
    this.exports = exported.map(([owner, func]) => {
      const isAlone = exported.filter(([, other]) => label(other) === label(func)).length === 1;
      const name = isAlone ? label(func) : this.fullName(owner, func);
      const identity = `export ${owner}#${componentName(func)}`;
      const verb = func.async && sideBySide.tasks !== null ? "begin" : "call";
      return { owner, func, cName: this.scope.claim(identity, `${this.prefix}_${verb}_${name}`) };
    });
    this.resources = resourcesOf(world.imports).map(([owner, resource]) => {
      const cName = `${ownerName(owner, world.id)}_${snakeCase(resource.name)}`;
      const dropName = this.scope.claim(`drop ${owner}#${resource.name}`, `${cName}_drop`);
      return { resource, owner, cName, dropName };
    });
    this.types = new CTypes(this.scope, world.id);
    this.elements = elementTypes(world);
    this.coreExports = coreExports(world);
  }

  private fullName(owner: string, func: FunctionType): string {
    const name = func.kind === "constructor" ? `${snakeCase(func.resource!.name)}_new` : label(func);
    return `${ownerName(owner, this.world.id)}_${name}`;
  }

  /** The number of a resource of the firmware's. */
  resourceNumber(resource: Resource): number {
    return this.resources.findIndex(
      (known) => known.resource.owner === resource.owner && known.resource.name === resource.name,
    );
  }

  /** The function of W_host.c that serves a resource.drop of the guest's. */
  serveDropName({ dropName }: CResource): string {
    return `${this.prefix}_serve_${dropName}`;
  }

  /** What `struct W_host` keeps of a function is a member of this name. */
  memberName({ cName }: CFunction): string {
    const own = `${this.prefix}_`;
    return cName.startsWith(`${own}call_`) ? cName.slice(own.length) : cName;
  }

  /**
   * The function of W_host.c that serves calls of an import.
   * @param isAsync whether guests have lowered it with `async`
   */
  serveName({ cName }: CFunction, isAsync = false): string {
    return `${this.prefix}_serve_${cName}${isAsync ? "_async" : ""}`;
  }

  /** The function with which the firmware completes a call of an async import. */
  doneName({ cName }: CFunction): string {
    return `${this.prefix}_done_${cName}`;
  }

  /** The function with which it says that a call was cancelled. */
  cancelledName({ cName }: CFunction): string {
    return `${this.prefix}_cancelled_${cName}`;
  }

  /** What the names of a begun call's functions and of its struct end with. */
  private begunLabel({ cName }: CFunction): string {
    return cName.slice(`${this.prefix}_begin_`.length);
  }

  /** The struct of a call of an export that goes on beside others: memory of the firmware's. */
  begunName(item: CFunction): string {
    return `${this.prefix}_begun_${this.begunLabel(item)}`;
  }

  /** A function of W_host.c on such calls. */
  begunFunction(item: CFunction, verb: string): string {
    return `${verb}_${this.begunLabel(item)}`;
  }

  /** Exports whose calls go on side by side. */
  get begun(): readonly CFunction[] {
    return this.sideBySide.tasks === null ? [] : this.exports.filter(({ func }) => func.async);
  }

  /** The struct of one of an async import's calls side by side. */
  pendingName({ cName }: CFunction): string {
    return `${this.prefix}_pending_${cName}`;
  }

  /** The macro that says how many calls of an async import may be under way. */
  callsMacro({ cName }: CFunction): string {
    return this.macro(`CALLS_${cName.toUpperCase()}`);
  }

  /** The name of the world's macros: `DEMO_HOST_…`. */
  macro(name: string): string {
    return `${this.prefix.toUpperCase()}_${name}`;
  }

  /** The `id` of an element type. */
  typeId(type: ValueType): number {
    return this.elements.findIndex((known) => typesEqual(known, type));
  }

  /**
   * 32 bits that tell this world's functions from another's: a guest is compiled with the bindings of its
   * own.
   */
  hash(): string {
    const facts = [this.imports, this.exports].map((side) =>
      side.map(({ owner, func }) => [
        owner,
        componentName(func),
        func.async,
        func.params.map(({ type }) => typeShape(type)),
        func.result && typeShape(func.result),
      ]),
    );
    return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 8);
  }
}

function label(func: FunctionType): string {
  return snakeCase(functionLabel(func));
}

function functionsOf(items: WorldItems): (readonly [string, FunctionType])[] {
  return [
    ...items.functions.map((func) => ["$root", func] as const),
    ...items.interfaces.flatMap(({ id, functions }) => functions.map((func) => [id, func] as const)),
  ];
}

function resourcesOf(items: WorldItems): (readonly [string, Resource])[] {
  return [
    ...items.resources.map((resource) => ["$root", resource] as const),
    ...items.interfaces.flatMap(({ id, resources }) => resources.map((resource) => [id, resource] as const)),
  ];
}

function elementTypes(world: World): ValueType[] {
  const found: ValueType[] = [];
  for (const { meaning } of coreImports(world)) {
    if (meaning.kind !== "copy" || meaning.element === null) continue;
    const { element } = meaning;
    if (!found.some((known) => typesEqual(known, element))) found.push(element);
  }
  return found;
}
