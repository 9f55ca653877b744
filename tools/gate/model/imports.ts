/** The imports of a guest, played by the model. */
import { CHECK } from "../instrumentation/function-context.js";
import { GATE } from "../instrumentation/instrument.js";
import { UserError } from "../../errors/user-error.js";
import type { CopyTarget } from "../../host/built-ins/copy-built-ins.js";
import type { CoreValue } from "../../host/values/flat.js";
import { parseImportName } from "../../wit/canonical-names.js";
import type { CoreMeaning } from "../../wit/core-names.js";
import type { FunctionType } from "../../wit/model.js";
import { type Direction, End } from "./end.js";
import type { ModelHost } from "./host.js";
import { asyncCall, cancelSubtask, dropSubtask, syncCall } from "./imported-call.js";
import { type Plan, streamName } from "./plan.js";

type CoreFunction = (...args: never[]) => number | bigint | undefined;

/**
 * Binds every import of `module` but the gate's own.
 * @throws UserError for an import that the model does not know
 */
export function bindImports(module: WebAssembly.Module, plan: Plan, host: ModelHost): WebAssembly.Imports {
  const imports: Record<string, Record<string, CoreFunction>> = {};
  for (const { module: owner, name, kind } of WebAssembly.Module.imports(module)) {
    if (owner === GATE) continue;
    const bound =
      kind !== "function"
        ? undefined
        : owner === CHECK
          ? announcement(name, host)
          : canonical(owner, name, plan, host);
    if (!bound)
      throw new UserError(
        `import ${owner} ${name}: the gate's model does not know it; a guest of as-rill imports only what its bindings declare`,
      );
    (imports[owner] ??= {})[name] = bound;
  }
  return imports as WebAssembly.Imports;
}

function canonical(owner: string, name: string, plan: Plan, host: ModelHost): CoreFunction | undefined {
  const meaning = plan.meanings.get(`${owner} ${name}`);
  switch (meaning?.kind) {
    case "builtin": {
      const { async, slot } = parseImportName(name);
      return async || slot === 1 ? undefined : builtin(meaning.builtin, host);
    }
    case "copy":
      return copyBuiltin(meaning, plan, host);
    case "task.return":
      return taskReturn(meaning.func, host);
    case "call":
      return (meaning.async ? asyncCall : syncCall)(meaning.func, host);
    case "resource":
      return resource(meaning, host);
    case undefined:
      return undefined;
  }
}

function builtin(name: string, host: ModelHost): CoreFunction | undefined {
  const { waitables, tasks } = host;
  switch (name) {
    case "waitable-set.new":
      return () => waitables.create();
    case "waitable-set.wait":
      return (set: number, ptr: number) => waitables.wait(set, ptr >>> 0, false);
    case "waitable-set.poll":
      return (set: number, ptr: number) => waitables.wait(set, ptr >>> 0, true);
    case "waitable-set.drop":
      return quiet((set) => {
        waitables.drop(set);
      });
    case "waitable.join":
      return quiet((handle, set) => {
        waitables.join(handle, set);
      });
    case "subtask.cancel":
      return (handle: number) => cancelSubtask(handle, host);
    case "subtask.drop":
      return quiet((handle) => {
        dropSubtask(handle, host);
      });
    case "thread.yield":
      return () => waitables.pause();
    case "task.cancel":
      return quiet(() => {
        tasks.cancelled();
      });
    case "context.get":
      return () => tasks.context();
    case "context.set":
      return quiet((value) => {
        tasks.setContext(value);
      });
    case "backpressure.inc":
    case "backpressure.dec":
      return quiet(() => {
        tasks.press(name === "backpressure.inc");
      });
    default:
      return undefined;
  }
}

/** A built-in without result. */
function quiet(body: (first: number, second: number) => void): CoreFunction {
  return (first: number, second: number) => {
    body(first, second);
    return undefined;
  };
}

function copyBuiltin(
  meaning: CoreMeaning & { kind: "copy" },
  plan: Plan,
  { copies, meanwhile }: ModelHost,
): CoreFunction | undefined {
  const [kind, verb] = meaning.builtin.split(".") as ["stream" | "future", string];
  const name = meaning.builtin;
  const direction: Direction =
    verb === "read" || verb.endsWith("-read") || verb === "drop-readable" ? "read" : "write";
  const target: CopyTarget = { kind, direction, elementType: meaning.element };
  const find = (handle: number): End => copies.find(target, handle, name);
  switch (verb) {
    case "new":
      return () =>
        copies.newPair(kind, plan.element(meaning.element), streamName(meaning.func, meaning.index));
    case "read":
    case "write":
      if (!meaning.async) return undefined;
      return kind === "stream"
        ? (handle: number, ptr: number, length: number) =>
            copies.begin(find(handle), ptr >>> 0, length >>> 0, name)
        : (handle: number, ptr: number) => copies.begin(find(handle), ptr >>> 0, 1, name);
    case "cancel-read":
    case "cancel-write":
      if (meaning.async) return undefined;
      return (handle: number) =>
        copies.cancel(find(handle), name, () => {
          meanwhile.wait(0);
        });
    default:
      return quiet((handle) => {
        copies.drop(target, handle, name);
      });
  }
}

