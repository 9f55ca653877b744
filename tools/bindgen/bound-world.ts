/**
 * A world's interfaces, each with its file, its names and its statements: what both the
 * bindings and the build's entry are made of.
 */
import { holdsHandle } from "../wit/layout.js";
import type { FunctionType, Resource, ValueType, World } from "../wit/model.js";
import { CopyTypes } from "./ends/copy-types.js";
import { bindExported } from "./functions/exported-function.js";
import { FileNames } from "./names/file-names.js";
import { bindImported, bindMethods } from "./functions/imported-function.js";
import { NameScope } from "./names/names.js";
import { exportedResource, importedResource } from "./types/resource-class.js";
import { holdsExportedHandle, typeIdentity } from "./types/type-identity.js";
import { isHandle } from "./types/kinds.js";
import { type TypeHome, ValueClasses } from "./types/value-classes.js";

/** Whether a function is bound as a member of its resource's class. */
function isMember(func: FunctionType): boolean {
  return func.kind !== "freestanding" && !func.async;
}

function declares(seed: Seed, { owner, name, exported }: Resource): boolean {
  const isOwn = seed.resources.some((found) => found.owner === owner && found.name === name);
  return isOwn && seed.exported === (exported === true);
}

function bindResource(resource: Resource, seed: Seed): string[] {
  const { owner, exported, functions, classes } = seed;
  const name = classes.resourceName(resource);
  if (exported) return exportedResource(resource, `[export]${owner}`, name);
  const methods = functions.filter((func) => isMember(func) && func.resource?.name === resource.name);
  const bound = bindMethods(methods, owner, classes);
  return [...bound.statements, ...importedResource(resource, owner, name, bound.members)];
}

/** An interface, or the world itself, as one bindings file. */
export interface BindingPart {
  /** File name without extension. */
  readonly file: string;
  /** Import module of its functions, without the `[export]` of exported ones. */
  readonly owner: string;
  readonly docs: string | undefined;
  readonly exported: boolean;
  readonly functions: readonly FunctionType[];
  readonly resources: readonly Resource[];
  /** The types that its functions use. */
  readonly classes: ValueClasses;
  /** What binds its functions; declarations of types come in front. */
  readonly statements: readonly string[];
}

/** A world as bindings see it. */
export interface BoundWorld {
  /** Exports first. */
  readonly parts: readonly BindingPart[];
  /** Types without a name in WIT that several files use. */
  readonly shared: ValueClasses;
  /** Streams and futures both of whose ends are the guest's. */
  readonly pairs: ValueClasses;
  /** Names under which a guest may import a part's file besides its own. */
  readonly aliases: ReadonlyMap<string, string>;
}

/**
 * Binds a world: the same world gives the same names and the same text.
 * @throws UserError for an unsupported type
 */
export function bindWorld(world: World): BoundWorld {
  const alone = bindWith(world, new Set());
  const used = alone.parts.flatMap((part) => [...part.classes.composed]);
  const several = new Set(used.filter((identity, index) => used.indexOf(identity) !== index));
  const inline = world.exports.interfaces.filter(({ id }) => !id.includes(":"));
  for (const identity of several)
    if (inline.some(({ id }) => mentions(identity, id))) several.delete(identity);
  return several.size === 0 ? alone : bindWith(world, several);
}

/** Whether a type's identity names one that `owner` declares. */
function mentions(identity: string, owner: string): boolean {
  return identity.split(/[<,]/).some((part) => part.startsWith(`${owner}#`));
}

/** A part before its functions are bound. */
type Seed = Omit<BindingPart, "statements"> & {
  /** Owner of the types that are declared here. */
  readonly typeOwner: string;
  readonly types: readonly ValueType[];
};

/** @param several identities of the types without a name that go to the file of shared types */
function bindWith(world: World, several: ReadonlySet<string>): BoundWorld {
  const files = new FileNames(world);
  const copyTypes = new CopyTypes(world);
  const seeds: Seed[] = [];
  const home: TypeHome = (type, asking) =>
    isHandle(type)
      ? (seeds.find((seed) => declares(seed, type.resource))?.classes ?? asking)
      : type.name
        ? homeOf(type, asking, seeds)
        : several.has(typeIdentity(type))
          ? shared
          : asking;
  for (const exported of [true, false]) seeds.push(...sideSeeds(world, exported, files, home, copyTypes));
  const shared = new ValueClasses(files.shared(), new NameScope(), home, copyTypes);
  for (const { classes, functions, types, resources, exported } of seeds) {
    for (const resource of resources) classes.resourceName(resource);
    for (const func of functions) if (exported || !isMember(func)) classes.functionName(func);
    for (const type of types)
      if (homeOf(type, classes, seeds) === classes) classes.declaredName(type, type.name!);
  }
  const parts = seeds.map((seed): BindingPart => {
    const { owner, exported, functions, classes } = seed;
    const resources = seed.resources.flatMap((resource) => bindResource(resource, seed));
    const bind = (func: FunctionType): readonly string[] =>
      exported ? bindExported(func, owner, classes).statements : bindImported(func, owner, classes);
    const others = exported ? functions : functions.filter((func) => !isMember(func));
    return { ...seed, statements: [...resources, ...others.flatMap(bind)] };
  });
  const pairs: ValueClasses = new ValueClasses(files.pairs(), new NameScope(), () => pairs, copyTypes);
  for (const type of copyTypes.withinAGuest) pairs.typeName(type, { owner: pairs.file, path: "" });
  return { parts, shared, pairs, aliases: files.aliases() };
}

function sideSeeds(
  world: World,
  exported: boolean,
  files: FileNames,
  home: TypeHome,
  copyTypes: CopyTypes,
): Seed[] {
  const { interfaces, ...own } = exported ? world.exports : world.imports;
  const classes = (file: string): ValueClasses => new ValueClasses(file, new NameScope(), home, copyTypes);
  const seeds = interfaces.map((item): Seed => {
    const file = files.interface(item.id, exported);
    const owners = { owner: item.id, typeOwner: item.id };
    const { docs, types, functions, resources } = item;
    return { file, ...owners, docs, exported, functions, types, resources, classes: classes(file) };
  });
  const file = files.own(exported);
  const { docs, id } = world;
  return [...seeds, { file, owner: "$root", typeOwner: id, docs, exported, ...own, classes: classes(file) }];
}

/**
 * Where a type with a name is declared: in its interface's file. An interface on both sides of the world has
 * its types in the exported one's, but for those that differ between the sides: with handles of its
 * resources, and of an interface without a package.
 */
function homeOf(type: ValueType, asking: ValueClasses, seeds: readonly Seed[]): ValueClasses {
  const owners = seeds.filter((seed) => seed.typeOwner === type.name!.owner);
  const own = owners.find((seed) => seed.classes === asking && !seed.owner.includes(":"));
  const side = holdsHandle(type) && owners.find((seed) => seed.exported === holdsExportedHandle(type));
  return (own ?? (side || owners[0]))?.classes ?? asking;
}
