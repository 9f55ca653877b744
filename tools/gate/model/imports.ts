/** The imports of a guest, played by the model. */
import { CHECK } from "../instrumentation/function-context.js";
import { GATE } from "../instrumentation/instrument.js";
import { UserError } from "../../errors/user-error.js";
import { CoreValues, type CoreValue, liftValues } from "../../host/values/flat.js";
import { MAX_FLAT_PARAMS } from "../../wit/layout.js";
import { parseImportName } from "../../wit/canonical-names.js";
import type { CoreMeaning } from "../../wit/core-names.js";
import type { FunctionType } from "../../wit/model.js";
import { type Direction, End } from "./end.js";
import type { ModelHost } from "./host.js";
import { resourceKey } from "./held-resources.js";
import { asyncCall, syncCall } from "./imported-call.js";
import { type Plan, streamName } from "./plan.js";
import { cancelSubtask, dropSubtask } from "./subtask-builtins.js";

type CoreFunction = (...args: never[]) => number | bigint | undefined;

/** Binds every import of `module` but the gate's own. @throws UserError for an import that the model does not know */
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
    case "builtin":
      return parseImportName(name).async ? undefined : builtin(meaning.builtin, host);
    case "copy":
      return copyBuiltin(meaning, plan, host);
    case "task.return":
      return taskReturn(meaning.func, host);
    case "call":
      return meaning.async ? asyncCall(meaning.func, host) : syncCall(meaning.func, host);
    case "resource":
      return resource(meaning, host);
    case undefined:
      return undefined;
  }
}

function builtin(name: string, host: ModelHost): CoreFunction | undefined {
  switch (name) {
    case "waitable-set.new":
      return () => host.newSet();
    case "waitable-set.wait":
      return (set: number, ptr: number) => host.wait(set, ptr >>> 0, false);
    case "waitable-set.poll":
      return (set: number, ptr: number) => host.wait(set, ptr >>> 0, true);
    case "waitable-set.drop":
      return (set: number) => {
        host.dropSet(set);
        return undefined;
      };
    case "waitable.join":
      return (handle: number, set: number) => {
        host.join(handle, set);
        return undefined;
      };
    case "subtask.cancel":
      return (handle: number) => cancelSubtask(handle, host);
    case "subtask.drop":
      return (handle: number) => {
        dropSubtask(handle, host);
        return undefined;
      };
    case "thread.yield":
      return () => host.pause();
    case "backpressure.inc":
    case "backpressure.dec":
      return () => undefined;
    default:
      return undefined;
  }
}

function copyBuiltin(
  meaning: CoreMeaning & { kind: "copy" },
  plan: Plan,
  host: ModelHost,
): CoreFunction | undefined {
  const [kind, verb] = meaning.builtin.split(".") as ["stream" | "future", string];
  const name = meaning.builtin;
  const element = plan.element(meaning.element);
  const what = streamName(meaning.func, meaning.index);
  const direction: Direction =
    verb === "read" || verb.endsWith("-read") || verb === "drop-readable" ? "read" : "write";
  const find = (handle: number): End => host.end(handle, kind, direction, name);
  switch (verb) {
    case "new":
      return () => host.newPair(kind, element, what);
    case "read":
    case "write":
      if (!meaning.async) return undefined;
      return kind === "stream"
        ? (handle: number, ptr: number, length: number) =>
            host.copy(find(handle), ptr >>> 0, length >>> 0, name)
        : (handle: number, ptr: number) => host.copy(find(handle), ptr >>> 0, 1, name);
    case "cancel-read":
    case "cancel-write":
      return meaning.async ? undefined : (handle: number) => host.cancel(find(handle), name);
    default:
      return (handle: number) => {
        host.drop(find(handle), name);
        return undefined;
      };
  }
}

function taskReturn(func: FunctionType, host: ModelHost): CoreFunction {
  const { result, name } = func;
  return (...args: CoreValue[]) => {
    host.note(`task.return of \`${name}\``, "");
    if (++host.returned > 1) throw host.broken("illegal-call", "task.return: the task has returned already");
    if (result !== null) {
      const [value] = host.passed("task.return", () =>
        liftValues(host.lifting, MAX_FLAT_PARAMS, new CoreValues(args), [result]),
      );
      host.requireResult(name, value!);
    }
    host.resources.requireNoBorrow();
    return undefined;
  };
}

function resource(
  { builtin: name, resource: meant }: CoreMeaning & { kind: "resource" },
  host: ModelHost,
): CoreFunction {
  const type = resourceKey(meant);
  switch (name) {
    case "resource.drop":
      return (handle: number) => {
        host.note(`resource.drop \`${type}\`, handle ${handle}`, "");
        host.resources.drop(handle, "resource.drop");
        return undefined;
      };
    case "resource.new":
      return (state: number) => {
        const handle = host.resources.addOwn(type, state);
        host.note(`resource.new \`${type}\``, `handle ${handle}`);
        return handle;
      };
    case "resource.rep":
      return (handle: number) => {
        host.note(`resource.rep \`${type}\`, handle ${handle}`, "");
        return host.resources.stateOf(handle, type, "resource.rep");
      };
  }
}

/** What the library announces, by the name of the hook. */
function announcement(name: string, host: ModelHost): CoreFunction | undefined {
  const { operations, arena } = host;
  const ask = (answer: (address: number, value: boolean, site: number) => void): CoreFunction => {
    return (address: number, value: number) => {
      answer.call(operations, address, value !== 0, host.site());
      return undefined;
    };
  };
  const tell = (hear: (address: number, value: number, site: number) => void): CoreFunction => {
    return (address: number, value: number) => {
      hear(address, value, host.site());
      return undefined;
    };
  };
  switch (name) {
    case "open":
      return (address: number, slotByteLength: number, handle: number) => {
        const entry = host.entry(handle);
        operations.open(address, slotByteLength, entry instanceof End ? entry : null, host.site());
        return undefined;
      };
    case "close":
      return tell((address, _, site) => {
        operations.close(address, site);
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
        operations.many(address, ptr, isHeld !== 0, host.site());
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
        operations.read(address, progress, max, host.site());
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
      return tell((ptr, byteLength, site) => {
        arena.region(ptr, byteLength, host.memory, site);
      });
    case "arena-reset":
      return tell((ptr, byteLength, site) => {
        arena.givenBack(ptr, byteLength, host.memory, site);
      });
    default:
      return answers(name, ask, host);
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
