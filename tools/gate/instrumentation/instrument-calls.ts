/**
 * The part of the instrumentation that is about calls: their place, and the
 * locals of the functions that are in them.
 */
import { type Form, headOf, isForm, operands, visitForms } from "../../compile/passes/s-expression.js";
import { CHECK, FunctionContext, constant, functionsOf, get, set } from "./function-context.js";
import type { Site } from "./site.js";
import { FIRST_FRAME, FRAME_HEAD, LOCAL_BYTES } from "./spill-area.js";

interface Callee {
  readonly params: readonly string[];
  readonly result: string | null;
  /** A canonical call, an announcement, or a function of the module that can reach a canonical call. */
  readonly kind: "canonical" | "announcement" | "caller";
}

/** Rewrites every call that matters in `module`, in place. */
export function instrumentCalls(module: Form, sites: Site[], spillBase: number): void {
  const callees = findCallees(module);
  for (const func of functionsOf(module)) new CallRewriter(func, callees, sites, spillBase).rewrite();
}

function findCallees(module: Form): Map<string, Callee> {
  const callees = new Map<string, Callee>();
  for (const form of operands(module)) {
    const [, owner, , item] = form.items;
    if (headOf(form) !== "import" || !isForm(item, "func")) continue;
    const kind = JSON.parse(owner as string) === CHECK ? "announcement" : "canonical";
    callees.set(item.items[1] as string, { ...signatureOf(item), kind });
  }
  const functions = functionsOf(module);
  for (let before = -1; before !== callees.size;) {
    before = callees.size;
    for (const func of functions) {
      const name = func.items[1] as string;
      if (!callees.has(name) && reachesHost(func, callees))
        callees.set(name, { ...signatureOf(func), kind: "caller" });
    }
  }
  return callees;
}

function reachesHost(func: Form, callees: ReadonlyMap<string, Callee>): boolean {
  let reaches = false;
  visitForms(func, (form) => {
    if (headOf(form) !== "call") return;
    const callee = callees.get(form.items[1] as string);
    if (callee && callee.kind !== "announcement") reaches = true;
  });
  return reaches;
}

function signatureOf(func: Form): Pick<Callee, "params" | "result"> {
  const types = (head: string): string[] =>
    operands(func)
      .filter((form) => headOf(form) === head)
      .flatMap((form) => form.items.slice(1) as string[])
      .filter((word) => !word.startsWith("$"));
  return { params: types("param"), result: types("result")[0] ?? null };
}

class CallRewriter {
  private readonly context: FunctionContext;
  /** Calls whose spilling is written once all locals are known. */
  private readonly spills: { readonly block: Form; readonly site: number }[] = [];
  /** Constants that are to hold the byte length of this function's frame. */
  private readonly frameLengths: Form[] = [];

  constructor(
    readonly func: Form,
    readonly callees: ReadonlyMap<string, Callee>,
    readonly sites: Site[],
    readonly spillBase: number,
  ) {
    this.context = new FunctionContext(func, sites, "$gate-call|");
  }

  rewrite(): void {
    this.inside(this.func, true);
    this.context.declare();
    const locals = localsOf(this.func);
    const frameByteLength = FRAME_HEAD + locals.length * LOCAL_BYTES;
    for (const length of this.frameLengths) length.items[1] = String(frameByteLength);
    for (const { block, site } of this.spills) {
      this.sites[site]!.frameByteLength = frameByteLength;
      block.items = ["block", ...this.spill(locals, site, frameByteLength)];
    }
  }

  /** @param pure whether no operand that was computed before is waiting outside `form` */
  private inside(form: Form, pure: boolean): void {
    const head = headOf(form);
    const rewritten = head === "call" && this.callees.has(form.items[1] as string);
    const nothingWaits = rewritten || ["func", "block", "loop", "if", "then", "else"].includes(head);
    form.items = form.items.map((item, index) => {
      if (typeof item === "string") return item;
      const later = form.items.slice(index);
      const waiting = nothingWaits
        ? []
        : form.items.slice(1, index).filter((other): other is Form => isForm(other));
      const innerPure = pure && waiting.every((other) => survives(other, later as Form[]));
      const callee = headOf(item) === "call" ? this.callees.get(item.items[1] as string) : undefined;
      this.inside(item, innerPure);
      if (!callee) return item;
      return this.call(item, callee, innerPure);
    });
  }

  private call(form: Form, callee: Callee, pure: boolean): Form {
    const site = this.context.site("call", form);
    this.sites[site]!.prunable = pure;
    const before: Form[] = [];
    const given = operands(form);
    const plain = given.every((operand) => /\.const$|^local\.get$/.test(headOf(operand)));
    const args = given.map((operand, index) => {
      if (plain || headOf(operand).endsWith(".const")) return operand;
      const local = this.context.local(callee.params[index]!);
      before.push(set(local, operand));
      return get(local);
    });
    const call: Form = { ...form, items: ["call", form.items[1]!, ...args] };
    const result = callee.result ? [{ items: ["result", callee.result] }] : [];
    if (callee.kind === "announcement")
      return { items: ["block", ...result, ...before, this.mark(site), call] };
    const spill: Form = { items: ["nop"] };
    this.spills.push({ block: spill, site });
    if (callee.kind === "canonical") return { items: ["block", ...result, ...before, spill, call] };
    const length = constant(0);
    this.frameLengths.push(length);
    const move = (operation: string): Form => ({
      items: [
        "global.set",
        "$gate|frames",
        { items: [operation, { items: ["global.get", "$gate|frames"] }, length] },
      ],
    });
    if (!callee.result) return { items: ["block", ...before, spill, move("i32.add"), call, move("i32.sub")] };
    const answer = this.context.local(callee.result);
    return {
      items: [
        "block",
        ...result,
        ...before,
        spill,
        move("i32.add"),
        set(answer, call),
        move("i32.sub"),
        get(answer),
      ],
    };
  }

  private mark(site: number): Form {
    return { items: ["i32.store", constant(this.spillBase), constant(site)] };
  }

  private spill(
    locals: readonly (readonly [string, string])[],
    site: number,
    frameByteLength: number,
  ): Form[] {
    const frames: Form = { items: ["global.get", "$gate|frames"] };
    const end: Form = { items: ["i32.add", frames, constant(frameByteLength)] };
    return [
      this.mark(site),
      { items: ["i32.store", "offset=4", constant(this.spillBase), end] },
      { items: ["i32.store", `offset=${FIRST_FRAME}`, frames, constant(site)] },
      ...locals.map(([name, type], index) => ({
        items: [
          `${type}.store`,
          `offset=${FIRST_FRAME + FRAME_HEAD + index * LOCAL_BYTES}`,
          frames,
          get(name),
        ],
      })),
    ];
  }
}

/** Whether a computed operand can be computed again from the locals when `later` operands have run. */
function survives(operand: Form, later: readonly Form[]): boolean {
  const head = headOf(operand);
  if (head.endsWith(".const") || head === "result") return true;
  if (head !== "local.get") return false;
  let changed = false;
  for (const form of later) {
    if (!isForm(form)) continue;
    visitForms(form, (inner) => {
      if (/^local\.(set|tee)$/.test(headOf(inner)) && inner.items[1] === operand.items[1]) changed = true;
    });
  }
  return !changed;
}

/** Name and type of every parameter and local. */
function localsOf(func: Form): (readonly [string, string])[] {
  return operands(func)
    .filter((form) => headOf(form) === "param" || headOf(form) === "local")
    .map((form) => [form.items[1] as string, form.items[2] as string]);
}
