/**
 * A sync function as the entry exports it: parameters that are views are stored
 * first, a result that is one is loaded.
 */
import type { UserFunction } from "../../source/user-functions.js";
import { exportPath, postReturnName } from "../../wit/canonical-names.js";
import { componentName } from "../../wit/function-name.js";
import type { FunctionType } from "../../wit/model.js";
import type { BindingPart } from "../bound-world.js";
import { type ExportedFunction, bindExported, paramFrame } from "../functions/exported-function.js";
import { firstBlock } from "../functions/first-block.js";
import { isHandleObject, isState } from "../types/kinds.js";
import { returnLent } from "../types/lent-handles.js";
import { type PassedValue, coreParamsOf, liftPair } from "../types/passed-value.js";
import { type EntryModules, type EntryPart, importAs } from "./entry-part.js";
import { type Guest, findSync } from "./find-implementation.js";
import { liftedParams } from "./lifted-params.js";
import { afterCall, beforeCall, type MemoryUse } from "./memory-use.js";

/**
 * Joins a sync function with the guest's function of its name.
 * @param name   what the guest has to call it
 * @param number the function's place among those that the world exports
 * @throws UserError when the guest has none, or it does not fit
 */
export function syncEntry(
  func: FunctionType,
  part: BindingPart,
  name: string,
  number: number,
  guest: Guest,
  modules: EntryModules,
  memory: MemoryUse,
): EntryPart {
  const bound = bindExported(func, part.owner, part.classes);
  const canonical = exportPath(part.owner, componentName(func));
  const found = findSync(func, name, bound, part, guest);
  const types = new BindingsTypes(`entry_types${number}`);
  const states = stateClasses(func, found, number);
  const { params, taken } = liftedParams(func, bound);
  const args = passedArguments(bound, `ENTRY_PARAMS${number}`, types, states);
  const result = new Answer(bound.result, `ENTRY_RESULT${number}`);
  const after = afterCall(memory);
  const called = `entry_guest${number}`;
  const statements = [
    ...beforeCall(memory, firstAddress(func, bound, taken.length > 0)),
    ...taken,
    ...args.stores,
    ...result.statements(`${called}(${args.values.join(", ")})`, types, args.lent, after),
  ];
  const [lift, post] = [`lift${number}`, `post${number}`];
  const hasPost = memory !== "none" && result.inMemory;
  const postText = `
/** The host has read the result. */
export function ${post}(_result: usize): void {
  ${after.join("\n  ")}
}`;
  return {
    imports: [
      importAs(found.name, called, modules.guest),
      ...[...states.values()].map((state) => importAs(state.written, state.local, modules.guest)),
      ...(types.used ? [`import * as ${types.namespace} from "${modules.bindings}/${part.file}";`] : []),
    ],
    text: `
${[...args.places, ...result.places].map((place) => `${place}\n`).join("")}/** ${canonical} */
export function ${lift}(${params}): ${result.coreType} {
  // SAFETY: every place is static and holds what the WIT says, in canonical layout.
  ${statements.join("\n  ")}
}${hasPost ? postText : ""}`,
    exports: [
      { internal: lift, canonical },
      ...(hasPost ? [{ internal: post, canonical: postReturnName(canonical) }] : []),
    ],
  };
}

/** The bindings' types as the entry names them, and whether it names any. */
class BindingsTypes {
  private isUsed = false;

  /** @param namespace what the entry imports the bindings as */
  constructor(readonly namespace: string) {}

  get used(): boolean {
    return this.isUsed;
  }

  /** A type as it is written into the entry: AssemblyScript's own, or one of the bindings. */
  name(typeName: string): string {
    return typeName.replaceAll(/\b[A-Z]\w*\b/g, (name) => {
      if (name === "StaticArray") return name;
      this.isUsed = true;
      return `${this.namespace}.${name}`;
    });
  }
}

/** A class that the guest takes the state of its own resource as, where it is not a plain number. */
interface StateClass {
  readonly written: string;
  readonly local: string;
}

