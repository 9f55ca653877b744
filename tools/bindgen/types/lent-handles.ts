/**
 * Handles that a call lends inside of a record, a case or a list: they are given back when it
 * ends, like one that is a parameter itself.
 */
import { casesOf, fieldsOf, innerTypes } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { memberNames } from "../names/names.js";
import { isLentHandle } from "./kinds.js";

/** Whether there is such a handle in a value of the type. */
export function holdsLent(type: ValueType): boolean {
  return innerTypes(type).some((inner) => isLentHandle(inner) || holdsLent(inner));
}

/**
 * The statements that give back what a value of the type holds, or is, at the end of a call.
 * @param value an expression for it
 */
export function returnLent(type: ValueType, value: string): string[] {
  if (isLentHandle(type)) return [`${value}.drop();`];
  return holdsLent(type) ? [`${value}.drop_lent();`] : [];
}

/**
 * The method of a view's class that gives back the handles in it; none for a class that holds none.
 * @param name the class's
 */
export function dropLentMethod(type: ValueType, name: string): string[] {
  const statements = holdsLent(type) ? parts(type, name) : [];
  if (statements.length === 0) return [];
  const note =
    "/** Gives back the handles that the caller lent in it; called when its call ends, or before its task answers. */";
  return [note, "drop_lent(): void {", ...statements.map((line) => `  ${line}`), "}"];
}

function parts(type: ValueType, name: string): string[] {
  switch (type.kind) {
    case "list":
      return [
        "for (let i = 0; i < this.length; i++) {",
        ...returnLent(type.element, "this[i]").map((line) => `  ${line}`),
        "}",
      ];
    case "record": {
      const names = memberNames(type.fields.map((field) => field.name));
      return type.fields.flatMap((field, index) => returnLent(field.type, `this.${names[index]!}`));
    }
    case "tuple":
      return fieldsOf(type).flatMap((field, index) => returnLent(field.type, `this.item${index}`));
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const names = memberNames(
        cases.map((item) => item.name),
        ["tag"],
      );
      return cases.flatMap((item, index) => {
        const own = item.type === null ? [] : returnLent(item.type, `this.${names[index]!}`);
        return own.map((line) => `if (this.tag == ${name}.${names[index]!}) ${line}`);
      });
    }
    default:
      return [];
  }
}
