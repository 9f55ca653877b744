/** Runs an instrumented guest on the V8 host, fed from files as `rill run` feeds it. */
import { readFileSync } from "node:fs";
import { UserError } from "../../errors/user-error.js";
import { Guest } from "../../host/guest.js";
import { Items } from "../../host/items.js";
import type { SharedStream } from "../../host/shared-stream.js";
import { StreamSink } from "../../host/stream-sink.js";
import { sourceOf, StreamSource } from "../../host/stream-source.js";
import { decodeComponentType } from "../../wit/component-type.js";
import { findFunction } from "./find-function.js";

/** What to call, with what. */
export interface RunRequest {
  /** The module without instrumentation: it carries the WIT. */
  readonly core: Uint8Array;
  readonly instrumented: Uint8Array;
  /** `IFACE#FUNC`, or null for the only function that the guest exports. */
  readonly call: string | null;
  /** `PARAM=FILE` each. */
  readonly inputs: readonly string[];
  readonly limit: number | null;
}

export interface RunOutcome {
  readonly call: string;
  readonly itemsIn: number;
  readonly itemsOut: number | null;
  readonly trap: string | null;
  readonly hostCalls: ReadonlyMap<string, number>;
  readonly inFlightMax: number;
}

/** Lets the caller look at the instance before it runs, and ask for the items taken while it does. */
export interface RunHooks {
  readonly onInstance: (exports: WebAssembly.Exports) => void;
  readonly onItems: (itemsSoFar: () => number) => void;
}

const BLOCKED = 0xffff_ffff;

/**
 * Runs the call to its end.
 * Errors: UserError when the guest cannot be called so
 */
export function runGuest(request: RunRequest, hooks: RunHooks): RunOutcome {
  const world = decodeComponentType(request.core);
  if (!world) throw new UserError("--run needs a module with its WIT inside (as `rill build` leaves it)");
  const { name, func } = findFunction(world, request.call);
  const flight = new FlightCount();
  const guest = new Guest(new WebAssembly.Module(new Uint8Array(request.instrumented)), world, {
    wrapImport:
      (field, body) =>
      (...args) =>
        flight.note(field, args, body(...args)),
  });
  hooks.onInstance(guest.exports);
  const sources = func.params.map(({ name: param, type }) => {
    if (type.kind !== "stream" || !type.element)
      throw new UserError(`${name}: parameter ${param} is not a stream; --run feeds streams alone`);
    return guest.loop.add(
      new StreamSource(type.element, sourceOf(readItems(param, type.element, request)), "ready"),
    );
  });
  hooks.onItems(() => sources.reduce((sum, { itemCount }) => sum + itemCount, 0));
  let sink: StreamSink | null = null;
  let trap: string | null = null;
  try {
    const call = guest.start(
      name,
      sources.map(({ shared }) => shared),
      (result) => {
        if (func.result?.kind === "stream")
          sink = guest.loop.add(new StreamSink(result as SharedStream, { push: () => true }, "ready"));
      },
    );
    guest.finish(call);
  } catch (error) {
    if (error instanceof UserError) throw error;
    trap = error instanceof Error ? error.message : String(error);
  }
  return {
    call: name,
    itemsIn: sources.reduce((sum, { itemCount }) => sum + itemCount, 0),
    itemsOut: (sink as StreamSink | null)?.itemCount ?? null,
    trap,
    hostCalls: guest.hostCalls,
    inFlightMax: flight.max,
  };
}

function readItems(
  param: string,
  element: NonNullable<Parameters<typeof Items.fromBytes>[0]>,
  { inputs, limit }: RunRequest,
): Items {
  const entry = inputs.find((input) => input.startsWith(`${param}=`));
  if (entry === undefined)
    throw new UserError(`--run needs --in ${param}=FILE for the stream parameter ${param}`);
  const path = entry.slice(param.length + 1);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
  const items = Items.fromBytes(element, bytes);
  return limit === null ? items : items.slice(0, Math.min(limit, items.length));
}

/** Copies that were answered BLOCKED and whose event has not been taken. */
class FlightCount {
  max = 0;
  private current = 0;

  note<R>(field: string, _args: readonly unknown[], result: R): R {
    if (/-(read|write)-\d+\]/.test(field) && !field.includes("cancel") && Number(result) >>> 0 === BLOCKED) {
      this.max = Math.max(this.max, ++this.current);
    } else if (/\[waitable-set-(wait|poll)\]/.test(field) && Number(result) > 0)
      this.current = Math.max(0, this.current - 1);
    return result;
  }
}
