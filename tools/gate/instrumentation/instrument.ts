/**
 * Makes the final module of a guest report to the gate: every load, store, loop
 * and canonical call, each with its place.
 *
 * The module's own instructions stay as they are and in the order they were; what is added looks at
 * addresses before they are used. Around each call that can reach the host the caller's locals are
 * copied to the spill area, so that the state of the guest is all in memory and two runs that reach
 * the same state can be told to be in it.
 */
import {
  type Form,
  headOf,
  isForm,
  operands,
  parseForm,
  printForm,
  rewriteInside,
} from "../../compile/passes/s-expression.js";
import { FunctionContext, constant, functionsOf, get, set } from "./function-context.js";
import { instrumentCalls } from "./instrument-calls.js";
import type { Site } from "./site.js";
import { PAGE_BYTES } from "./spill-area.js";

/** Import module of the hooks that this pass adds. */
export const GATE = "rill-gate";

/** An instrumented module. */
export interface Instrumented {
  readonly text: string;
  readonly sites: readonly Site[];
  /** Address of the spill area: the end of the guest's own memory. */
  readonly spillBase: number;
  /** The guest's mutable globals and the names that they are exported under. */
  readonly globals: readonly ExportedGlobal[];
}

/** A mutable global of the guest. */
export interface ExportedGlobal {
  readonly name: string;
  readonly exported: string;
}

const access = /^([if](?:32|64))\.(load|store)(\d*)/;

/** Instruments the text of a final module. */
export function instrument(text: string): Instrumented {
  const module = parseForm(text);
  const sites: Site[] = [];
  const spillBase = growMemory(module);
  const globals = exportGlobals(module);
  for (const func of functionsOf(module)) {
    const context = new FunctionContext(func, sites);
    holdStores(func, context);
    rewriteInside(func, (form) => instrumentAccess(form, context, spillBase));
    context.declare();
  }
  instrumentCalls(module, sites, spillBase);
  addHooks(module, spillBase);
  return { text: printForm(module), sites, spillBase, globals };
}

/** Adds the spill area's page. @returns its address */
function growMemory(module: Form): number {
  const memory = operands(module).find((form) => headOf(form) === "memory");
  if (!memory) return 0;
  const pages = memory.items.findIndex((item) => typeof item === "string" && /^\d+$/.test(item));
  const own = Number(memory.items[pages]);
  memory.items.splice(pages, 2, String(own + 1));
  return own * PAGE_BYTES;
}

function exportGlobals(module: Form): ExportedGlobal[] {
  const mutable = operands(module).filter(
    (form) => headOf(form) === "global" && form.items.some((item) => isForm(item, "mut")),
  );
  return mutable.map((global, index) => {
    const exported = `gate|global${index}`;
    module.items.push({
      items: ["export", JSON.stringify(exported), { items: ["global", global.items[1]!] }],
    });
    return { name: global.items[1] as string, exported };
  });
}

/**
 * Stores whose value calls something: address and value go to locals first, so that
 * the store is looked at when it happens.
 */
function holdStores(func: Form, context: FunctionContext): void {
  rewriteInside(func, (form) => {
    const match = access.exec(headOf(form));
    if (match?.[2] !== "store") return form;
    const [address, value] = operands(form) as [Form, Form];
    if (!containsCall(value)) return form;
    const at = context.local("i32");
    const what = context.local(match[1]!);
    const attributes = form.items.slice(1).filter((item) => typeof item === "string");
    const store: Form = { ...form, items: [form.items[0]!, ...attributes, get(at), get(what)] };
    return { items: ["block", set(at, address), set(what, value), store] };
  });
}

function containsCall(form: Form): boolean {
  return ["call", "call_indirect"].includes(headOf(form)) || operands(form).some(containsCall);
}

function instrumentAccess(form: Form, context: FunctionContext, spillBase: number): Form {
  const head = headOf(form);
  const match = access.exec(head);
  if (match) return instrumentLoadOrStore(form, match, context);
  if (head === "memory.grow")
    return { items: ["call", "$gate|grow", operands(form)[0]!, constant(context.site("grow", form))] };
  if (head === "memory.size") return constant(spillBase / PAGE_BYTES);
  if (head === "loop") return instrumentLoop(form, context);
  return form;
}

function instrumentLoadOrStore(form: Form, match: RegExpExecArray, context: FunctionContext): Form {
  const attribute = form.items.find(
    (item): item is string => typeof item === "string" && item.startsWith("offset="),
  );
  const offset = attribute ? Number(attribute.slice("offset=".length)) : 0;
  const byteLength = match[3] ? Number(match[3]) / 8 : match[1]!.endsWith("64") ? 8 : 4;
  const kind = match[2] as "load" | "store";
  const site = constant(context.site(kind, form, offset, byteLength));
  if (kind === "store") noteCopy(operands(form)[1]!, byteLength, context);
  const address = form.items.findIndex((item) => typeof item === "object");
  const items = [...form.items];
  items[address] = { items: ["call", `$gate|${kind}`, items[address]!, site] };
  return { ...form, items };
}

/**
 * A store whose value is a load of as many bytes copies them: padding too, which nobody need have written.
 */
function noteCopy(value: Form, byteLength: number, { sites }: FunctionContext): void {
  const match = access.exec(headOf(value));
  if (match?.[2] !== "load") return;
  const look = operands(value)[0]!;
  const site = sites[Number((look.items[3] as Form).items[1])]!;
  site.copies = site.byteLength === byteLength;
}

/** Each round counts down; at 0 the host decides whether the guest is lost in this loop. */
function instrumentLoop(form: Form, context: FunctionContext): Form {
  const body = form.items.findIndex((item) => isForm(item) && headOf(item) !== "result");
  const items = [...form.items];
  const left: Form = { items: ["global.get", "$gate|steps"] };
  const down: Form = { items: ["global.set", "$gate|steps", { items: ["i32.sub", left, constant(1)] }] };
  const ask: Form = { items: ["call", "$gate|loop", constant(context.site("loop", form))] };
  const check: Form = { items: ["if", { items: ["i32.eqz", left] }, { items: ["then", ask] }] };
  items.splice(body < 0 ? items.length : body, 0, down, check);
  return { ...form, items };
}

function addHooks(module: Form, spillBase: number): void {
  const hook = (name: string, params: number, result: boolean): Form => {
    const signature: Form[] = params > 0 ? [{ items: ["param", ...Array<string>(params).fill("i32")] }] : [];
    if (result) signature.push({ items: ["result", "i32"] });
    return {
      items: ["import", `"${GATE}"`, `"${name}"`, { items: ["func", `$gate|${name}`, ...signature] }],
    };
  };
  const mutable = (name: string, value: number): Form[] => [
    { items: ["global", `$gate|${name}`, { items: ["mut", "i32"] }, constant(value)] },
    { items: ["export", `"gate|${name}"`, { items: ["global", `$gate|${name}`] }] },
  ];
  const imports = [
    hook("load", 2, true),
    hook("store", 2, true),
    hook("grow", 2, true),
    hook("loop", 1, false),
  ];
  module.items.splice(1, 0, ...imports);
  module.items.push(...mutable("steps", 0), ...mutable("frames", spillBase));
}
