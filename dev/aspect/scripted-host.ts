/**
 * The host of the library's unit tests: answers the canonical built-ins as the spec under test has scripted
 * them, writes down every call, and throws where the Component Model traps or where the script has no answer.
 *
 * A spec drives it through `tests/unit/host/script.ts`. Any import that is not as-pect's own is answered
 * here, so a spec declares whatever built-ins it needs under any interface name.
 */
import type { ASUtil } from "@assemblyscript/loader";
import { parseImportName } from "../../tools/wit/canonical-names.js";
import { ScriptedEnd } from "./scripted-end.js";

const BLOCKED = 0xffff_ffff;
const DROPPED = 1;
/** The longest item that a spec can look at after the host took it. */
const TAKEN_BYTES = 256;

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

interface Call {
  readonly builtin: string;
  readonly args: readonly number[];
}

/** The module's exports with what @assemblyscript/loader adds to them: as-pect instantiates with it. */
type LoaderExports = ASUtil & {
  readonly memory: WebAssembly.Memory;
  /** The allocator, of specs that have one. */
  cabi_realloc?(ptr: number, oldLength: number, alignment: number, newLength: number): number;
};

type HostFunction = (...args: number[]) => number | bigint | undefined;

/** One scripted host, for one spec file. Set `exports` before any test runs. */
export class ScriptedHost {
  /** The instance's exports; the imports look at them only when they are called. */
  exports!: LoaderExports;
  /** The import object: every import of the module that is not as-pect's or AssemblyScript's own. */
  readonly imports: Record<string, Record<string, HostFunction>> = {};

  private answers = new Map<string, Answer[]>();
  private events: ScriptedEvent[] = [];
  private ends = new Map<number, ScriptedEnd>();
  private calls: Call[] = [];
  private taken: Uint8Array<ArrayBuffer>[] = [];
  private latest: Answer | ScriptedEvent | null = null;
  private nextHandle = 1;

  /** A host with an answer to each import of the module in `binary`. */
  static async forModule(binary: Uint8Array<ArrayBuffer>): Promise<ScriptedHost> {
    const host = new ScriptedHost();
    const own = new Set(["env", "__aspect", "rtrace", "script"]);
    for (const { module, name, kind } of WebAssembly.Module.imports(await WebAssembly.compile(binary))) {
      if (kind !== "function" || own.has(module)) continue;
      const { builtin, subject } = parseImportName(name);
      (host.imports[module] ??= {})[name] = (...args) => host.call(builtin ?? subject!, args);
    }
    host.imports.script = host.script();
    return host;
  }

  /** The functions behind `tests/unit/host/script.ts`. */
  private script(): Record<string, HostFunction> {
    return {
      reset: () => this.reset(),
      answer: (name, low, high) => this.answer(this.exports.__getString(name!), low!, high!),
      event: (code, handle, payload) => this.event(code!, handle!, payload! >>> 0),
      bring: (item) => this.bring(new Uint8Array(this.exports.__getArrayBuffer(item!))),
      lower: (byteLength) => this.lower(byteLength!),
      taken: (index) => this.exports.__newArrayBuffer(this.takenItem(index!)),
      takenCount: () => this.taken.length,
      calls: () => this.exports.__newString(this.calls.map((call) => call.builtin).join(" ")),
      argument: (call, index) =>
        this.calls[call!]?.args[index!] ?? fail(`no argument ${index} in call ${call}`),
      unused: () => this.unused(),
    };
  }

  private reset(): undefined {
    this.answers.clear();
    this.events = [];
    this.ends.clear();
    this.calls = [];
    this.taken = [];
    this.latest = null;
    this.nextHandle = 1;
  }

