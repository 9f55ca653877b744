/**
 * The host of a spec: answers the canonical built-ins and the imported functions as the spec has scripted
 * them, writes down every call, and throws where the Component Model traps or where the script has no answer.
 *
 * A spec drives it through `as-rill/spec`. Any import that is not as-pect's or AssemblyScript's own is
 * answered here, so a spec may declare whatever built-ins it needs under any interface's name.
 */
import { parseImportName } from "../wit/canonical-names.js";
import type { FunctionSignature } from "../wasm/core-module.js";
import { readModule } from "../wasm/read-module.js";
import { type GuestMemory, toUtf16 } from "./guest-memory.js";
import { ITEM_BYTES, Peers } from "./peers.js";
import { type Copy, ScriptedEnd } from "./scripted-end.js";

const BLOCKED = 0xffff_ffff;
const DROPPED = 1;
/** Spec: CanonicalABI.md, Subtask.State. */
const STARTED = 1;
const RETURNED = 2;
/** Built-ins of which an event tells, by its code. Spec: CanonicalABI.md, EventCode. */
const EVENTS = ["", "subtask", "stream.read", "stream.write", "future.read", "future.write"];

interface Answer {
  readonly result: bigint;
  item: Uint8Array | null;
}

interface ScriptedEvent {
  readonly code: number;
  readonly handle: number;
  readonly payload: number;
  item: Uint8Array | null;
  /** Bytes that the host takes from the guest's allocator when it has told the event. */
  lowers?: number;
}

/** What an imported function returns, and after how many turns. */
interface Return {
  readonly bytes: Uint8Array;
  readonly turns: number;
}

interface Call {
  readonly name: string;
  readonly args: readonly number[];
  /** The memory that each argument would name if it and the next were a string. */
  readonly named: readonly Uint8Array[];
}

type Result = number | bigint | undefined;
/** A function of the import object. */
export type HostFunction = (...args: number[]) => Result;

/** Import modules that are as-pect's, AssemblyScript's or the script's. */
const OWN = new Set(["env", "__aspect", "rtrace", "script"]);

/** One scripted host, for one file of specs. */
export class ScriptedHost {
  /** The import object: every import of the module that is not as-pect's or AssemblyScript's own. */
  readonly imports: Record<string, Record<string, HostFunction>> = {};

  private answers = new Map<string, Answer[]>();
  private returns = new Map<string, Return[]>();
  private events: ScriptedEvent[] = [];
  private ends = new Map<number, ScriptedEnd>();
  private calls: Call[] = [];
  private taken: Uint8Array[] = [];
  private latest: Answer | ScriptedEvent | null = null;
  private peers: Peers;
  private resources = new Map<number, number>();
  private nextHandle = 1;

  /** A host with an answer to each import of the module in `binary`. */
  constructor(
    binary: Uint8Array,
    private readonly memory: GuestMemory,
  ) {
    this.peers = new Peers(memory);
    const { imports, types } = readModule(binary);
    for (const { module, field, kind, typeIndex } of imports) {
      if (kind !== "func" || OWN.has(module)) continue;
      const { builtin, subject, async = false } = parseImportName(field);
      const signature = types[typeIndex!]!.signature!;
      const name = builtin ?? subject!;
      (this.imports[module] ??= {})[field] =
        builtin === null
          ? (...args) => this.callFunction(name, args, async, signature)
          : (...args) => this.callBuiltin(name, args);
    }
    this.imports.script = this.script();
  }

