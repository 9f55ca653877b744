/**
 * Every load and store of a module, with the memory that each may reach.
 *
 * An address is a constant; or a parameter for which every caller gives a constant, and then each access is
 * one at every such address; or it was masked or compared, and then its possible bits bound it.
 */
import { constantOf, possibleBits } from "./possible-bits.js";
import { type Form, type Node, headOf, isForm, operands, visitForms } from "./s-expression.js";

/** A load or store, and what it may reach. */
export interface Access {
  readonly address: number;
  /** Of an access at a computed address all that it may reach. */
  readonly byteLength: number;
  /** Whether it is of just the word at `address`. */
  readonly wholeWord: boolean;
  readonly func: Form;
}

/** What an unbounded address may have set. */
const ANY_ADDRESS = 0xffff_ffff;

/** By name, what the callers of a function give for a parameter that it does not assign. */
export type ConstantParameters = ReadonlyMap<string, readonly number[]>;

/** A load or a store, with the bits of a narrow one. */
export const loadOrStore = /^[if](?:32|64)\.(?:load|store)(\d*)/;

/** The loads and stores of a module. */
export interface Accesses {
  /** Those whose address is known, or bounded. */
  readonly known: readonly Access[];
  /** Offsets of those whose address has no bound. */
  readonly unbounded: readonly number[];
}

/** @returns null for a module with instructions that are not followed */
export function memoryAccesses(module: Form): Accesses | null {
  const known: Access[] = [];
  const unbounded: number[] = [];
  const parameters = constantParameters(module);
  let opaque = false;
  for (const func of functionsOf(module)) {
    const bits = possibleBits(func);
    visitForms(func, (form) => {
      const head = headOf(form);
      if (/^(memory\.(copy|fill|init)|v128\.|.*\.atomic)/.test(head)) opaque = true;
      const match = loadOrStore.exec(head);
      if (!match) return;
      const byteLength = match[1] ? Number(match[1]) / 8 : head.includes("32.") ? 4 : 8;
      const base = operands(form)[0]!;
      const constants = constantsOf(base, parameters.get(func)!);
      const most = bits.get(base) ?? ANY_ADDRESS;
      if (constants) {
        const wholeWord = head === "i32.load" || head === "i32.store";
        for (const constant of constants)
          known.push({ address: constant + offsetOf(form), byteLength, wholeWord, func });
      } else if (most === ANY_ADDRESS) unbounded.push(offsetOf(form));
      else known.push({ address: offsetOf(form), byteLength: most + byteLength, wholeWord: false, func });
    });
  }
  return opaque ? null : { known, unbounded };
}

/** The constant address of a load or store, or null. */
export function accessAddress(form: Form): number | null {
  const base = constantOf(operands(form)[0]);
  return base === null ? null : base + offsetOf(form);
}

function offsetOf(form: Form): number {
  const offset = form.items.find(
    (item): item is string => typeof item === "string" && item.startsWith("offset="),
  );
  return offset ? Number(offset.slice("offset=".length)) : 0;
}

/** The module's own functions. */
export function functionsOf(module: Form): Form[] {
  return operands(module).filter((form) => headOf(form) === "func");
}

/** The constants that an address can be; undefined when it can be anything else. */
function constantsOf(base: Form, parameters: ConstantParameters): readonly number[] | undefined {
  const constant = constantOf(base);
  if (constant !== null) return [constant];
  return isForm(base, "local.get") ? parameters.get(base.items[1] as string) : undefined;
}

/** Of each function the parameters for which its callers give constants; none where the host may call it. */
export function constantParameters(module: Form): Map<Form, ConstantParameters> {
  const { calls, reached } = callers(module);
  return new Map(
    functionsOf(module).map((func) => {
      const name = func.items[1] as string;
      const own = reached.has(name) ? [] : (calls.get(name) ?? []);
      return [func, own.length > 0 ? constantOperands(func, own) : new Map<string, number[]>()];
    }),
  );
}

function constantOperands(func: Form, calls: readonly Form[]): ConstantParameters {
  const constants = new Map<string, number[]>();
  const assigned = new Set<string>();
  visitForms(func, (form) => {
    if (headOf(form) === "local.set" || headOf(form) === "local.tee") assigned.add(form.items[1] as string);
  });
  operands(func)
    .filter((form) => headOf(form) === "param")
    .forEach((param, index) => {
      const local = param.items[1] as string;
      const given = calls.map((call) => constantOf(operands(call)[index]));
      if (!assigned.has(local) && given.every((value) => value !== null)) constants.set(local, given);
    });
  return constants;
}

/** The calls of each function by name, and what is reached otherwise: from the host, or by reference. */
function callers(module: Form): { calls: Map<Node, Form[]>; reached: Set<Node> } {
  const calls = new Map<Node, Form[]>();
  const reached = new Set<Node>();
  visitForms(module, (form) => {
    const [head, name] = form.items;
    if (/^(return_)?call$/.test(head as string)) calls.set(name!, [...(calls.get(name!) ?? []), form]);
    if (head === "ref.func" || head === "elem") for (const item of form.items) reached.add(item);
    if (head === "export") for (const { items } of operands(form)) reached.add(items[1]!);
  });
  return { calls, reached };
}