  private answer(builtin: string, low: number, high: number): undefined {
    const result = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    const answer: Answer = { result, item: null };
    const queue = this.answers.get(builtin) ?? [];
    this.answers.set(builtin, [...queue, answer]);
    this.latest = answer;
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

  private takenItem(index: number): ArrayBuffer {
    return this.taken[index]?.buffer ?? fail(`${this.taken.length} items were taken, not ${index + 1}`);
  }

  /** Answers and events that were scripted and never asked for. */
  private unused(): number {
    return this.events.length + [...this.answers.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  private call(builtin: string, args: number[]): number | bigint | undefined {
    this.calls.push({ builtin, args });
    const [handle = 0, ptr = 0] = args;
    switch (builtin) {
      case "stream.read":
      case "future.read":
        return this.start(builtin, handle, { ptr, writes: false });
      case "stream.write":
      case "future.write":
        return this.start(builtin, handle, { ptr, writes: true });
      case "stream.cancel-read":
      case "stream.cancel-write":
      case "future.cancel-read":
      case "future.cancel-write":
        return this.cancel(builtin, handle);
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
        return this.wait(ptr, () => fail("trap: waitable-set.wait: nothing can ever happen"));
      case "waitable-set.poll":
        return this.wait(ptr, () => ({ code: 0, handle: 0, payload: 0, item: null }));
      case "waitable-set.new":
        return Number(this.scripted(builtin)?.result ?? this.nextHandle++);
      case "thread.yield":
        return Number(this.scripted(builtin)?.result ?? 0);
      case "task.return":
      case "waitable.join":
      case "waitable-set.drop":
      case "subtask.drop":
      case "backpressure.inc":
      case "backpressure.dec":
        return undefined;
      default:
        return Number(BigInt.asIntN(32, this.mustBeScripted(builtin).result));
    }
  }

  private start(builtin: string, handle: number, copy: { ptr: number; writes: boolean }): number {
    const end = this.end(handle);
    end.start(builtin);
    const { result, item } = this.mustBeScripted(builtin);
    const packed = Number(result);
    if (packed === BLOCKED) end.lend(copy);
    else this.settle(end, builtin, copy, packed, item);
    return packed;
  }

  private cancel(builtin: string, handle: number): number {
    const end = this.end(handle);
    const { result, item } = this.mustBeScripted(builtin);
    this.settle(end, builtin, end.giveBack(builtin), Number(result), item);
    return Number(result);
  }

  private wait(ptr: number, otherwise: () => ScriptedEvent): number {
    const event = this.events.shift() ?? otherwise();
    const copyEvents = ["", "", "stream.read", "stream.write", "future.read", "future.write"];
    const builtin = copyEvents[event.code];
    if (builtin) {
      const end = this.end(event.handle);
      this.settle(end, builtin, end.giveBack("event"), event.payload, event.item);
    }
    new DataView(this.exports.memory.buffer).setUint32(ptr, event.handle, true);
    new DataView(this.exports.memory.buffer).setUint32(ptr + 4, event.payload, true);
    if (event.lowers !== undefined) this.exports.cabi_realloc!(0, 0, 1, event.lowers);
    return event.code;
  }

  /** Ends a copy: the item goes into or comes out of the lent buffer now, not when the copy began. */
  private settle(
    end: ScriptedEnd,
    builtin: string,
    copy: { ptr: number; writes: boolean },
    packed: number,
    item: Uint8Array | null,
  ): void {
    const copied = builtin.startsWith("stream.") ? packed >> 4 > 0 : packed === 0;
    if (copied && copy.writes) this.taken.push(this.bytes(copy.ptr, TAKEN_BYTES));
    if (copied && !copy.writes && item !== null) this.memory().set(item, copy.ptr);
    const isValue = copied && builtin.startsWith("future.");
    if (isValue || (packed & 15) === DROPPED) end.finish();
  }

  private end(handle: number): ScriptedEnd {
    const end = this.ends.get(handle) ?? new ScriptedEnd(handle);
    this.ends.set(handle, end);
    return end;
  }

  private newPair(): bigint {
    const readable = this.nextHandle++;
    return (BigInt(this.nextHandle++) << 32n) | BigInt(readable);
  }

  private scripted(builtin: string): Answer | undefined {
    return this.answers.get(builtin)?.shift();
  }

  private mustBeScripted(builtin: string): Answer {
    return this.scripted(builtin) ?? fail(`${builtin} was called and the script has no answer left for it`);
  }

  /** A copy of guest memory, cut off at its end. */
  private bytes(ptr: number, byteLength: number): Uint8Array<ArrayBuffer> {
    return this.memory().slice(ptr, ptr + byteLength);
  }

  private memory(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }
}

function fail(message: string): never {
  throw new Error(message);
}
