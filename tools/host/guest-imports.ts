/** The import object of a guest: a JavaScript function for every import of its core module, and no other. */
import { InstanceHandles } from "./calls/instance-handles.js";
import { UserError } from "../errors/user-error.js";
import type { World } from "../wit/model.js";
import { copyCancel, copyDrop, copyNew, copyStart } from "./built-ins/copy-built-ins.js";
import type { ComponentInstance } from "./tasks/component-instance.js";
import {
  errorContextDebugMessage,
  errorContextDrop,
  errorContextNew,
} from "./built-ins/error-context-built-ins.js";
import type { CoreValue } from "./values/flat.js";
import { parseImport, type ImportedItem, type PlainBuiltIn } from "./import-names.js";
import type { StringEncoding } from "../wit/string-encoding.js";
import { LiftLowerContext, type LiftLowerOptions } from "./values/lift-lower-context.js";
import { callImport, type HostFunction } from "./calls/lower.js";
import { resourceDrop, resourceNew, resourceRep } from "./tasks/resource.js";
import * as task from "./built-ins/task-built-ins.js";
import * as waitable from "./built-ins/waitable-built-ins.js";
import type { ChooseEvent } from "./tasks/waitable-set.js";

/** What the imports of a guest work on. */
export interface ImportEnvironment {
  readonly world: World;
  readonly instance: ComponentInstance;
  /** The guest's memory and allocator; asked at each call, as they are not there before the guest is. */
  readonly options: LiftLowerOptions;
  /** The host's functions by `interface#function`, or `function` for those of the world itself. */
  readonly functions: ReadonlyMap<string, HostFunction>;
  readonly chooseEvent: ChooseEvent | undefined;
}

/** A function that core code calls. */
export type CoreImport = (...args: CoreValue[]) => CoreValue | undefined;

/**
 * The JavaScript function behind one import.
 * @throws UserError naming the import, when the name is unknown or the host has no such function
 */
export function bindImport(env: ImportEnvironment, moduleName: string, name: string): CoreImport {
  const item = parseImport(env.world, moduleName, name);
  if (item === null) {
    throw new UserError(
      `the module imports "${moduleName}" "${name}", which is neither a built-in of this host nor a function of world ${env.world.id}`,
    );
  }
  return bind(env, item, `"${moduleName}" "${name}"`);
}

function bind(env: ImportEnvironment, item: ImportedItem, label: string): CoreImport {
  const { instance, options } = env;
  switch (item.kind) {
    case "function":
      return bindFunction(env, item, label);
    case "task.return": {
      const { result } = item.func;
      return (...args) => void task.taskReturn(instance, options, result, args);
    }
    case "copy-new":
      return () => copyNew(instance, item.target.kind, item.target.elementType);
    case "copy-start":
      return bindCopy(env, item);
    case "copy-cancel":
      return (handle) => copyCancel(instance, item.target, item.async, u32(handle));
    case "copy-drop":
      return (handle) => void copyDrop(instance, item.target, u32(handle));
    case "resource.new":
      return (rep) => resourceNew(instance, instance.resourceType(item.resource), u32(rep));
    case "resource.rep":
      return (handle) => resourceRep(instance, instance.resourceType(item.resource), u32(handle));
    case "resource.drop":
      return (handle) => void resourceDrop(instance, instance.resourceType(item.resource), u32(handle));
    case "error-context.new":
      return (ptr, length) =>
        errorContextNew(instance, errorContext(env, item.encoding), u32(ptr), u32(length));
    case "error-context.debug-message":
      return (handle, ptr) =>
        void errorContextDebugMessage(instance, errorContext(env, item.encoding), u32(handle), u32(ptr));
    case "context.get":
      return () => task.contextGet(instance, item.slot);
    case "context.set":
      return (value) => void task.contextSet(instance, item.slot, u32(value));
    default:
      return bindPlain(env, item);
  }
}

/** Error contexts name their own string encoding. */
function errorContext({ instance, options }: ImportEnvironment, encoding: StringEncoding): LiftLowerContext {
  const { memory, realloc } = options;
  return new LiftLowerContext({ encoding, memory, realloc }, new InstanceHandles(instance));
}

function bindFunction(
  env: ImportEnvironment,
  item: ImportedItem & { kind: "function" },
  label: string,
): CoreImport {
  const callee = env.functions.get(item.id);
  if (callee === undefined)
    throw new UserError(`the module imports ${label}, and the host has no function ${item.id}`);
  const func = { type: item.func, options: env.options, async: item.async, callee };
  return (...args) => callImport(env.instance, func, args)[0];
}

function bindCopy(env: ImportEnvironment, item: ImportedItem & { kind: "copy-start" }): CoreImport {
  const { instance } = env;
  const base = env.options;
  const options = {
    async: item.async,
    get encoding() {
      return base.encoding;
    },
    get memory() {
      return base.memory;
    },
    get realloc() {
      return base.realloc;
    },
  };
  const isFuture = item.target.kind === "future";
  return (handle, ptr, length) =>
    copyStart(instance, item.target, options, u32(handle), {
      ptr: u32(ptr),
      length: isFuture ? 1 : u32(length),
    });
}

function bindPlain(env: ImportEnvironment, item: ImportedItem & { kind: PlainBuiltIn }): CoreImport {
  const { instance, options, chooseEvent } = env;
  const { async, cancellable } = item;
  switch (item.kind) {
    case "waitable-set.new":
      return () => waitable.waitableSetNew(instance, chooseEvent);
    case "waitable-set.wait":
      return (set, ptr) => waitable.waitableSetWait(instance, options, cancellable, u32(set), u32(ptr));
    case "waitable-set.poll":
      return (set, ptr) => waitable.waitableSetPoll(instance, options, cancellable, u32(set), u32(ptr));
    case "waitable-set.drop":
      return (set) => void waitable.waitableSetDrop(instance, u32(set));
    case "waitable.join":
      return (handle, set) => void waitable.waitableJoin(instance, u32(handle), u32(set));
    case "subtask.cancel":
      return (handle) => waitable.subtaskCancel(instance, async, u32(handle));
    case "subtask.drop":
      return (handle) => void waitable.subtaskDrop(instance, u32(handle));
    case "task.cancel":
      return () => void task.taskCancel(instance);
    case "backpressure.inc":
      return () => void task.backpressureInc(instance);
    case "backpressure.dec":
      return () => void task.backpressureDec(instance);
    case "thread.yield":
      return () => task.threadYield(instance, cancellable);
    case "error-context.drop":
      return (handle) => void errorContextDrop(instance, u32(handle));
  }
}

function u32(value: CoreValue | undefined): number {
  return Number(value) >>> 0;
}
