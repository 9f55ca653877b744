/**
 * A file of imports as a model: what its functions answer, each asked once for the same arguments. So an
 * answer depends on nothing but the arguments, however often and in whatever order it is wanted.
 */
import { receiveMessageOnPort } from "node:worker_threads";
import { UserError } from "../../errors/user-error.js";
import { type Value, valueKey } from "../../host/values/value.js";
import { functionTypes, holdsHandle } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import { rings, sleepUntilRung } from "../connections/bell.js";
import { inWords } from "./js-names.js";
import type { ImportedFunction } from "./imported-function.js";
import { type FromImports, type ToImports, PATIENCE } from "./messages.js";
import type { OpenFile } from "./open-imports.js";

/** Answers of the functions of a file that takes and gives values alone. */
export class FileAnswers {
  private readonly asked = new Map<FunctionType, ImportedFunction>();
  private readonly known = new Map<string, { readonly value: Value }>();
  private readonly words: Int32Array;
  private calls = 0;

  constructor(
    private readonly file: OpenFile,
    functions: readonly ImportedFunction[],
  ) {
    this.words = new Int32Array(file.end.words);
    for (const one of functions) {
      if (!file.missing.includes(one.id) && !functionTypes(one.func).some(holdsHandle))
        this.asked.set(one.func, one);
    }
  }

  /** Whether the file answers for the function. */
  has(func: FunctionType): boolean {
    return this.asked.has(func);
  }

  /** What it answers. @throws UserError when it throws, or answers with what its type has not */
  of(func: FunctionType, args: readonly Value[]): Value {
    const wanted = this.asked.get(func)!;
    const key = `${wanted.id} ${valueKey(args)}`;
    let answer = this.known.get(key);
    if (answer === undefined) this.known.set(key, (answer = { value: this.ask(wanted, args) }));
    return answer.value;
  }

  private ask(wanted: ImportedFunction, args: readonly Value[]): Value {
    const call = ++this.calls;
    this.send({ kind: "call", call, id: wanted.id, args });
    for (;;) {
      const bell = rings(this.words);
      const received = receiveMessageOnPort(this.file.end.port) as { message: FromImports } | undefined;
      if (received === undefined) {
        if (!sleepUntilRung(this.words, bell, PATIENCE)) this.send({ kind: "asleep" });
        continue;
      }
      const { message } = received;
      if (message.kind === "failed") throw new UserError(message.message);
      if (message.kind === "quiet") throw new UserError(`--imports: ${inWords(wanted)} never answers`);
      if (message.kind === "returned" && message.call === call) return message.value;
    }
  }

  private send(message: ToImports): void {
    this.file.end.port.postMessage(message);
  }
}
