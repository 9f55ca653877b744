/**
 * `--imports FILE.mjs` and `--stub`: what answers the calls that a board, or a program of the C host, passes
 * on.
 */
import { UserError } from "../../errors/user-error.js";
import { droppedResource, ownUse } from "../../c-host/resource-numbers.js";
import type { Value } from "../../host/values/value.js";
import type { PackedFunction } from "../../pack/image-functions.js";
import type { FromImports, ImportsEnd, ToImports } from "../imports/messages.js";
import type { ImportedFunction } from "../imports/imported-function.js";
import { logLine } from "../imports/log-line.js";
import { type ImportsFlags, type ImportsPlan, missingText, openFile } from "../imports/open-imports.js";
import type { HandleType } from "../imports/js-values.js";
import { stubAnswer } from "../imports/stub-function.js";
import { zeroValue } from "../imports/zero-value.js";
import { FileStreams } from "./file-streams.js";
import { isEnd, type Pulled, pulledFrom } from "./held-items.js";
import { mapHandles } from "../calls/received.js";
import type { RemoteFunctions } from "./remote-guest.js";

/** The functions of a run. */
export interface OpenFunctions extends RemoteFunctions {
  /** What to write for functions that neither the firmware nor the file has. */
  missing(corePath: string, hashes: readonly number[]): string;
  /** Rejects when the file is at fault while no call waits for it. */
  readonly failure: Promise<never>;
  /** Ends the file's thread. */
  close(): Promise<void>;
}

/**
 * Opens the file of functions, if there is one.
 * @throws UserError when it does not load
 */
export async function openFunctions(
  packed: readonly PackedFunction[],
  { imports: file, stub = false }: ImportsFlags,
): Promise<OpenFunctions> {
  const functions = packed
    .filter(({ func }) => droppedResource(func) === null && ownUse(func) === null)
    .map(asImported);
  const opened = file === undefined ? null : await openFile(file, functions);
  const inFile = (id: string): boolean => opened !== null && !opened.missing.includes(id);
  return {
    ...boundFunctions({ stubbed: opened?.missing ?? [], end: opened?.end ?? null }),
    has: (hash) => {
      const found = packed.find((one) => one.hash === hash);
      if (found === undefined) return false;
      // Who makes a resource drops it.
      const isThere = droppedResource(found.func) === null ? inFile(found.id) : opened !== null;
      return stub || isThere;
    },
    missing: (corePath, hashes) =>
      missingText(
        corePath,
        file,
        packed
          .filter(
            ({ hash, id, func }) => hashes.includes(hash) && !inFile(id) && droppedResource(func) === null,
          )
          .map(asImported),
      ),
    close: () => opened?.close() ?? Promise.resolve(),
  };
}

/** What a guest's imports are bound to. */
export type BoundFunctions = Pick<OpenFunctions, "has" | "call" | "drop" | "failure">;

/** Functions of a file, and stubs of the others. */
export function boundFunctions({ stubbed, end }: Pick<ImportsPlan, "stubbed" | "end">): BoundFunctions {
  const failure = failing();
  const calls = end === null ? null : new FileCalls(end, failure.fail);
  return {
    has: () => true,
    call: (wanted, args) =>
      calls === null || stubbed.includes(wanted.id) ? stubAnswers(wanted, args) : calls.call(wanted, args),
    drop: (representation) => calls?.drop(representation as number),
    failure: failure.rejects,
  };
}

/** A promise that never resolves, and what rejects it. */
function failing(): { readonly rejects: Promise<never>; readonly fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => undefined;
  const rejects = new Promise<never>((_, reject) => {
    fail = reject;
  });
  rejects.catch(() => undefined);
  return { rejects, fail };
}

/** What `--stub` answers: nobody reads what the guest writes. */
function stubAnswers(wanted: PackedFunction, args: readonly Value[]): Promise<Value> {
  const answer = stubAnswer(asImported(wanted), args, logLine, zeroHandle);
  args.forEach((arg, index) =>
    mapHandles(wanted.func.params[index]!.type, arg, (type, value) => {
      if (isEnd(type)) (value as unknown as Pulled).leave();
      return value;
    }),
  );
  return Promise.resolve(answer);
}

let lastRepresentation = 0;

/** The zero of a handle: a stream of nothing, a future of zero, a resource of its own. */
function zeroHandle(type: HandleType): Value {
  if (!isEnd(type)) return ++lastRepresentation;
  const items =
    type.kind === "stream" ? [] : [type.element === null ? null : zeroValue(type.element, zeroHandle)];
  return pulledFrom(items) as unknown as Value;
}

function asImported({ id, func }: PackedFunction): ImportedFunction {
  return { id, owner: id.includes("#") ? id.slice(0, id.indexOf("#")) : "", func };
}

/** Calls of the file's functions, in its thread. */
class FileCalls {
  private last = 0;
  private readonly open = new Map<number, { done(value: Value): void; fail(error: unknown): void }>();
  private readonly streams: FileStreams;

  /** @param failed is told of what the file does wrong while nobody waits for it */
  constructor(
    private readonly end: ImportsEnd,
    private readonly failed: (error: unknown) => void,
  ) {
    this.streams = new FileStreams((message) => {
      this.send(message);
    }, failed);
    end.port.on("message", (message: FromImports) => {
      if (message.kind === "failed") this.fail(new UserError(message.message));
      else if (message.kind === "returned") {
        this.open.get(message.call)?.done(message.value);
        this.open.delete(message.call);
      } else this.streams.take(message);
    });
    this.send({ kind: "begin" });
  }

  call({ id, func }: PackedFunction, args: readonly Value[]): Promise<Value> {
    const call = ++this.last;
    const given = args.map((arg, index) => this.streams.toFile(func.params[index]!.type, arg));
    const answer = new Promise<Value>((done, fail) => {
      this.open.set(call, { done, fail });
      this.send({ kind: "call", call, id, args: given });
    });
    const { result } = func;
    return result === null ? answer : answer.then((value) => this.streams.fromFile(result, value));
  }

  private fail(error: UserError): void {
    if (this.open.size === 0) this.failed(error);
    for (const { fail } of this.open.values()) fail(error);
    this.open.clear();
  }

  drop(representation: number): void {
    this.send({ kind: "drop", representation });
  }

  private send(message: ToImports): void {
    this.end.port.postMessage(message);
  }
}
