/**
 * A spec of `rill test` as C, under the sanitizers: as-pect's runner and the scripted host are those that run
 * it on V8; they call a process through two named pipes where they would call V8.
 */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AspectHost, type SpecEvents } from "../../tools/spec/aspect-host.js";
import { GuestMemory } from "../../tools/spec/guest-memory.js";
import { type HostFunction, ScriptedHost } from "../../tools/spec/scripted-host.js";
import { GuestModule } from "../../tools/native/guest-module.js";
import { guestFiles } from "../../tools/native/guest-files.js";
import { cellOf, fromCell } from "../../tools/native/built-in-calls.js";
import { nativeProgram, type NativeVariant } from "../../tools/native/native-program.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import type { CoreModule, FunctionSignature } from "../../tools/wasm/core-module.js";
import { readModule } from "../../tools/wasm/read-module.js";

/** Pages of memory: nothing is freed in a spec, and a memory of C does not grow. */
const PAGES = 64;
const CELL = 8;

const signatureOf = (module: CoreModule, typeIndex: number): FunctionSignature =>
  module.types[typeIndex]!.signature!;

/** Compiles the program of a spec. @returns its path */
export async function specProgram(binary: Uint8Array, variant: NativeVariant): Promise<string> {
  const module = readModule(binary);
  const guest = new GuestModule(
    {
      ...module,
      memories: module.memories.map((memory) => ({
        ...memory,
        limits: { ...memory.limits, minimum: PAGES },
      })),
    },
    "the spec",
    true,
  );
  const places = new Map(module.imports.map(({ module: from, field }, index) => [`${from} ${field}`, index]));
  const { header, source } = guestFiles({
    module: guest,
    name: "guest",
    imports: null,
    types: [],
    withTable: true,
    includes: ["specs.h"],
    otherImport: (from, field) => {
      const index = places.get(`${from} ${field}`)!;
      return importCall(guest, index, signatureOf(module, module.imports[index]!.typeIndex!));
    },
  });
  const own = (file: string): string => readFileSync(join(packageRoot, "tests", "native", file), "utf8");
  const texts = {
    "guest.h": header,
    "guest.c": source,
    "specs.h": own("specs.h"),
    "specs.c": own("specs.c"),
  };
  return nativeProgram("specs", [], texts, variant);
}

/** Statements of an import. */
function importCall(guest: GuestModule, index: number, { params, results }: FunctionSignature): string[] {
  const cells = params.map((type, place) => cellOf(guest.numberType(type), `l${place}`));
  const call = `specs_import(&guest->base, ${index}, ${cells.length}, ${cells.length === 0 ? "NULL" : "cells"})`;
  return [
    ...(cells.length === 0 ? [] : [`    uint64_t cells[${cells.length}];`, ""]),
    ...cells.map((cell, place) => `    cells[${place}] = ${cell};`),
    results.length === 0
      ? `    (void)${call};`
      : `    return ${fromCell(guest.numberType(results[0]!), call)};`,
  ];
}

/** Runs all tests of a spec in the process of its program. @returns what the process complained of */
export function runNatively(program: string, binary: Uint8Array, events: SpecEvents): Promise<string> {
  return inTemporaryFolder("rill-specs-", async (folder) => {
    const [toPath, fromPath] = [join(folder, "to"), join(folder, "from")];
    execFileSync("mkfifo", [toPath, fromPath]);
    const command = ["-c", `ulimit -s 262144; exec "${program}" <"${toPath}" >"${fromPath}"`];
    const child = spawn("sh", command, { stdio: ["ignore", "ignore", "pipe"] });
    const complaints: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const [to, from] = [openSync(toPath, "w"), openSync(fromPath, "r")];
    try {
      new NativeSpec(to, from, binary, events).run();
    } finally {
      closeSync(to);
      closeSync(from);
    }
    const code = await ended;
    return `${code === 0 ? "" : `ended with ${code}\n`}${Buffer.concat(complaints).toString()}`;
  });
}

/** The process has ended in the middle. */
class Gone extends Error {}

class NativeSpec {
  private readonly module: CoreModule;
  private readonly functions: readonly HostFunction[];
  private readonly aspect: AspectHost;