  /** The functions behind `as-rill/spec`. */
  private script(): Record<string, HostFunction> {
    const { memory } = this;
    const copyTo = (ptr: number, bytes: Uint8Array, most = bytes.length): undefined => {
      memory.write(ptr, bytes.subarray(0, most));
    };
    return {
      reset: () => this.reset(),
      answer: (name, low, high) => this.answer(memory.string(name!), low!, high!),
      returns: (name, ptr, byteLength, turns) =>
        this.addReturn(memory.string(name!), { bytes: memory.copy(ptr!, byteLength!), turns: turns! }),
      event: (code, handle, payload) => this.event(code!, handle!, payload! >>> 0),
      bring: (ptr, byteLength) => this.bring(memory.copy(ptr!, byteLength!)),
      lower: (byteLength) => this.lower(byteLength!),
      takenCount: () => this.taken.length,
      taken: (index, ptr, byteLength) => copyTo(ptr!, this.takenItem(index!), byteLength),
      callsLength: () => this.callNames().length,
      calls: (ptr) => copyTo(ptr!, this.callNames()),
      argument: (call, index) =>
        Number(this.calls[call!]?.args[index!] ?? fail(`no argument ${index} in call ${call}`)),
      textLength: (call, index) => this.text(call!, index!).length,
      text: (call, index, ptr) => copyTo(ptr!, this.text(call!, index!)),
      lastCall: (name) => this.lastCall(memory.string(name!)),
      unused: () => this.unused(),
      ...this.peerScript(copyTo),
    };
  }

  /** Those of readers and writers. */
  private peerScript(
    copyTo: (ptr: number, bytes: Uint8Array, most?: number) => undefined,
  ): Record<string, HostFunction> {
    const { memory } = this;
    const step = (...[end, what]: Parameters<Peers["addStep"]>): undefined => {
      this.peers.addStep(end, what);
    };
    return {
      block: (blocks) => {
        this.peers.blocks = blocks !== 0;
        return undefined;
      },
      writer: () => {
        this.peers.addWriter(this.nextHandle);
        return this.nextHandle++;
      },
      give: (end, ptr, byteLength) => step(end!, { kind: "item", bytes: memory.copy(ptr!, byteLength!) }),
      giveBlock: (end, ptr, byteLength, length) =>
        step(end!, { kind: "block", block: { bytes: memory.copy(ptr!, byteLength!), length: length! } }),
      later: (end, turns) => step(end!, { kind: "later", turns: turns! }),
      drop: (end) => step(end!, { kind: "drop" }),
      reader: (take) => this.peers.addReader(take!),
      readCount: (reader) => this.peers.items(reader!).length,
      read: (reader, index, ptr, byteLength) => {
        const { bytes, place } = this.item(reader!, index!);
        return copyTo(ptr!, bytes.subarray(place * byteLength!), byteLength);
      },
      readBlockLength: (reader, index, width) => this.item(reader!, index!).length * width!,
      readBlock: (reader, index, ptr, byteLength) =>
        copyTo(ptr!, this.item(reader!, index!).named, byteLength),
      isGone: (end) => Number(this.end(end!).isGone),
      isReaderGone: (reader) => {
        const end = this.peers.endOf(reader!);
        return Number(end !== null && this.end(end).isGone);
      },
    };
  }

  private reset(): undefined {
    this.answers.clear();
    this.returns.clear();
    this.events = [];
    this.ends.clear();
    this.calls = [];
    this.taken = [];
    this.latest = null;
    this.peers = new Peers(this.memory);
    this.resources.clear();
    this.nextHandle = 1;
  }

  private answer(name: string, low: number, high: number): undefined {
    const answer: Answer = { result: (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0), item: null };
    enqueue(this.answers, name, answer);
    this.latest = answer;
  }

  private addReturn(name: string, value: Return): undefined {
    enqueue(this.returns, name, value);
  }

  private event(code: number, handle: number, payload: number): undefined {
    const event: ScriptedEvent = { code, handle, payload, item: null };
    this.events.push(event);
    this.latest = event;
  }

  private bring(item: Uint8Array): undefined {
    if (this.latest === null) fail("nothing is scripted yet that could bring an item");
    this.latest!.item = item;
  }

  private lower(byteLength: number): undefined {
    const event =
      this.events.at(-1) ?? fail("no event is scripted yet that something could be lowered after");
    event.lowers = byteLength;
  }

  private takenItem(index: number): Uint8Array {
    return this.taken[index] ?? fail(`${this.taken.length} items were taken, not ${index + 1}`);
  }

  private item(reader: number, index: number): ReturnType<Peers["items"]>[number] {
    const items = this.peers.items(reader);
    return items[index] ?? fail(`this reader has read ${items.length} items, not ${index + 1}`);
  }

  private callNames(): Uint8Array {
    return toUtf16(this.calls.map(({ name }) => name).join(" "));
  }

