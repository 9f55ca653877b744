/**
 * Values for parameters that are known before the guest is on its board: the function that is lifted gets one
 * around it that has the streams alone as parameters, and passes the values as constants. So they take flash
 * and no RAM, and a firmware that knows nothing but streams runs such a guest.
 */
import { UserError } from "../errors/user-error.js";
import { type CoreValue, lowerValues } from "../host/values/flat.js";
import { LiftLowerContext, noHandles } from "../host/values/lift-lower-context.js";
import type { Value } from "../host/values/value.js";
import binaryen, { type Module } from "../wasm/binaryen.js";
import { liftName } from "../wit/canonical-names.js";
import { componentName } from "../wit/function-name.js";
import { type CoreType, flatten, isPointerFree, MAX_FLAT_PARAMS } from "../wit/layout.js";
import type { Field, FunctionType, World } from "../wit/model.js";
import { witType } from "../wit/wit-type.js";
import { exportedFunction } from "./signature.js";

/** A guest. */
export interface BoundGuest {
  readonly core: Uint8Array<ArrayBuffer>;
  /** Its section of the world is that of the guest before. */
  readonly world: World;
}

/**
 * The guest without these parameters of its function `call` (`IFACE#FUNC`), which have `values` for ever.
 * @param values by the parameters' names
 * @throws UserError for a value that is none of numbers alone, or of a parameter that is a stream
 */
export function bindValues(
  { core, world }: BoundGuest,
  source: string,
  call: string,
  values: ReadonlyMap<string, Value>,
): BoundGuest {
  if (values.size === 0) return { core, world };
  const func = exportedFunction(world, call);
  refuseOdd(source, func, values);
  const params = func.params.filter(({ name }) => !values.has(name));
  return {
    core: withConstants(core, liftName(call, func.async), func.params, values),
    world: withFunction(world, call, { ...func, params }),
  };
}

/** @throws UserError for what cannot be a constant of code */
function refuseOdd(
  source: string,
  { name: func, params }: FunctionType,
  values: ReadonlyMap<string, Value>,
): void {
  const odd = params.find(
    ({ name, type }) =>
      values.has(name) && (type.kind === "stream" || type.kind === "future" || !isPointerFree(type)),
  );
  if (odd !== undefined)
    throw new UserError(
      `${source}: the parameter ${odd.name} of ${func} is a ${witType(odd.type)}; guests of a row on a board get values without strings, lists and futures`,
    );
  const cells = params.flatMap(({ type }) => flatten(type)).length;
  if (cells > MAX_FLAT_PARAMS)
    throw new UserError(
      `${source}: ${func} takes ${cells} core values as parameters, and guests of a row on a board at most ${MAX_FLAT_PARAMS}`,
    );
}

/** The module, in which the export `name` takes what has no value. Binaryen keeps its custom sections. */
function withConstants(
  core: Uint8Array,
  name: string,
  params: readonly Field[],
  values: ReadonlyMap<string, Value>,
): Uint8Array<ArrayBuffer> {
  const module = binaryen.readBinary(core);
  try {
    module.setFeatures(binaryen.Features.All & ~binaryen.Features.BulkMemory);
    const inner = module.getExport(name);
    const { name: own } = binaryen.getExportInfo(inner);
    const called = binaryen.getExportInfo(inner).value;
    const { results } = binaryen.getFunctionInfo(module.getFunction(called));
    const around = `${called} with its values`;
    const taken: number[] = [];
    const args = params.flatMap(({ name: param, type }) =>
      values.has(param)
        ? constants(module, type, values.get(param)!)
        : flatten(type).map((core) => module.local.get(taken.push(TYPES[core]) - 1, TYPES[core])),
    );
    const body = module.call(called, args, results);
    module.addFunction(around, binaryen.createType(taken), results, [], body);
    module.removeExport(own);
    module.addFunctionExport(around, own);
    return Uint8Array.from(module.emitBinary());
  } finally {
    module.dispose();
  }
}

const TYPES: Record<CoreType, number> = {
  i32: binaryen.i32,
  i64: binaryen.i64,
  f32: binaryen.f32,
  f64: binaryen.f64,
};

/** The core values of a value. */
function constants(module: Module, type: Field["type"], value: Value): number[] {
  const cx = new LiftLowerContext({ encoding: "utf16", memory: null, realloc: null }, noHandles);
  const types = flatten(type);
  return lowerValues(cx, Infinity, [value], [type]).map((one, at) => constant(module, types[at]!, one));
}

function constant(module: Module, type: CoreType, value: CoreValue): number {
  switch (type) {
    case "i32":
      return module.i32.const(Number(value) | 0);
    case "i64":
      return module.i64.const(BigInt.asIntN(64, BigInt(value)));
    case "f32":
    case "f64":
      return module[type].const(Number(value));
  }
}

/** The world, in which `call` has another type. */
function withFunction(world: World, call: string, changed: FunctionType): World {
  const { exports } = world;
  const swap = (prefix: string, functions: readonly FunctionType[]): FunctionType[] =>
    functions.map((func) => (`${prefix}${componentName(func)}` === call ? changed : func));
  return {
    ...world,
    exports: {
      ...exports,
      functions: swap("", exports.functions),
      interfaces: exports.interfaces.map((one) => ({ ...one, functions: swap(`${one.id}#`, one.functions) })),
    },
  };
}
