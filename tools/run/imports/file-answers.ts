/**
 * A file of imports as a model: what its functions answer, each asked once for the same arguments. So an
 * answer depends on nothing but the arguments, however often and in whatever order it is wanted.
 */
import { receiveMessageOnPort } from "node:worker_threads";
import { UserError } from "../../errors/user-error.js";
import type { Value } from "../../host/values/value.js";
import { holdsHandle } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import { rings, sleepUntilRung } from "../connections/bell.js";
import { inWords } from "./js-names.js";
import type { ImportedFunction } from "./imported-function.js";
import type { FromImports, ToImports } from "./messages.js";
import type { OpenFile } from "./open-imports.js";

/** Milliseconds after which the file's thread is asked whether anything will come. */
const PATIENCE = 500;

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
      const { params, result } = one.func;
      const types = [...params.map(({ type }) => type), ...(result === null ? [] : [result])];
      if (!file.missing.includes(one.id) && !types.some(holdsHandle)) this.asked.set(one.func, one);
    }
  }

  /** Whether the file answers for the function. */
  has(func: FunctionType): boolean {
    return this.asked.has(func);
  }

  /** What it answers. @throws UserError when it throws, or answers with what its type has not */
  of(func: FunctionType, args: readonly Value[]): Value {
    const wanted = this.asked.get(func)!;
    const key = `${wanted.id} ${JSON.stringify(args, spelled)}`;
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

/** Values that JSON does not tell from others. */
function spelled(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? `${1 / value} ${value}`
    : value;
}
