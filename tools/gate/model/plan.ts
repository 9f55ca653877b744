/** What the model has to know of a world, worked out once: its functions to call, and what each import is. */
import { UserError } from "../../errors/user-error.js";
import { codecOf } from "../../host/values/codec.js";
import { isPlain } from "../../host/values/plain-copy.js";
import { alignment, elemSize, holdsEnd, holdsHandle, innerTypes, isPointerFree } from "../../wit/layout.js";
import { worldFunctions } from "../../wit/arena-use.js";
import { destructorExport } from "../../wit/canonical-names.js";
import { coreExports, streamIndex, type CoreMeaning } from "../../wit/core-names.js";
import type { FunctionType, Resource, ValueType, World } from "../../wit/model.js";
import { guestImports, pairTypesInterface } from "../../wit/pair-types.js";
import { witType } from "../../wit/wit-type.js";
import type { Element } from "./end.js";
import { resourceKey } from "./held-resources.js";
import { DISTINCT_ITEMS, sampleBytes, variety } from "./sample-values.js";

/** A function that the guest exports. */
export interface Entry {
  /** Core export to call. */
  readonly name: string;
  readonly func: FunctionType;
  readonly async: boolean;
  /** How many samples show all that its parameters, and results of the world's imports, can be. */
  readonly kinds: number;
  /** The guest's own resources that it is given or lent. */
  readonly needs: readonly string[];
}

/**
 * The destructor of a resource that the guest implements: the host calls it when it drops one that it holds.
 */
export interface Destructor {
  /** Core export to call. */
  readonly name: string;
  readonly resource: Resource;
}

/** A world as the model plays it. */
export interface Plan {
  readonly entries: readonly Entry[];
  readonly destructors: readonly Destructor[];
  /** Meaning of each import, by module and name with a space between. */
  readonly meanings: ReadonlyMap<string, CoreMeaning>;
  /** The element of a stream or future type. */
  readonly element: (type: ValueType | null) => Element;
}

/**
 * Works a world out.
 * @param wanted which of its functions, by name, the host calls; all when nobody says
 * @throws UserError when it exports nothing to call
 */
export function planWorld(world: World, wanted: (name: string) => boolean = () => true): Plan {
  const results = variety(
    worldFunctions(world).flatMap(({ func, exported }) => (exported || !func.result ? [] : [func.result])),
  );
  const entries = coreExports(world).flatMap(({ kind, name, func }): Entry[] =>
    kind === "lift" && func && wanted(func.name)
      ? [{ name, func, async: func.async, kinds: kindsOf(func, results), needs: needsOf(func) }]
      : [],
  );
  if (entries.length === 0)
    throw new UserError(`world ${world.id} exports no function: there is nothing to check`);
  const meanings = new Map(guestImports(world).map((item) => [`${item.module} ${item.name}`, item.meaning]));
  const elements = new Map<ValueType | null, Element>();
  const element = (type: ValueType | null): Element => {
    let found = elements.get(type);
    if (!found) elements.set(type, (found = elementOf(type)));
    return found;
  };
  const destructors = world.exports.interfaces.flatMap(({ id, resources }) =>
    resources.map((resource) => ({
      name: destructorExport(id, resource.name),
      resource,
    })),
  );
  return { entries, destructors, meanings, element };
}

/** The guest's own resources among a function's parameters, at any depth. */
function needsOf({ params }: FunctionType): string[] {
  const inside = (type: ValueType): string[] =>
    (type.kind === "own" || type.kind === "borrow") && type.resource.exported
      ? [resourceKey(type.resource)]
      : innerTypes(type).flatMap(inside);
  return params.flatMap(({ type }) => inside(type));
}

/** Numbers need no second sample where only imports give them. */
function kindsOf(func: FunctionType, results: number): number {
  const sampled = func.params
    .map(({ type }) => type)
    .filter(({ kind }) => kind !== "stream" && kind !== "future");
  const own = sampled.length > 0 ? variety(sampled) : 1;
  return results > 2 ? Math.max(own, results) : own;
}

function elementOf(type: ValueType | null): Element {
  if (type === null) {
    const landingShows = { read: false, write: false };
    return {
      type,
      elemSize: 0,
      alignment: 1,
      samples: [new Uint8Array(0)],
      codec: null,
      landingShows,
      holdsEnds: false,
    };
  }
  const plain = isPlain(type);
  const samples = plain ? Array.from({ length: DISTINCT_ITEMS }, (_, index) => sampleBytes(type, index)) : [];
  return {
    type,
    elemSize: elemSize(type),
    alignment: alignment(type),
    samples,
    codec: plain ? null : codecOf(type),
    landingShows: { read: !isPointerFree(type), write: holdsHandle(type) },
    holdsEnds: holdsEnd(type),
  };
}

/** The name in traces of stream or future type number `index` of `func`. */
export function streamName(func: FunctionType, index: number): string {
  if (pairTypesInterface.functions.includes(func)) return `a ${witType(func.params[0]!.type)} of its own`;
  const isStream = (type: ValueType): boolean => type.kind === "stream" || type.kind === "future";
  const param = func.params.find(({ type }, at) => isStream(type) && streamIndex(func, at) === index);
  return param ? `\`${param.name}\`` : `the result of \`${func.name}\``;
}
