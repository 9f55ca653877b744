/**
 * A world as its bindings for C see it: what `rill bindgen --host c` writes, and what
 * `rill pack --format native` ties a guest to, are numbered and named alike by this.
 */
import { createHash } from "node:crypto";
import { destructorExport } from "../../wit/canonical-names.js";
import { componentName } from "../../wit/function-name.js";
import { coreExports, type CoreExport, coreImports } from "../../wit/core-names.js";
import { functionTypes, holdsEnd, typeShape, typesEqual } from "../../wit/layout.js";
import type { FunctionType, Resource, ValueType, World, WorldItems } from "../../wit/model.js";
import { functionLabel } from "../names/names.js";
import { holds, isFlow } from "./c-kinds.js";
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

/** A resource that the guest implements; its number is its place in the world's. */
export interface CGuestResource {
  readonly resource: Resource;
  /** Full name of its interface. */
  readonly owner: string;
  /** The function with which the firmware drops one. */
  readonly dropName: string;
  /** The function that says what a number of the firmware's is. */
  readonly heldName: string;
  /** The functions of W_host.c that serve the guest's built-ins. */
  readonly serveNames: Readonly<Record<GuestUse, string>>;
}

/** What a guest does with handles of its own resources: `resource.new`, …. */
export type GuestUse = "new" | "rep" | "drop";

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
  /** What the guest implements as resources. */
  readonly guestResources: readonly CGuestResource[];
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
    this.guestResources = this.ownResources(world);
    this.types = new CTypes(this.scope, world.id);
    this.elements = elementTypes(world);
    this.coreExports = coreExports(world);
  }

  private ownResources(world: World): CGuestResource[] {
    const all = resourcesOf(world.exports);
    // Names of other functions that serve the guest.
    const served = this.imports.flatMap((item) => [this.serveName(item), this.serveName(item, true)]);
    for (const name of [...served, ...this.resources.map((resource) => this.serveDropName(resource))])
      this.scope.claim(`serve ${name}`, name);
    return all.map(([owner, resource]) => {
      const isAlone = all.filter(([, other]) => other.name === resource.name).length === 1;
      const own = snakeCase(resource.name);
      const label = isAlone ? own : `${ownerName(owner, world.id)}_${own}`;
      const claim = (verb: string): string =>
        this.scope.claim(`${verb} own ${owner}#${resource.name}`, `${this.prefix}_${verb}_${label}`);
      return {
        ...{ resource, owner, dropName: claim("drop"), heldName: claim("held") },
        serveNames: { new: claim("serve_new"), rep: claim("serve_rep"), drop: claim("serve_drop") },
      };
    });
  }

  /** What stands for a resource of the guest's own. */
  guestResource(resource: Resource): CGuestResource {
    return this.guestResources[this.resourceNumber(resource)]!;
  }

  private fullName(owner: string, func: FunctionType): string {
    return `${ownerName(owner, this.world.id)}_${label(func)}`;
  }

  /** The number of a resource among the firmware's, or, of one that the guest implements, among those. */
  resourceNumber(resource: Resource): number {
    const all = resource.exported === true ? this.guestResources : this.resources;
    return all.findIndex(
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

  /** Whether streams or futures are inside of its functions' values, or of items. */
  get hasEnds(): boolean {
    const passed = [...this.imports, ...this.exports].flatMap(({ func }) =>
      functionTypes(func).filter((type) => !isFlow(type)),
    );
    return [...passed, ...this.elements].some(holdsEnd);
  }

  /** Whether calls that go on side by side are lent resources of the firmware's. */
  get lendsToCalls(): boolean {
    return this.begun.some(({ func }) => func.params.some(({ type }) => holds(type, "borrow")));
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
    const own = this.guestResources.map(({ owner, resource }) => [owner, resource.name]);
    const all = own.length === 0 ? facts : [...facts, own];
    return createHash("sha256").update(JSON.stringify(all)).digest("hex").slice(0, 8);
  }
}

/** The index of the core export that ends a resource of the guest's. */
export function destructorIndex(world: CWorld, number: number): number {
  const { owner, resource } = world.guestResources[number]!;
  return world.coreExports.findIndex(
    ({ kind, name }) => kind === "destructor" && name === destructorExport(owner, resource.name),
  );
}

function label(func: FunctionType): string {
  return func.kind === "constructor"
    ? `${snakeCase(func.resource!.name)}_new`
    : snakeCase(functionLabel(func));
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
