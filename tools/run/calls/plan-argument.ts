/** Arguments of a call against the types of its parameters. */
import { integerRange, type IntegerKind } from "../../host/values/scalar.js";
import type { Value } from "../../host/values/value.js";
import { casesOf } from "../../wit/layout.js";
import type { Case, Field, ValueType } from "../../wit/model.js";
import { witType } from "../../wit/wit-type.js";
import { CallMismatch, type Argument, type Word } from "./call-text.js";
import { fits, inside, type NameTypes } from "./name-types.js";
import type { PlannedArgument } from "./planned-call.js";

/** What arguments of a call may be made of. */
export interface ArgumentScope {
  /** The call's text. */
  readonly text: string;
  readonly names: NameTypes;
  /** Where among the inputs is what `--in` says; null when it says nothing of that name. */
  readonly input: (name: string, type: ValueType) => number | null;
}

/** The argument for a parameter. @throws CallMismatch when it is none of its type */
export function planArgument(param: Field, argument: Argument, scope: ArgumentScope): PlannedArgument {
  if (argument.kind === "word" && argument.path.length === 0 && argument.payload === null) {
    const isName = !argument.isLabel && !scope.names.has(argument.label);
    const index = isName ? scope.input(argument.label, param.type) : null;
    if (index !== null) return { kind: "input", index };
  }
  return new ArgumentPlan(scope).plan(param.type, argument);
}

class ArgumentPlan {
  constructor(private readonly scope: ArgumentScope) {}

  plan(type: ValueType, argument: Argument): PlannedArgument {
    if (argument.kind === "word") {
      const planned = this.literal(type, argument) ?? this.name(type, argument);
      if (planned !== null) return planned;
    }
    switch (type.kind) {
      case "option":
      case "result":
        return this.unwrapped(type, argument);
      case "list":
        return { kind: "items", items: this.list(type, argument) };
      case "stream":
        return { kind: "stream", element: type.element, items: this.streamItems(type, argument) };
      case "future":
        return { kind: "future", element: type.element, value: this.element(type.element, argument) };
      case "tuple":
        return this.tuple(type, argument);
      case "record":
        return this.record(type, argument);
      case "flags":
        return this.flags(type, argument);
      default:
        return { kind: "value", value: this.scalar(type, argument) };
    }
  }

  /** A case, a label, or a word that is a number or bool; null when it is no such word of the type. */
  private literal(type: ValueType, word: Word): PlannedArgument | null {
    const { label, path, payload } = word;
    if (path.length > 0) return null;
    switch (type.kind) {
      case "bool":
        return label === "true" || label === "false" ? { kind: "value", value: label === "true" } : null;
      case "f32":
      case "f64":
        return label === "nan" || label === "inf"
          ? { kind: "value", value: label === "nan" ? NaN : Infinity }
          : null;
      case "enum":
        return type.labels.includes(label) && payload === null ? { kind: "value", value: label } : null;
      case "option":
      case "variant":
      case "result": {
        const name = type.kind === "result" && label === "err" ? "error" : label;
        const chosen = casesOf(type).find((c) => c.name === name);
        return chosen === undefined ? null : this.case(type, chosen, word);
      }
      default:
        return null;
    }
  }

  private case(type: ValueType, { name, type: wanted }: Case, word: Word): PlannedArgument {
    const { label, payload } = word;
    if (wanted === null) {
      if (payload !== null) throw new CallMismatch(`${label} has no payload`, payload.at);
      return { kind: "value", value: type.kind === "option" ? null : { [name]: null } };
    }
    if (payload === null)
      throw new CallMismatch(`${label} has a payload: write ${label}(${witType(wanted)})`, word.end);
    return { kind: "fields", fields: [[name, this.plan(wanted, payload)]] };
  }

  private name(type: ValueType, word: Word): PlannedArgument | null {
    const { names, text } = this.scope;
    if (word.isLabel || word.payload !== null) return null;
    const found = names.typeOf(word);
    if (found === null) return null;
    // What an option or result is made of may stand in its place.
    const isInner = (type.kind === "option" || type.kind === "result") && !fits(found, type);
    return isInner && !fits(inside(found), type) ? null : { kind: "name", ...names.refer(word, type, text) };
  }

  /** An option or result of which only the payload is written. */
  private unwrapped(type: ValueType & { kind: "option" | "result" }, argument: Argument): PlannedArgument {
    const payload = inside(type);
    if (payload === type || payload.kind === "option" || payload.kind === "result")
      return this.refuse(type, argument);
    return {
      kind: "fields",
      fields: [[type.kind === "option" ? "some" : "ok", this.plan(payload, argument)]],
    };
  }

