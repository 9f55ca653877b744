/** What names stand for in a run of calls, and the arguments that are made of it. */
import { CheckFailure } from "../../errors/user-error.js";
import type { Value } from "../../host/values/value.js";
import type { ValueType } from "../../wit/model.js";
import { HeldHandle, type HeldHandles } from "./held-handles.js";
import { fits, partOf } from "./name-types.js";
import type { PlannedArgument, PlannedCall, Reference } from "./planned-call.js";
import { Awaited, Gathered, mapHandles, told, toldType } from "./received.js";
import { waveText } from "./wave.js";

interface Named {
  readonly type: ValueType;
  readonly value: Value;
}

/** Names and arguments of calls of one guest. */
export abstract class CallValues {
  /** The call that runs, or trapped. */
  current = "";
  protected readonly names = new Map<string, Named>();

  /** @param held handles that calls returned */
  constructor(protected readonly held: HeldHandles) {}

  /** What `--in` gave, in the order of the plan's inputs. */
  protected abstract input(index: number): Value;
  /** A stream of these items, as the guest gets it. */
  protected abstract stream(element: ValueType | null, values: readonly Value[]): Value;
  /** A future with that value. */
  protected abstract future(element: ValueType | null, value: Value): Value;

  protected arguments({ args }: PlannedCall & { kind: "call" }): Value[] {
    return args.map((argument) => this.argument(argument));
  }

  private argument(argument: PlannedArgument): Value {
    switch (argument.kind) {
      case "value":
        return argument.value;
      case "input":
        return this.input(argument.index);
      case "name":
        return this.given(argument);
      case "items":
        return argument.items.map((item) => this.argument(item));
      case "fields":
        return Object.fromEntries(argument.fields.map(([label, inner]) => [label, this.argument(inner)]));
      case "stream":
        return this.stream(
          argument.element,
          argument.items.map((item) => this.argument(item)),
        );
      case "future":
        return this.future(argument.element, this.argument(argument.value));
    }
  }

  /** What a name stands for, as the guest gets it. */
  private given(reference: Reference): Value {
    const value = this.find(reference);
    if (reference.to.kind === "borrow") return (value as HeldHandle).representation;
    return this.give(reference.to, value);
  }

  private give(type: ValueType, value: Value): Value {
    return mapHandles(type, value, (inner, of) => {
      if (of instanceof HeldHandle) return this.held.give(of);
      const { element } = inner as ValueType & { kind: "stream" | "future" };
      const one = (item: Value): Value => (element === null ? null : this.give(element, item));
      if (of instanceof Gathered) return this.stream(element, of.items.map(one));
      return of instanceof Awaited ? this.future(element, one(of.value!.taken)) : of;
    });
  }

  protected find({ name, path, to }: Reference): Value {
    let at = this.names.get(name)!;
    for (const step of path) {
      at = this.inside(at, name);
      const value = (at.value as Readonly<Record<string, Value>>)[step];
      if (value === undefined) throw this.failure(`${[name, ...path].join(".")}: there is no place ${step}`);
      at = { type: partOf(at.type, step)!, value };
    }
    return fits(at.type, to) ? at.value : this.inside(at, name).value;
  }

  /** What is inside an option or result. */
  private inside({ type, value }: Named, name: string): Named {
    if (type.kind !== "option" && type.kind !== "result") return { type, value };
    const inner = type.kind === "option" ? type.type : type.ok;
    if (inner === null) return { type, value };
    const label = type.kind === "option" ? "some" : "ok";
    const labelled = value as Readonly<Record<string, Value>> | null;
    if (labelled !== null && Object.hasOwn(labelled, label)) return { type: inner, value: labelled[label]! };
    throw this.failure(`${name} is ${waveText(toldType(type), told(type, value))}`);
  }

  protected failure(message: string): CheckFailure {
    return new CheckFailure(`"${this.current}": ${message}`);
  }
}