  constructor(
    private readonly to: number,
    private readonly from: number,
    binary: Uint8Array,
    events: SpecEvents,
  ) {
    this.module = readModule(binary);
    const memory = new ProcessMemory(this);
    this.aspect = new AspectHost(memory, events, () => true);
    const all = { ...new ScriptedHost(binary, memory).imports, ...this.aspect.imports };
    this.functions = this.module.imports.map(({ module, field }) => all[module]![field]!);
    const names = this.module.exports.filter(({ kind }) => kind === "func").map(({ name }) => name);
    const caller =
      (name: string) =>
      (...args: number[]) =>
        this.call(names.indexOf(name), args);
    this.aspect.exports = { _start: caller("_start"), __call: caller("__call") } as AspectHost["exports"];
    memory.exports = {
      memory: null as never,
      ...(names.includes("cabi_realloc") && { cabi_realloc: caller("cabi_realloc") as () => number }),
    };
  }

  run(): void {
    this.aspect.run();
  }

  say(order: string, ...parts: readonly Uint8Array[]): void {
    writeSync(this.to, Buffer.concat([Buffer.from(order), ...parts]));
  }

  hear(byteLength: number): Buffer {
    const bytes = Buffer.alloc(byteLength);
    for (let at = 0; at < byteLength;) {
      const got = readSync(this.from, bytes, at, byteLength - at, null);
      if (got === 0) throw new Gone("the program has ended");
      at += got;
    }
    return bytes;
  }

  /** Calls an export. @throws what an import threw, when that ended it */
  private call(index: number, args: readonly number[]): number | undefined {
    this.say("c", word(index), ...args.map((arg) => cell(arg)));
    let thrown: unknown = new Error("unreachable, or another trap of the module's own");
    for (;;) {
      const what = this.hear(1).toString("latin1");
      if (what === "r") return this.hear(CELL).readInt32LE(0);
      if (what === "t") throw thrown;
      try {
        this.say("a", this.serve(this.hear(4).readUInt32LE(0)));
      } catch (error) {
        if (error instanceof Gone) throw error;
        thrown = error;
        this.say("x");
      }
    }
  }

  private serve(index: number): Uint8Array {
    const { params, results } = signatureOf(this.module, this.module.imports[index]!.typeIndex!);
    const args = params.map((type) => numberOf(this.hear(CELL), type));
    const result = this.functions[index]!(...(args as number[]));
    return results.length === 0 ? Buffer.alloc(CELL) : cell(result!, results[0]);
  }
}

/** The process's memory, asked for piece by piece. */
class ProcessMemory extends GuestMemory {
  constructor(private readonly spec: NativeSpec) {
    super();
  }

  override copy(ptr: number, byteLength: number): Uint8Array {
    this.spec.say("m", word(ptr), word(byteLength));
    return new Uint8Array(this.spec.hear(this.spec.hear(4).readUInt32LE(0)));
  }

  override write(ptr: number, bytes: Uint8Array): void {
    if (this.copy(ptr, bytes.length).length < bytes.length) throw new RangeError("offset is out of bounds");
    this.spec.say("w", word(ptr), word(bytes.length), bytes);
  }

  override writeWords(ptr: number, ...words: number[]): void {
    this.write(ptr, Buffer.concat(words.map(word)));
  }

  override string(ptr: number): string {
    const byteLength = Buffer.from(this.copy((ptr >>> 0) - 4, 4)).readUInt32LE(0);
    return new TextDecoder("utf-16le").decode(this.copy(ptr, byteLength));
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function cell(value: number | bigint, type = "i32"): Buffer {
  const bytes = Buffer.alloc(CELL);
  if (type === "i64") bytes.writeBigUInt64LE(BigInt.asUintN(64, value as bigint));
  else if (type === "f64") bytes.writeDoubleLE(value as number);
  else if (type === "f32") bytes.writeFloatLE(value as number);
  else bytes.writeUInt32LE(Number(value) >>> 0);
  return bytes;
}

function numberOf(bytes: Buffer, type: string): number | bigint {
  switch (type) {
    case "i64":
      return bytes.readBigInt64LE(0);
    case "f64":
      return bytes.readDoubleLE(0);
    case "f32":
      return bytes.readFloatLE(0);
    default:
      return bytes.readInt32LE(0);
  }
}
