/** `rill flash --imports FILE.mjs` and `--stub`: what answers the calls that a board's firmware passes on. */
import { UserError } from "../errors/user-error.js";
import { droppedResource, ownUse } from "../c-host/resource-numbers.js";
import type { Value } from "../host/values/value.js";
import type { PackedFunction } from "../pack/image-functions.js";
import type { FromImports, ImportsEnd, ToImports } from "../run/imports/messages.js";
import type { ImportedFunction } from "../run/imports/imported-function.js";
import { logLine } from "../run/imports/log-line.js";
import { type ImportsFlags, missingText, openFile } from "../run/imports/open-imports.js";
import { stubAnswer } from "../run/imports/stub-function.js";
import type { BoardFunctions } from "./remote-guest.js";

/** The functions of a run. */
export interface OpenFunctions extends BoardFunctions {
  /** What to write for functions that neither the firmware nor the file has. */
  missing(corePath: string, hashes: readonly number[]): string;
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
  const calls = opened === null ? null : new FileCalls(opened.end);
  const inFile = (id: string): boolean => opened !== null && !opened.missing.includes(id);
  return {
    has: (hash) => {
      const found = packed.find((one) => one.hash === hash);
      if (found === undefined) return false;
      // Who makes a resource drops it.
      const isThere = droppedResource(found.func) === null ? inFile(found.id) : opened !== null;
      return stub || isThere;
    },
    call: (wanted, args) =>
      inFile(wanted.id)
        ? calls!.call(wanted.id, args)
        : Promise.resolve(stubAnswer(asImported(wanted), args, logLine, () => null)),
    drop: (representation) => calls?.drop(representation as number),
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

function asImported({ id, func }: PackedFunction): ImportedFunction {
  return { id, owner: id.includes("#") ? id.slice(0, id.indexOf("#")) : "", func };
}

/** Calls of the file's functions, in its thread. */
class FileCalls {
  private last = 0;
  private readonly open = new Map<number, { done(value: Value): void; fail(error: unknown): void }>();

  constructor(private readonly end: ImportsEnd) {
    end.port.on("message", (message: FromImports) => {
      if (message.kind === "failed") {
        for (const { fail } of this.open.values()) fail(new UserError(message.message));
        this.open.clear();
      } else if (message.kind === "returned") {
        this.open.get(message.call)?.done(message.value);
        this.open.delete(message.call);
      }
    });
    this.send({ kind: "begin" });
  }

  call(id: string, args: readonly Value[]): Promise<Value> {
    const call = ++this.last;
    return new Promise((done, fail) => {
      this.open.set(call, { done, fail });
      this.send({ kind: "call", call, id, args });
    });
  }

  drop(representation: number): void {
    this.send({ kind: "drop", representation });
  }

  private send(message: ToImports): void {
    this.end.port.postMessage(message);
  }
}
