/**
 * What makes a set the answer of a task that waits stands once for several waits: a few bytes less for each,
 * and an instruction more where it answers. A last pass, because Binaryen turns it back.
 *
 *     (block … (return (i32.or (i32.shl A (i32.const 4)) (i32.const 2))) …)
 *     (return (i32.or (i32.shl B (i32.const 4)) (i32.const 2)))
 *       ⇒ (return (i32.or (i32.shl
 *           (block $answer (result i32) (block … (br $answer A) …) B) (i32.const 4)) (i32.const 2)))
 */
import { freshLabels } from "../passes/fresh-labels.js";
import {
  bodyStart,
  type Form,
  headOf,
  isForm,
  type Node,
  operands,
  parseForm,
  rewriteInside,
  visitForms,
} from "../passes/s-expression.js";
import { CallbackCode, waitingFor } from "./callback-module.js";

/** Rewrites every function of `module` in place. */
export function shareAnswers(module: Form): void {
  const newLabel = freshLabels(module, "$answer");
  visitForms(module, (form) => {
    if (["func", "block", "loop"].includes(headOf(form))) shareIn(form, newLabel);
  });
}

/** What stands in front of the last answer in `list` leaves its own answers to that one. */
function shareIn(list: Form, newLabel: () => string): void {
  const last = list.items.findLastIndex((item) => setAnswered(item) !== null);
  if (last < 0) return;
  const start = bodyStart(list);
  const block: Form = { items: ["block", ...list.items.slice(start, last)] };
  const label = newLabel();
  let isShared = false;
  rewriteInside(block, (form) => {
    const set = setAnswered(form);
    if (set === null) return form;
    isShared = true;
    return { ...form, items: ["br", label, set] };
  });
  if (!isShared) return;
  const answer = list.items[last] as Form;
  block.items.splice(1, 0, label, parseForm("(result i32)"));
  block.items.push(setAnswered(answer)!);
  list.items.splice(start, last + 1 - start, { ...answer, items: ["return", waitingFor(block)] });
}

/** The set that a statement answers the host with; null when it is another one. */
function setAnswered(item: Node): Form | null {
  if (!isForm(item, "return")) return null;
  const [answer] = operands(item);
  const [shifted, code] = isForm(answer, "i32.or") ? operands(answer) : [];
  if (!isForm(shifted, "i32.shl") || code!.items[1] !== String(CallbackCode.WAIT)) return null;
  const [set, bits] = operands(shifted);
  return bits!.items[1] === "4" ? set! : null;
}