  private list(type: ValueType & { kind: "list" }, argument: Argument): PlannedArgument[] {
    if (argument.kind !== "list") return this.refuse(type, argument);
    const { items } = argument;
    if (type.length !== undefined && items.length !== type.length) return this.refuse(type, argument);
    return items.map((item) => this.plan(type.element, item));
  }

  private streamItems(
    type: ValueType & { kind: "stream" | "future" },
    argument: Argument,
  ): PlannedArgument[] {
    if (argument.kind === "list") return argument.items.map((item) => this.element(type.element, item));
    const hint = "; give its items as a list, or the name of an --in NAME=FILE";
    return this.refuse(type, argument, hint);
  }

  /** A stream's item or a future's value; `()` where it has no type. */
  private element(type: ValueType | null, argument: Argument): PlannedArgument {
    if (type !== null) return this.plan(type, argument);
    return this.tuple({ kind: "tuple", types: [] }, argument);
  }

  private tuple(type: ValueType & { kind: "tuple" }, argument: Argument): PlannedArgument {
    if (argument.kind !== "tuple" || argument.items.length !== type.types.length)
      return this.refuse(type, argument);
    return { kind: "items", items: type.types.map((t, i) => this.plan(t, argument.items[i]!)) };
  }

  private record(type: ValueType & { kind: "record" }, argument: Argument): PlannedArgument {
    if (argument.kind !== "record") return this.refuse(type, argument);
    const { fields } = argument;
    const wrong = fields.find(
      ({ label }, i) =>
        !type.fields.some(({ name }) => name === label) ||
        fields.findIndex((field) => field.label === label) < i,
    );
    if (wrong !== undefined) {
      const known = type.fields.map(({ name }) => name).join(", ");
      throw new CallMismatch(`${wrong.label} is no field that is left; the record has ${known}`, wrong.at);
    }
    return {
      kind: "fields",
      fields: type.fields.map(({ name, type: wanted }) => {
        const field = fields.find(({ label }) => label === name);
        if (field !== undefined) return [name, this.plan(wanted, field.value)];
        if (wanted.kind === "option") return [name, { kind: "value", value: null }];
        throw new CallMismatch(`the field ${name} is missing`, argument.end - 1);
      }),
    };
  }

  private flags(type: ValueType & { kind: "flags" }, argument: Argument): PlannedArgument {
    if (argument.kind !== "flags") return this.refuse(type, argument);
    const wrong = argument.labels.find(({ label }) => !type.labels.includes(label));
    if (wrong !== undefined)
      throw new CallMismatch(`${wrong.label} is no flag; there are ${type.labels.join(", ")}`, wrong.at);
    const set = argument.labels.map(({ label }) => label);
    return {
      kind: "value",
      value: Object.fromEntries(type.labels.map((label) => [label, set.includes(label)])),
    };
  }

  private scalar(type: ValueType, argument: Argument): Value {
    switch (type.kind) {
      case "string":
        return argument.kind === "string" ? argument.text : this.refuse(type, argument);
      case "char":
        return argument.kind === "char" && [...argument.text].length === 1
          ? argument.text
          : this.refuse(type, argument);
      case "f32":
      case "f64":
        return this.float(type, argument);
      default:
        return type.kind in integerRange
          ? this.integer(type as ValueType & { kind: IntegerKind }, argument)
          : this.refuse(type, argument);
    }
  }

  private float(type: ValueType, argument: Argument): number {
    if (argument.kind !== "number") return this.refuse(type, argument);
    if (argument.text === "-inf") return -Infinity;
    const value = type.kind === "f32" ? Math.fround(Number(argument.text)) : Number(argument.text);
    return Number.isFinite(value) ? value : this.refuse(type, argument);
  }

  private integer(type: ValueType & { kind: IntegerKind }, argument: Argument): number | bigint {
    if (argument.kind !== "number" || !/^-?\d+$/.test(argument.text)) return this.refuse(type, argument);
    const value = BigInt(argument.text);
    const [low, high] = integerRange[type.kind];
    if (value < low || value > high) return this.refuse(type, argument);
    return type.kind.endsWith("64") ? value : Number(value);
  }

  private refuse(type: ValueType, { at, end, kind }: Argument, hint = ""): never {
    const { text, names } = this.scope;
    const written = text.slice(at, end);
    const known =
      hint === "" && kind === "word" && names.names.length > 0 ? `; names are ${names.names.join(", ")}` : "";
    throw new CallMismatch(
      `${written} is not of the type ${witType(type)}${casesText(type)}${hint}${known}`,
      at,
    );
  }
}

/** What a type allows, where that is a few words. */
function casesText(type: ValueType): string {
  if (type.kind !== "enum" && type.kind !== "variant") return "";
  return ` (${casesOf(type)
    .map(({ name }) => name)
    .join(", ")})`;
}