/** Such classes, by parameter. */
function stateClasses(func: FunctionType, guest: UserFunction, number: number): Map<number, StateClass> {
  const found = new Map<number, StateClass>();
  func.params.forEach(({ type }, index) => {
    const written = guest.params[index]!.type;
    if (isState(type) && written !== "usize")
      found.set(index, { written, local: `entry_state${number}_${index}` });
  });
  return found;
}

/** What the guest's function is called with. */
interface Arguments {
  /** Declarations of the static memory that views lie in. */
  readonly places: readonly string[];
  /** Statements that store views there. */
  readonly stores: readonly string[];
  readonly values: readonly string[];
  /** Statements that give back the handles which the call lent. */
  readonly lent: readonly string[];
}

function passedArguments(
  bound: ExportedFunction,
  place: string,
  types: BindingsTypes,
  states: ReadonlyMap<number, StateClass>,
): Arguments {
  const { frame, offsets } = paramFrame(bound);
  const { byteLength, alignment } = frame;
  const memory = `const ${place}: usize = memory.data(${byteLength}, ${alignment});`;
  const stores: string[] = [];
  const lent: string[] = [];
  const values = bound.params.map((param, index) => {
    const state = states.get(index);
    if (state) return `changetype<${state.local}>(<usize>${param.name})`;
    const type = types.name(param.typeName);
    if (isHandleObject(param.type)) {
      const handle = `changetype<${type}>(<usize>${param.name})`;
      lent.push(...returnLent(param.type, handle));
      return handle;
    }
    const offset = offsets[index] ?? null;
    const cores = coreParamsOf(param.name, param).map(({ name }) => name);
    if (offset === null) {
      if (cores.length > 1) return liftPair(type, cores);
      return type === param.typeName ? param.lift(param.name) : `<${type}>${param.name}`;
    }
    stores.push(...param.store(place, offset, cores));
    const view = `changetype<${type}>(${place} + ${offset})`;
    lent.push(...returnLent(param.type, view));
    return view;
  });
  return { places: byteLength > 0 ? [memory] : [], stores, values, lent };
}

/** Where the call's parameters begin in the arena. */
function firstAddress(func: FunctionType, bound: ExportedFunction, inMemory: boolean): string {
  if (inMemory) return "entry_params";
  return firstBlock(
    func.params.map((param) => param.type),
    bound.coreParams.map(({ name }) => name),
  );
}

/**
 * How a call's result goes to the host, as one core value: itself, or the address of what is more than one.
 */
class Answer {
  /** Whether the host reads it behind an address. */
  readonly inMemory: boolean;

  /** @param place what names the static memory of a result that has none of its own */
  constructor(
    readonly result: PassedValue | null,
    readonly place: string,
  ) {
    this.inMemory = result !== null && result.coreTypes.length > 1;
  }

  get coreType(): string {
    if (!this.result) return "void";
    return this.inMemory ? "i32" : this.result.coreTypes[0]!;
  }

  /** Declarations of the static memory that it needs. */
  get places(): string[] {
    return this.inMemory && !this.result!.view ? [`const ${this.place}: usize = memory.data(8, 4);`] : [];
  }

  /**
   * Statements that call the guest's function and return its result.
   * @param lent  statements that give back what the call lent
   * @param after statements that give back the call's memory, which has to stay while
   * the host reads a result that lies in it
   */
  statements(
    call: string,
    types: BindingsTypes,
    lent: readonly string[],
    after: readonly string[],
  ): string[] {
    const { result } = this;
    if (!result) return [`${call};`, ...lent, ...after];
    const value = `const entry_result = ${call};`;
    if (this.inMemory && result.view) return [value, ...lent, "return <i32>changetype<usize>(entry_result);"];
    if (this.inMemory) {
      const store = `storeElement<${types.name(result.typeName)}>(${this.place}, ${call});`;
      return [store, ...lent, `return <i32>${this.place};`];
    }
    const isAtOnce = !result.view && lent.length === 0 && after.length === 0;
    if (isAtOnce) return [`return ${result.lower(call)[0]!};`];
    const core = `const entry_core = ${result.lower("entry_result")[0]!};`;
    return [value, core, ...lent, ...after, "return entry_core;"];
  }
}
