/** `--stub`: functions that answer with zeros, and log each call. */
import { FutureSource } from "../../host/copies/future-host.js";
import { HostEnd } from "../../host/copies/host-end.js";
import { Items } from "../../host/copies/items.js";
import { SharedCopy } from "../../host/copies/shared-copy.js";
import { sourceOf, StreamSource } from "../../host/copies/stream-source.js";
import { immediate, type HostFunction } from "../../host/calls/lower.js";
import type { Guest } from "../../host/guest.js";
import { ErrorContext } from "../../host/tasks/error-context.js";
import type { CopyPolicy } from "../../host/tasks/host-loop.js";
import type { Value } from "../../host/values/value.js";
import { holdsHandle } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { mapHandles, toldType } from "../calls/received.js";
import { waveText } from "../calls/wave.js";
import type { ImportedFunction } from "./imported-function.js";
import type { HandleType } from "./js-values.js";
import { zeroValue } from "./zero-value.js";

/** Where a stub's handles live. */
export interface StubHost {
  readonly guest: () => Guest;
  readonly policy: CopyPolicy;
  /** Writes a line of the log. */
  readonly log: (line: string) => void;
}

/** The function that stands in for one that is missing. */
export function stubFunction(imported: ImportedFunction, host: StubHost): HostFunction {
  const { params } = imported.func;
  return immediate((...args) => {
    args.forEach((arg, i) => mapHandles(params[i]!.type, arg, leave));
    return stubAnswer(imported, args, host.log, (type) => zeroHandle(type, host));
  });
}

/** What it answers, when that is logged. @param handle makes the zeros of handles */
export function stubAnswer(
  { id, func }: ImportedFunction,
  args: readonly Value[],
  log: (line: string) => void,
  handle: (type: HandleType) => Value,
): Value {
  const { params, result } = func;
  const texts = args.map((arg, i) => valueText(params[i]!.type, arg));
  const answer = result === null ? null : zeroValue(result, handle);
  log(`${id}(${texts.join(", ")})${result === null ? "" : ` -> ${valueText(result, answer)}`}`);
  return answer;
}

/** A value as WAVE; what holds handles in it as the name of its type. */
function valueText(type: ValueType, value: Value): string {
  if (type.kind === "own" || type.kind === "borrow") return `<${type.resource.name}>`;
  if (type.kind === "stream" || type.kind === "future") return `<${type.kind}>`;
  if (!holdsHandle(type)) return waveText(type, value);
  const shown = mapHandles(type, value, (inner) => (inner.kind === "stream" ? [] : `<${inner.kind}>`));
  return waveText(toldType(type), shown);
}

/** Nobody reads what the guest writes. */
function leave(_: ValueType, value: Value): Value {
  if (value instanceof SharedCopy) new HostEnd(value).drop();
  return value;
}

let lastRepresentation = 0;

function zeroHandle(type: HandleType, host: StubHost): Value {
  const { policy } = host;
  const { loop } = host.guest();
  switch (type.kind) {
    case "stream": {
      const nothing = sourceOf(Items.fromValues(type.element, []));
      return loop.add(new StreamSource(type.element, nothing, policy)).shared;
    }
    case "future": {
      const { element } = type;
      const zero = element === null ? null : zeroValue(element, (inner) => zeroHandle(inner, host));
      return loop.add(new FutureSource(type.element, zero, policy)).shared;
    }
    case "error-context":
      return new ErrorContext("");
    default:
      return ++lastRepresentation;
  }
}
