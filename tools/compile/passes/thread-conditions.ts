/**
 * A condition that is itself a block with an early `false` jumps straight past the code that it guards.
 *
 * AssemblyScript compiles `while (input.next())`, with `next` inlined, to a block that yields 0 or 1 and
 * an `if` that asks for it again; Binaryen leaves that as it is. For one item that is several
 * instructions and bytes at each of the two ends.
 *
 *     (if (block $b (result i32) … (drop (br_if $b (i32.const 0) C)) … LAST) (then BODY))
 *     ⇒ (block $b … (br_if $b C) … (br_if $b (i32.eqz LAST)) BODY)
 *
 * An early `true` jumps to the code that is guarded, or, where that is a jump itself, does as it does:
 *
 *     (if (block $b (result i32) … (drop (br_if $b (i32.const 1) C)) … LAST) (then BODY))
 *     ⇒ (block $b (block $t … (br_if $t C) … (br_if $b (i32.eqz LAST))) BODY)
 */
import { freshLabels } from "./fresh-labels.js";
import { constantOf } from "./possible-bits.js";
import { type Form, type Node, headOf, isForm, operands, rewriteInside, visitForms } from "./s-expression.js";

/** Rewrites every function of `module` in place. */
export function threadConditions(module: Form): void {
  const newLabel = freshLabels(module, "$threaded");
  for (const func of operands(module)) {
    if (headOf(func) === "func")
      rewriteInside(func, (form) => threadBranch(threadIf(form, newLabel), newLabel));
  }
}

/**
 * `(br_if $l COND)` with a block as condition becomes an `if` around a plain
 * branch, and is then threaded as one.
 */
function threadBranch(form: Form, newLabel: () => string): Node {
  if (headOf(form) !== "br_if" || form.items.length !== 3) return form;
  const condition = form.items[2]!;
  if (!isForm(condition) || !isValueBlock(condition)) return form;
  const jump: Form = { items: ["br", form.items[1]!] };
  return threadIf({ items: ["if", condition, { items: ["then", jump] }] }, newLabel);
}

function threadIf(form: Form, newLabel: () => string): Form {
  if (headOf(form) !== "if" || form.items.length !== 3) return form;
  const [, condition, then] = form.items;
  if (!isForm(condition) || !isForm(then, "then")) return form;
  const body = operands(then);
  if (headOf(condition) === "if") return threadNestedIf(condition, body, newLabel) ?? form;
  if (!isValueBlock(condition)) return form;
  const label = condition.items[1] as string;
  const inside = condition.items.slice(3) as Form[];
  if (!inside.every((statement) => branchesCarryConstants(statement, label))) return form;
  const jump = jumpOf(body);
  const targets = { zero: label, one: jump ? (jump.items[1] as string) : newLabel() };
  for (const statement of inside) rewriteInside(statement, (inner) => withoutValue(inner, label, targets));
  const statements = inside.map((statement) => withoutValue(statement, label, targets));
  const last = statements.pop()!;
  if (jump)
    return { items: ["block", label, ...statements, { ...jump, items: ["br_if", targets.one, last] }] };
  const unless: Form = { items: ["br_if", label, { items: ["i32.eqz", last] }] };
  const names = statements.some((statement) => mentions(statement, targets.one));
  const guard: Form[] = names
    ? [{ items: ["block", targets.one, ...statements, unless] }]
    : [...statements, unless];
  return { items: ["block", label, ...guard, ...body] };
}

/** The jump that a body is, if it is nothing else and takes no value along. */
function jumpOf(body: readonly Form[]): Form | null {
  const [jump] = body;
  return body.length === 1 && isForm(jump, "br") && jump.items.length === 2 ? jump : null;
}

function mentions(form: Form, label: string): boolean {
  let found = false;
  visitForms(form, (inner) => {
    if (inner.items.includes(label)) found = true;
  });
  return found;
}

/** `(if (if (result i32) C (then (i32.const 0)) (else … LAST)) (then BODY))`: C skips BODY, LAST decides. */
function threadNestedIf(condition: Form, body: Form[], newLabel: () => string): Form | null {
  const [, result, guard, zero, otherwise] = condition.items;
  if (!isForm(result, "result") || !isForm(guard) || !isForm(zero, "then") || !isForm(otherwise, "else"))
    return null;
  if (!isZero(zero.items[1]) || zero.items.length !== 2) return null;
  const label = newLabel();
  const statements = operands(otherwise);
  const last = statements.pop();
  if (!last) return null;
  const inner = threadIf({ items: ["if", last, { items: ["then", ...body] }] }, newLabel);
  return { items: ["block", label, { items: ["br_if", label, guard] }, ...statements, inner] };
}

/** `(block $label (result i32) …)`. */
function isValueBlock(form: Form): boolean {
  const result = form.items[2];
  return (
    headOf(form) === "block" &&
    typeof form.items[1] === "string" &&
    isForm(result, "result") &&
    result.items[1] === "i32"
  );
}

/** Where a branch with a constant leads now. */
interface Targets {
  readonly zero: string;
  readonly one: string;
}

function isZero(node: Node | undefined): boolean {
  return constantOf(node) === 0;
}

/** Whether a branch carries 0 or 1. */
function isConstant(node: Node | undefined): boolean {
  return isZero(node) || constantOf(node) === 1;
}

/**
 * Whether every branch to `label` below `form` is a `br` or a dropped `br_if` that carries 0 or 1.
 */
function branchesCarryConstants(form: Form, label: string): boolean {
  let carried = 0;
  let mentioned = 0;
  visitForms(form, (inner) => {
    if (inner.items.includes(label)) mentioned++;
    if (headOf(inner) === "br" && inner.items[1] === label && isConstant(inner.items[2])) carried++;
    const dropped = inner.items[1];
    if (
      headOf(inner) === "drop" &&
      isForm(dropped, "br_if") &&
      dropped.items[1] === label &&
      isConstant(dropped.items[2])
    )
      carried++;
  });
  return carried === mentioned;
}

/** The branch without the value it carried, to where that leads; everything else as it is. */
function withoutValue(form: Form, label: string, { zero, one }: Targets): Form {
  const target = (value: Node | undefined): string => (isZero(value) ? zero : one);
  if (headOf(form) === "br" && form.items[1] === label)
    return { ...form, items: ["br", target(form.items[2])] };
  const dropped = form.items[1];
  if (headOf(form) === "drop" && isForm(dropped, "br_if") && dropped.items[1] === label)
    return { ...dropped, items: ["br_if", target(dropped.items[2]), dropped.items[3]!] };
  return form;
}
