/**
 * Answers the calls of imports of a guest on the C host, whose program passes them on: see
 * programs/run/imports.c, which says what goes over the socket.
 */
import type { Duplex } from "node:stream";
import { loadValues, writeChunk } from "../../c-host/item-chunks.js";
import { UserError } from "../../errors/user-error.js";
import { dropFunction, droppedResource, numberedFunction } from "../../c-host/resource-numbers.js";
import { parseImport } from "../../host/import-names.js";
import { Trap } from "../../host/values/trap.js";
import type { Value } from "../../host/values/value.js";
import type { FunctionType, ValueType, World } from "../../wit/model.js";
import type { ImportedFunction } from "./imported-function.js";
import { logLine } from "./log-line.js";
import type { FromImports, ToImports } from "./messages.js";
import type { ImportsPlan } from "./open-imports.js";
import { type Borrowed, ResourceTable } from "./resource-table.js";
import { stubAnswer } from "./stub-function.js";

const WORD = 4;
/** Words in front of a call's values: import, call, their bytes, those of their space. */
const HEADER_BYTES = 4 * WORD;
/** What stands in front of a chunk's items. */
const CHUNK_HEADER_BYTES = 2 * WORD;

/** In place of the bytes of a result. */
const IS_TRAP = 0xffffffff;
/** Characters of its text at most. */
const MOST_OF_A_TRAP = 255;

/** A function, and the same with a number in place of each resource, as the program passes it on. */
interface Served {
  readonly wanted: ImportedFunction;
  readonly numbered: FunctionType;
}

/** A guest's functions on one side, the program's socket on the other. */
export class CHostCalls {
  /** Rejects with a UserError when the file is at fault. */
  readonly failure: Promise<never>;
  private readonly functions: readonly (Served | null)[];
  private readonly open = new Map<number, { readonly served: Served; readonly borrowed: Borrowed }>();
  private readonly resources = new ResourceTable((representation) => {
    this.send({ kind: "drop", representation: representation as number });
  });
  private pending = Buffer.alloc(0);
  private fail: (error: unknown) => void = () => undefined;

  /** @param socket to the program, which was started with the other end */
  constructor(
    private readonly socket: Duplex,
    core: Uint8Array<ArrayBuffer>,
    world: World,
    private readonly plan: ImportsPlan,
  ) {
    this.functions = WebAssembly.Module.imports(new WebAssembly.Module(core)).map(({ module, name }) => {
      const item = parseImport(world, module, name);
      const wanted =
        item?.kind === "resource.drop"
          ? { id: name, owner: module, func: dropFunction(item.resource) }
          : item?.kind === "function"
            ? plan.functions.find(({ id }) => id === item.id)!
            : null;
      return wanted && { wanted, numbered: numberedFunction(wanted.func) };
    });
    this.failure = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failure.catch(() => undefined);
    socket.on("data", (bytes: Buffer) => {
      this.take(bytes);
    });
    socket.on("error", () => undefined); // the program is gone; it has said why
    this.send({ kind: "begin" });
    plan.end?.port.on("message", (message: FromImports) => {
      if (message.kind === "failed") this.fail(new UserError(message.message));
      else if (message.kind === "returned") this.answer(message.call, message.value);
    });
  }

  private take(bytes: Buffer): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (;;) {
      const { pending } = this;
      if (pending.length < HEADER_BYTES) return;
      const values = HEADER_BYTES + pending.readUInt32LE(2 * WORD);
      const end = values + pending.readUInt32LE(3 * WORD);
      if (pending.length < end) return;
      this.pending = pending.subarray(end);
      const served = this.functions[pending.readUInt32LE(0)]!;
      const tuple: ValueType = { kind: "tuple", types: served.numbered.params.map(({ type }) => type) };
      const [args] = loadValues(tuple, pending.subarray(HEADER_BYTES, values), pending.subarray(values, end));
      this.serve(served, pending.readUInt32LE(WORD), (args ?? []) as readonly Value[]);
    }
  }

  private serve(served: Served, call: number, numbers: readonly Value[]): void {
    try {
      this.call(served, call, numbers);
    } catch (error) {
      if (!(error instanceof Trap)) throw error;
      this.open.delete(call);
      const text = Buffer.from(error.message.slice(0, MOST_OF_A_TRAP), "latin1");
      this.socket.write(
        Buffer.concat([Buffer.from(new Uint32Array([call, IS_TRAP, text.length]).buffer), text]),
      );
    }
  }

  private call(served: Served, call: number, numbers: readonly Value[]): void {
    const { end, stubbed } = this.plan;
    const { wanted } = served;
    const dropped = droppedResource(wanted.func);
    if (dropped !== null) {
      this.resources.drop(dropped, numbers[0] as number);
      this.answerWith(call, null, null);
      return;
    }
    const { args, borrowed } = this.resources.lift(wanted.func, numbers);
    this.open.set(call, { served, borrowed });
    if (end === null || stubbed.includes(wanted.id))
      this.answer(
        call,
        stubAnswer(wanted, args, logLine, () => null),
      );
    else this.send({ kind: "call", call, id: wanted.id, args });
  }

  private answer(call: number, value: Value): void {
    const { served, borrowed } = this.open.get(call)!;
    this.open.delete(call);
    borrowed.over();
    this.answerWith(call, served.numbered.result, this.resources.lower(served.wanted.func, value));
  }

  private answerWith(call: number, result: ValueType | null, value: Value): void {
    const words = new Uint32Array([call, 0, 0]);
    let values = Buffer.alloc(0);
    if (result !== null) {
      const chunk = Buffer.from(writeChunk({ kind: "tuple", types: [result] }, [[value]]));
      words[2] = chunk.readUInt32LE(WORD);
      values = chunk.subarray(CHUNK_HEADER_BYTES);
      words[1] = values.length - words[2];
    }
    this.socket.write(Buffer.concat([Buffer.from(words.buffer), values]));
  }

  private send(message: ToImports): void {
    this.plan.end?.port.postMessage(message);
  }
}
