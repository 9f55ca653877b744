/** What as-pect's own library imports, and the run of a spec's tests: `describe`, `it`, `expect`. */
import type { HostFunction } from "./scripted-host.js";
import type { GuestMemory } from "./guest-memory.js";
import { type ReflectedValue, shown } from "./reflected-value.js";
import { type Callback, Group, type SpecTest } from "./spec-tree.js";

/** How a test ended. */
export interface TestResult {
  /** Names of its groups, and its own. */
  readonly path: readonly string[];
  readonly outcome: "passed" | "failed" | "todo";
  /** Why it failed, in one or more lines. */
  readonly message?: string;
  /** Offsets into the module of the calls that led to the failure, the innermost first. */
  readonly offsets?: readonly number[];
  /** `FILE:LINE:COLUMN` of the `throw`; null when nothing was thrown. */
  readonly thrownAt?: string | null;
  /** What it logged. */
  readonly logs: readonly string[];
}

/** Told what happens, as it does. */
export interface SpecEvents {
  /** A test, or what is around tests, begins: it may never end. */
  begins(path: readonly string[]): void;
  ends(result: TestResult): void;
}

/** The exports of as-pect's library that are called. */
export interface AspectExports {
  _start(): void;
  __call(callback: Callback): void;
}

type Failure = Required<Pick<TestResult, "message" | "offsets" | "thrownAt">>;

/** The latest call of `abort`. */
interface Abort {
  readonly message: string;
  readonly place: string;
}

/** Runs the tests of one module. */
export class AspectHost {
  /** Set before `run`. */
  exports!: AspectExports;
  /** The import modules `__aspect` and `env`. */
  readonly imports: Record<string, Record<string, HostFunction>>;

  private group = new Group([], null, null);
  private readonly reflected: ReflectedValue[] = [];
  private expected: string | null = null;
  private actual: string | null = null;
  private aborted: Abort | null = null;
  private logs: string[] = [];

  /** @param isWanted whether a test of this name runs: its groups' names and its own, with blanks between */
  constructor(
    private readonly memory: GuestMemory,
    private readonly events: SpecEvents,
    private readonly isWanted: (name: string) => boolean,
  ) {
    this.imports = { __aspect: { ...this.declaring(), ...this.expecting(), ...this.reflecting() } };
    this.imports.env = {
      abort: (message, file, line, column) => this.abort(message!, file!, line!, column!),
      trace: (message, count, ...values) => {
        this.logs.push([memory.string(message!), ...values.slice(0, count)].join(" "));
        return undefined;
      },
    };
  }

  /** Collects and runs all tests. */
  run(): void {
    const file = this.group;
    this.events.begins([]);
    const failure = this.attempt(() => {
      this.exports._start();
    });
    if (failure) this.fail(["the file itself"], failure);
    else this.runGroup(file);
  }

  private runGroup(group: Group): void {
    this.group = group;
    const { callback, path } = group;
    if (callback !== null && !this.around(path, [callback], "describe")) return;
    for (const todo of group.todos.map((name) => [...path, name]))
      if (this.isWanted(todo.join(" "))) this.events.ends({ path: todo, outcome: "todo", logs: [] });
    if (!this.around(path, group.before, "beforeAll")) return;
    for (const child of group.children) {
      if (child instanceof Group) this.runGroup(child);
      else if (this.isWanted(child.path.join(" "))) this.runTest(child, group);
    }
    this.around(path, group.after, "afterAll");
  }

  /** Calls what belongs to no test of its own. @returns whether all went well */
  private around(path: readonly string[], callbacks: readonly Callback[], what: string): boolean {
    for (const callback of callbacks) {
      this.events.begins([...path, what]);
      const failure = this.call(callback);
      if (failure) this.fail([...path, what], failure);
      if (failure) return false;
    }
    return true;
  }

  private runTest({ path, callback, throws }: SpecTest, group: Group): void {
    this.events.begins(path);
    const failure =
      this.callAll(group.aroundEach("beforeEach")) ??
      (throws ? this.mustThrow(callback) : this.call(callback)) ??
      this.callAll(group.aroundEach("afterEach"));
    if (failure) this.fail(path, failure);
    else this.events.ends({ path, outcome: "passed", logs: this.takeLogs() });
  }

  private fail(path: readonly string[], failure: Failure): void {
    this.events.ends({ path, outcome: "failed", logs: this.takeLogs(), ...failure });
  }

  private takeLogs(): string[] {
    const { logs } = this;
    this.logs = [];
    return logs;
  }

  private callAll(callbacks: readonly Callback[]): Failure | null {
    for (const callback of callbacks) {
      const failure = this.call(callback);
      if (failure) return failure;
    }
    return null;
  }

  private mustThrow(callback: Callback): Failure | null {
    return this.call(callback) ? null : { message: "it did not throw", offsets: [], thrownAt: null };
  }

  private call(callback: Callback): Failure | null {
    return this.attempt(() => {
      this.exports.__call(callback);
    });
  }

