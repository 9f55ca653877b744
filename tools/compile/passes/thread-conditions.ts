/**
 * A condition that is itself a block with an early `false` jumps straight past the code that it guards.
 *
 * AssemblyScript compiles `while (input.next())`, with `next` inlined, to a block that yields 0 or 1 and
 * an `if` that asks for it again; Binaryen leaves that as it is. For one item that is several
 * instructions and bytes at each of the two ends.
 *
 *     (if (block $b (result i32) … (drop (br_if $b (i32.const 0) C)) … LAST) (then BODY))
 *     ⇒ (block $b … (br_if $b C) … (br_if $b (i32.eqz LAST)) BODY)
 */
import { freshLabels } from "./fresh-labels.js";
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
  if (!inside.every((statement) => branchesCarryZero(statement, label))) return form;
  for (const statement of inside) rewriteInside(statement, (inner) => withoutValue(inner, label));
  const statements = inside.map((statement) => withoutValue(statement, label));
  const last = statements.pop()!;
  return { items: ["block", label, ...statements, ...guarded(body, last, label)] };
}

/**
 * What runs when `condition` holds, at the end of the block `label`; a lone jump becomes conditional itself.
 */
function guarded(body: readonly Form[], condition: Form, label: string): Form[] {
  const [jump] = body;
  if (body.length === 1 && jump && headOf(jump) === "br" && jump.items.length === 2)
    return [{ ...jump, items: ["br_if", jump.items[1]!, condition] }];
  return [{ items: ["br_if", label, { items: ["i32.eqz", condition] }] }, ...body];
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

function isZero(node: Node | undefined): boolean {
  return isForm(node, "i32.const") && node.items[1] === "0";
}

/**
 * Whether every branch to `label` below `form` is a `br` or a dropped `br_if` that carries the constant 0.
 */
function branchesCarryZero(form: Form, label: string): boolean {
  let carried = 0;
  let mentioned = 0;
  visitForms(form, (inner) => {
    if (inner.items.slice(1).includes(label)) mentioned++;
    if (headOf(inner) === "br" && inner.items[1] === label && isZero(inner.items[2])) carried++;
    const dropped = inner.items[1];
    if (
      headOf(inner) === "drop" &&
      isForm(dropped, "br_if") &&
      dropped.items[1] === label &&
      isZero(dropped.items[2])
    )
      carried++;
  });
  return carried === mentioned;
}

/** The branch without the value it carried; everything else as it is. */
function withoutValue(form: Form, label: string): Form {
  if (headOf(form) === "br" && form.items[1] === label) return { ...form, items: ["br", label] };
  const dropped = form.items[1];
  if (headOf(form) === "drop" && isForm(dropped, "br_if") && dropped.items[1] === label)
    return { ...dropped, items: ["br_if", label, dropped.items[3]!] };
  return form;
}
