/**
 * Where the built-ins of each stream and future type of a world come from: a
 * function that has the type in its signature.
 */
import { type CopyType, streamTypes } from "../../wit/core-names.js";
import { componentName } from "../../wit/function-name.js";
import { isNumberOrNone, isPointerFree, typeShape, typesEqual } from "../../wit/layout.js";
import type { FunctionType, ValueType, World } from "../../wit/model.js";

/** What the names of a type's built-ins are made of. */
export interface CopySource {
  /** Import module of the built-ins. */
  readonly module: string;
  /** Component name of the function. */
  readonly funcName: string;
  /** The type's place among the streams and futures of its signature. */
  readonly index: number;
}

/**
 * The stream and future types of a world's functions. A built-in takes every end whose element
 * type is structurally the one that it was declared with, so a type inside of values has those
 * of the first function that mentions it.
 */
export class CopyTypes {
  private readonly found: { readonly type: CopyType; readonly source: CopySource }[] = [];

  constructor(world: World) {
    for (const [prefix, items] of [
      ["[export]", world.exports],
      ["", world.imports],
    ] as const) {
      for (const { id, functions } of items.interfaces) this.add(`${prefix}${id}`, functions);
      this.add(`${prefix}$root`, items.functions);
    }
  }

  private add(module: string, functions: readonly FunctionType[]): void {
    for (const func of functions) {
      streamTypes(func).forEach((type, index) => {
        this.found.push({ type, source: { module, funcName: componentName(func), index } });
      });
    }
  }

  /**
   * Those that a guest may copy from one end of its own to the other, without names, each once: of numbers,
   * and without element type.
   * Spec: CanonicalABI.md, `none_or_number_type`
   */
  get withinAGuest(): readonly CopyType[] {
    const types = this.found
      .filter(({ type }) => isNumberOrNone(type.element))
      .map(({ type: { kind, element } }): CopyType => {
        // A number has nothing but its kind, and what an alias of it is called.
        return { kind, element: element && ({ kind: element.kind } as ValueType) };
      });
    return [...new Map(types.map((type) => [typeShape(type), type])).values()];
  }

  /** How many of them have items that hold strings or lists, each type once. */
  get holdingPointers(): number {
    const shapes = this.found
      .filter(({ type: { element } }) => element !== null && !isPointerFree(element))
      .map(({ type }) => typeShape(type));
    return new Set(shapes).size;
  }

  /** The function whose built-ins serve `type`, which some function of the world has in its signature. */
  source(type: CopyType): CopySource {
    const found = this.found.find((entry) => typesEqual(entry.type, type));
    if (!found) throw new Error(`no function of the world has the ${type.kind}`);
    return found.source;
  }
}