  private text(call: number, index: number): Uint8Array {
    const { args, named } = this.calls[call] ?? fail(`${this.calls.length} calls were made, not ${call + 1}`);
    return named[index]!.subarray(0, (args[index + 1] ?? 0) * 2);
  }

  private lastCall(name: string): number {
    return this.calls.findLastIndex((call) => call.name === name);
  }

  /** Answers and events that were scripted and never asked for. */
  private unused(): number {
    const queues = [...this.answers.values(), ...this.returns.values()];
    return this.events.length + queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  private note(name: string, args: number[]): void {
    const named = args.map((ptr, index) => this.memory.copy(Number(ptr), Number(args[index + 1] ?? 0) * 2));
    this.calls.push({ name, args, named });
  }

  /** A function that the host implements. */
  private callFunction(name: string, args: number[], async: boolean, { results }: FunctionSignature): Result {
    this.note(name, args);
    const scripted = this.answers.get(name)?.shift();
    if (scripted) return asResult(scripted.result, results[0]);
    const value = this.returns.get(name)?.shift();
    if (!value) {
      if (results.length === 0) return undefined;
      return fail(`${name} was called and the script has no answer left for it: host.returns("${name}")`);
    }
    const { bytes, turns } = value;
    const result = { ptr: args.at(-1) ?? 0, bytes };
    if (async && turns > 0) {
      const handle = this.nextHandle++;
      this.peers.beginCall(handle, turns, result);
      return (handle << 4) | STARTED;
    }
    if (async || results.length === 0) {
      if (bytes.length > 0) this.memory.write(result.ptr, bytes);
      return async ? RETURNED : undefined;
    }
    return flat(bytes, results[0]!);
  }

  private callBuiltin(builtin: string, args: number[]): Result {
    this.note(builtin, args);
    const [handle = 0, ptr = 0, length = 1] = args;
    const isFuture = builtin.startsWith("future.");
    switch (builtin) {
      case "stream.read":
      case "future.read":
        return this.start(builtin, handle, { ptr, writes: false, length, isFuture });
      case "stream.write":
      case "future.write":
        return this.start(builtin, handle, { ptr, writes: true, length, isFuture });
      case "stream.cancel-read":
      case "stream.cancel-write":
      case "future.cancel-read":
      case "future.cancel-write":
        return this.cancel(builtin, handle);
      case "subtask.cancel":
        return this.peers.cancel(handle) ?? Number(this.mustBeScripted(builtin).result);
      case "stream.drop-readable":
      case "stream.drop-writable":
      case "future.drop-readable":
      case "future.drop-writable":
        this.end(handle).drop(builtin);
        return undefined;
      case "stream.new":
      case "future.new":
        return this.scripted(builtin)?.result ?? this.newPair();
      case "waitable-set.wait":
        return this.wait(handle, ptr, () => fail("trap: waitable-set.wait: nothing can ever happen"));
      case "waitable-set.poll":
        return this.wait(handle, ptr, () => ({ code: 0, handle: 0, payload: 0, item: null }), false);
      case "waitable-set.new":
        return Number(this.scripted(builtin)?.result ?? this.nextHandle++);
      case "waitable.join":
        this.peers.join(handle, ptr);
        return undefined;
      case "thread.yield":
        this.peers.pause();
        return Number(this.scripted(builtin)?.result ?? 0);
      case "resource.new":
        this.resources.set(this.nextHandle, handle);
        return this.nextHandle++;
      case "resource.rep":
        return this.resources.get(handle) ?? fail(`trap: resource.rep: there is no resource ${handle}`);
      case "task.return":
      case "task.cancel":
      case "waitable-set.drop":
      case "subtask.drop":
      case "resource.drop":
      case "backpressure.inc":
      case "backpressure.dec":
        return undefined;
      default:
        return Number(BigInt.asIntN(32, this.mustBeScripted(builtin).result));
    }
  }

  private start(builtin: string, handle: number, copy: Copy): number {
    const end = this.end(handle);
    end.start(builtin);
    if (!this.hasAnswer(builtin) && this.peers.has(handle)) {
      const result = this.peers.begin(handle, builtin, copy);
      if (result === null) end.lend(copy);
      else this.finish(end, builtin, result);
      return result ?? BLOCKED;
    }
    const { result, item } = this.mustBeScripted(builtin);
    const packed = Number(result);
    if (packed === BLOCKED) end.lend(copy);
    else this.settle(end, builtin, copy, packed, item);
    return packed;
  }

  private cancel(builtin: string, handle: number): number {
    const end = this.end(handle);
    const cancelled = this.hasAnswer(builtin) ? null : this.peers.cancel(handle);
    if (cancelled !== null) {
      end.giveBack(builtin);
      return cancelled;
    }
    const { result, item } = this.mustBeScripted(builtin);
    this.settle(end, builtin, end.giveBack(builtin), Number(result), item);
    return Number(result);
  }

  private wait(set: number, ptr: number, otherwise: () => ScriptedEvent, waits = true): number {
    const event = this.events.shift();
    const happened = event ? null : this.peers.next(set, waits);
    if (happened) {
      const { handle, builtin, payload } = happened;
      if (builtin !== "subtask") {
        const end = this.end(handle);
        end.giveBack("event");
        this.finish(end, builtin, payload);
      }
      this.memory.writeWords(ptr, handle, payload);
      return EVENTS.indexOf(builtin);
    }
    return this.tell(event ?? otherwise(), ptr);
  }

  private tell({ code, handle, payload, item, lowers }: ScriptedEvent, ptr: number): number {
    const builtin = code > 1 ? EVENTS[code] : undefined;
    if (builtin) {
      const end = this.end(handle);
      this.settle(end, builtin, end.giveBack("event"), payload, item);
    }
    this.memory.writeWords(ptr, handle, payload);
    if (lowers !== undefined) this.memory.lower(new Uint8Array(lowers), 1);
    return code;
  }

  /** Ends a copy: the item goes into or comes out of the lent buffer now, not when the copy began. */
  private settle(
    end: ScriptedEnd,
    builtin: string,
    copy: Copy,
    packed: number,
    item: Uint8Array | null,
  ): void {
    const copied = copy.isFuture ? packed === 0 : packed >> 4 > 0;
    if (copied && copy.writes) this.taken.push(this.memory.copy(copy.ptr, ITEM_BYTES));
    if (copied && !copy.writes && item !== null) this.memory.write(copy.ptr, item);
    this.finish(end, builtin, packed);
  }

  /** Notes what an end may do after this result. */
  private finish(end: ScriptedEnd, builtin: string, packed: number): void {
    const isValue = builtin.startsWith("future.") && packed === 0;
    if (isValue || (packed & 15) === DROPPED) end.finish();
  }

  private end(handle: number): ScriptedEnd {
    const end = this.ends.get(handle) ?? new ScriptedEnd(handle);
    this.ends.set(handle, end);
    return end;
  }

  private newPair(): bigint {
    const readable = this.nextHandle++;
    const writable = this.nextHandle++;
    this.peers.made(writable);
    return (BigInt(writable) << 32n) | BigInt(readable);
  }

  private hasAnswer(builtin: string): boolean {
    return (this.answers.get(builtin)?.length ?? 0) > 0;
  }

  private scripted(builtin: string): Answer | undefined {
    return this.answers.get(builtin)?.shift();
  }

  private mustBeScripted(builtin: string): Answer {
    return this.scripted(builtin) ?? fail(`${builtin} was called and the script has no answer left for it`);
  }
}

function enqueue<T>(queues: Map<string, T[]>, name: string, value: T): void {
  queues.set(name, [...(queues.get(name) ?? []), value]);
}

/** An answer as a result of the type. */
function asResult(result: bigint, type: string | undefined): Result {
  if (type === undefined) return undefined;
  return type === "i64" ? result : Number(BigInt.asIntN(32, result));
}

/** The first bytes as a value of the type. */
function flat(bytes: Uint8Array, type: string): Result {
  const view = new DataView(new ArrayBuffer(8));
  new Uint8Array(view.buffer).set(bytes.subarray(0, 8));
  if (type === "i64") return view.getBigInt64(0, true);
  if (type === "f64") return view.getFloat64(0, true);
  return type === "f32" ? view.getFloat32(0, true) : view.getInt32(0, true);
}

function fail(message: string): never {
  throw new Error(message);
}
