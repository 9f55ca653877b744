/**
 * Guests on one stack. A guest that waits inside its function stays on the stack, so that of two of them the
 * lower one cannot go on before the upper one has ended. All but one are therefore given the strategy
 * `callback`, as `rill build --wait callback` would have done; their code is no longer what the source map
 * says, so that a trap of theirs is told by its function.
 */
import { useCallback } from "../../compile/callback/use-callback.js";
import { withModule } from "../../compile/optimize.js";
import { UserError } from "../../errors/user-error.js";
import { waitsInside } from "../../pack/callback.js";
import { RECORD_SECTION } from "../../provenance/build-record.js";
import binaryen from "../../wasm/binaryen.js";
import { readModule, readSections } from "../../wasm/read-module.js";
import { asyncLifted } from "../../wit/canonical-names.js";

/** A guest of several. */
export interface StackedGuest {
  readonly corePath: string;
  readonly core: Uint8Array<ArrayBuffer>;
  /** `INTERFACE#FUNCTION`. */
  readonly call: string;
}

/**
 * The modules to run, in the guests' order.
 * @param who whether one guest may stay on the stack while it waits: the first that would
 * @throws UserError when a guest has to be changed, and cannot be
 */
export function onOneStack(
  guests: readonly StackedGuest[],
  who: "one may stay" | "none stays" = "one may stay",
): Uint8Array<ArrayBuffer>[] {
  const staying = who === "none stays" ? null : guests.find((guest) => staysOnStack(guest));
  return guests.map((guest) =>
    guest !== staying && staysOnStack(guest) ? withCallback(guest, staying ?? null) : guest.core,
  );
}

function staysOnStack({ core, call }: StackedGuest): boolean {
  return waitsInside(readModule(core), call);
}

/** The guest, with the strategy `callback`. */
function withCallback(
  { corePath, core }: StackedGuest,
  staying: StackedGuest | null,
): Uint8Array<ArrayBuffer> {
  try {
    return withSections(callbackModule(core), core);
  } catch (error) {
    const reason = error instanceof UserError ? ` (${error.message})` : "";
    const what =
      staying === null
        ? `${corePath} waits inside of its function, and guests in a row go back to their host`
        : `${staying.corePath} and ${corePath} both wait inside of their functions, and one stack holds one such guest`;
    throw new UserError(`${what}; build ${corePath} with --wait callback${reason}`);
  }
}

function callbackModule(core: Uint8Array): Uint8Array {
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(core);
  const text = module.emitText();
  module.dispose();
  const end = /\(export "__heap_base" \(global (\S+)\)\)/.exec(text)?.[1];
  if (end === undefined) throw new UserError("it says not where its memory ends");
  const lifted = [...text.matchAll(/\(export "(\[async-lift\][^"]*)"/g)]
    .map(([, canonical]) => canonical!)
    .filter((canonical) => asyncLifted(canonical) !== null)
    .map((canonical) => ({ internal: canonical, canonical }));
  const changed = useCallback(text.replaceAll(end, "$linear_memory_used"), lifted);
  return withModule(changed.text, (made) => made.emitBinary());
}

/** `made`, with what `core` says of its world, and of its calls that go on. */
function withSections(made: Uint8Array, core: Uint8Array): Uint8Array<ArrayBuffer> {
  const isKept = (name: string): boolean => name.startsWith("component-type") || name === RECORD_SECTION;
  const kept = readSections(core).filter(({ id, name }) => id === 0 && isKept(name));
  return Uint8Array.from(Buffer.concat([made, ...kept.map(({ start, end }) => core.subarray(start, end))]));
}