  /** @returns why it did not come to its end */
  private attempt(action: () => void): Failure | null {
    this.expected = this.actual = this.aborted = null;
    try {
      action();
      return null;
    } catch (error) {
      const { message, stack = "" } = error as Error;
      const frames = [...stack.matchAll(/wasm-function\[\d+\]:0x([\da-f]+)/g)];
      const offsets = frames.map(([, hex]) => Number.parseInt(hex!, 16));
      return { message: this.reason(message), offsets, thrownAt: this.takeAbort()?.place ?? null };
    }
  }

  private reason(thrown: string): string {
    const { expected, actual } = this;
    const said = expected === null ? "" : `expected ${expected}${actual === null ? "" : `, got ${actual}`}`;
    return [this.aborted?.message ?? "", said].filter((text) => text !== "").join(": ") || thrown;
  }

  private takeAbort(): Abort | null {
    const { aborted } = this;
    this.aborted = null;
    return aborted;
  }

  private abort(message: number, file: number, line: number, column: number): never {
    const text = message === 0 ? "" : this.memory.string(message);
    const place = `${file === 0 ? "" : this.memory.string(file)}:${line}:${column}`;
    this.aborted = { message: text, place };
    throw new Error(text === "" ? `aborted at ${place}` : text);
  }

  /** `describe`, `it` and those around them. */
  private declaring(): Record<string, HostFunction> {
    const test = (name: number, callback: number, throws: boolean): undefined => {
      const path = [...this.group.path, this.memory.string(name)];
      this.group.children.push({ path, callback, throws });
    };
    const hook = (list: "before" | "beforeEach" | "afterEach" | "after"): HostFunction => {
      return (callback) => {
        this.group[list].push(callback!);
        return undefined;
      };
    };
    return {
      reportGroupTypeNode: (name, callback) => {
        const path = [...this.group.path, this.memory.string(name!)];
        this.group.children.push(new Group(path, callback!, this.group));
        return undefined;
      },
      reportTestTypeNode: (name, callback) => test(name!, callback!, false),
      reportNegatedTestNode: (name, callback) => test(name!, callback!, true),
      reportTodo: (name) => {
        this.group.todos.push(this.memory.string(name!));
        return undefined;
      },
      beforeAll: hook("before"),
      beforeEach: hook("beforeEach"),
      afterEach: hook("afterEach"),
      afterAll: hook("after"),
    };
  }

  /** `expect`, `log`. */
  private expecting(): Record<string, HostFunction> {
    const expect = (text: string | null): undefined => {
      this.expected = text;
    };
    const negated = (word: string) => (not: number | undefined) => expect(`${not ? "not " : ""}${word}`);
    return {
      tryCall: (callback) => {
        const { expected, actual } = this;
        const failure = this.call(callback!);
        this.expected = expected;
        this.actual = actual;
        return failure === null ? 1 : 0;
      },
      reportActualReflectedValue: (id) => {
        this.actual = shown(this.reflected[id!]!);
        return undefined;
      },
      reportExpectedReflectedValue: (id, not) => negated(shown(this.reflected[id!]!))(not),
      reportExpectedTruthy: negated("something true"),
      reportExpectedFalsy: negated("something false"),
      reportExpectedFinite: negated("a finite number"),
      reportExpectedSnapshot: () => {
        throw new Error("rill test keeps no snapshots: compare with toStrictEqual");
      },
      clearExpected: () => expect(null),
      clearActual: () => {
        this.actual = null;
        return undefined;
      },
      logReflectedValue: (id) => {
        this.logs.push(shown(this.reflected[id!]!));
        return undefined;
      },
      attachStackTraceToReflectedValue: () => undefined,
      debug: () => undefined,
    };
  }

  /** Values for messages. */
  private reflecting(): Record<string, HostFunction> {
    const add = (type: number, name: number, value: ReflectedValue["value"]): number => {
      const typeName = this.memory.string(name);
      const parts = { keys: [], values: [], hasKeys: false, hasValues: false };
      return this.reflected.push({ type, typeName, value, ...parts }) - 1;
    };
    return {
      createReflectedValue: (isNull, hasKeys, ...rest) => {
        const [, , pointer, , , type, , name, , hasValues] = rest;
        const value = isNull ? null : type === 2 ? this.memory.string(pointer!) : pointer!;
        const typeName = this.memory.string(name!);
        const flags = { hasKeys: hasKeys !== 0, hasValues: hasValues !== 0 };
        return this.reflected.push({ type: type!, typeName, value, keys: [], values: [], ...flags }) - 1;
      },
      createReflectedNumber: (_signed, _bytes, type, name, value) => add(type!, name!, value!),
      createReflectedLong: (signed, _bytes, type, name, low, high) => {
        const bits = (BigInt(high! >>> 0) << 32n) | BigInt(low! >>> 0);
        return add(type!, name!, String(signed ? BigInt.asIntN(64, bits) : bits));
      },
      pushReflectedObjectKey: (parent, key) => {
        this.reflected[parent!]!.keys.push(this.reflected[key!]!);
        return undefined;
      },
      pushReflectedObjectValue: (parent, value) => {
        this.reflected[parent!]!.values.push(this.reflected[value!]!);
        return undefined;
      },
    };
  }
}