function taskReturn(func: FunctionType, { tasks }: ModelHost): CoreFunction {
  return (...args: CoreValue[]) => {
    tasks.returned(func, args);
    return undefined;
  };
}

function resource(
  { builtin: name, resource: type }: CoreMeaning & { kind: "resource" },
  { resources }: ModelHost,
): CoreFunction {
  switch (name) {
    case "resource.drop":
      return quiet((handle) => {
        resources.drop(type, handle);
      });
    case "resource.new":
      return (state: number) => resources.create(type, state);
    case "resource.rep":
      return (handle: number) => resources.stateOf(type, handle);
  }
}

/** What the library announces, by the name of the hook. */
function announcement(name: string, host: ModelHost): CoreFunction | undefined {
  const { operations, arena, places } = host;
  const look = (hear: typeof places.placeBusy): CoreFunction => {
    return (place: number, busy: number, first: number, stride: number, count: number) => {
      const view = new DataView(host.memory.bytes.buffer);
      return hear(place, busy !== 0, { first, stride, count }, view) ? 1 : 0;
    };
  };
  const ask = (answer: (address: number, value: boolean, site: number) => void): CoreFunction => {
    return (address: number, value: number) => {
      answer.call(operations, address, value !== 0, host.run.site());
      return undefined;
    };
  };
  const tell = (hear: (address: number, value: number, site: number) => void): CoreFunction => {
    return (address: number, value: number) => {
      hear(address, value, host.run.site());
      return undefined;
    };
  };
  switch (name) {
    case "open":
      return (address: number, slotByteLength: number, handle: number) => {
        const entry = host.table.at(handle);
        operations.open(address, slotByteLength, entry instanceof End ? entry : null, host.run.site());
        return undefined;
      };
    case "close":
      return tell((address, _, site) => {
        operations.close(address, site);
        places.endClosed(address);
      });
    case "handed-on":
      return tell((address, _, site) => {
        operations.handedOn(address, site);
        places.endClosed(address);
      });
    case "value":
      return tell((address, _, site) => {
        operations.value(address, site);
      });
    case "take-held":
      return tell((address, _, site) => {
        operations.takeHeld(address, site);
      });
    case "many":
      return (address: number, ptr: number, isHeld: number) => {
        operations.many(address, ptr, isHeld !== 0, host.run.site());
        return undefined;
      };
    case "progress":
      return tell((address, progress, site) => {
        operations.progress(address, progress, site);
      });
    case "chosen":
      return tell((address, _, site) => {
        operations.chosen(address, site);
      });
    case "read":
      return (address: number, progress: number, max: number) => {
        operations.read(address, progress, max, host.run.site());
        return undefined;
      };
    case "write":
      return tell((address, progress, site) => {
        operations.write(address, progress, site);
      });
    case "arena-taken":
      return tell((ptr, byteLength, site) => {
        arena.taken(ptr, byteLength, site);
      });
    case "arena-region":
      return (ptr: number, byteLength: number) =>
        arena.region(ptr, byteLength, host.memory.bytes, host.run.site());
    case "arena-rest":
      return (ptr: number, byteLength: number) =>
        arena.rest(ptr, byteLength, host.memory.bytes, host.run.site());
    case "place-busy":
      return look((...args) => places.placeBusy(...args));
    case "place-released":
      return tell((place, _, site) => {
        places.placeReleased(place, site);
      });
    case "end-busy":
      return look((...args) => places.endBusy(...args));
    case "arena-reset":
      return tell((ptr, byteLength, site) => {
        arena.givenBack(ptr, byteLength, host.memory.bytes, site);
      });
    default:
      return answers(name, ask, host) ?? announcedCall(name, host);
  }
}

/** What the library announces of a call that goes on. */
function announcedCall(name: string, { announcedCalls: calls }: ModelHost): CoreFunction | undefined {
  switch (name) {
    case "call-begun":
      return quiet((address, packed) => {
        calls.begun(address, packed);
      });
    case "call-polled":
      return quiet((address, answer) => {
        calls.polled(address, answer !== 0);
      });
    case "call-started":
      return quiet((address, answer) => {
        calls.started(address, answer !== 0);
      });
    case "call-cancelled":
      return quiet((address, answer) => {
        calls.cancelled(address, answer !== 0);
      });
    case "call-taken":
      return quiet((address) => {
        calls.taken(address);
      });
    case "call-forgotten":
      return quiet((address) => {
        calls.forgotten(address);
      });
    default:
      return undefined;
  }
}

function answers(
  name: string,
  ask: (answer: (address: number, value: boolean, site: number) => void) => CoreFunction,
  { operations }: ModelHost,
): CoreFunction | undefined {
  const known = {
    next: operations.next,
    ready: operations.ready,
    kept: operations.kept,
    done: operations.done,
    "write-one": operations.writeOne,
    started: operations.started,
    settled: operations.settled,
    taken: operations.taken,
  };
  return name in known ? ask(known[name as keyof typeof known]) : undefined;
}
