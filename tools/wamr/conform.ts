/** Replays conformance scripts on the C host: every guest step goes through WebAssembly on WAMR (conform_main.c). */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import binaryen from "binaryen";
import type { ConformResult } from "../conform/conform.js";
import type { Case, ScriptFile, Step } from "../conform/script.js";
import { typeOf } from "../conform/script-values.js";
import { cached } from "../setup/cache.js";
import { packageRoot } from "../package-root.js";
import { isPointerFree } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { typeDescriptor } from "./copy-plan.js";
import { type DesktopVariant, desktopProgram } from "./desktop-library.js";

/** Element types that a script may have at most; conform_main.c has as many. */
const TYPES = 2;

/** What the C host does not do, by the reason; null when it does all of the script. */
function lacking(script: Case, kind: string): string | null {
  if (kind === "subtasks" || kind === "callback")
    return `${kind}: calls of the guest's and callbacks are not in the C host`;
  const types = script.types.map((type) => typeOf(type));
  if (types.some((type) => type !== null && !isPointerFree(type)))
    return "element types with pointers are not in the C host";
  return null;
}

/** Replays a file's cases. @throws UserError when a C compiler or WAMR's source is missing */
export async function conformOnWamr(file: ScriptFile, variant: DesktopVariant): Promise<ConformResult> {
  const result: ConformResult = { passed: 0, failures: [], skipped: new Map() };
  const program = await desktopProgram("rill-conform", ["conform_main.c"], variant);
  const cases = file.cases.filter((script) => {
    const reason = lacking(script, file.kind);
    if (reason !== null) result.skipped.set(reason, (result.skipped.get(reason) ?? 0) + 1);
    return reason === null;
  });
  const replays = cases.map((script) => expectations(file, script));
  const answers = await replay(
    program,
    replays.flatMap(({ commands }) => commands),
  );
  replays.forEach((expected, index) => {
    const message = firstDifference(file, expected.steps, answers[index] ?? []);
    if (message === null) result.passed++;
    else result.failures.push({ id: cases[index]!.id, message });
  });
  return result;
}

/** The lines that replay a case, and the steps whose answers are due, in the order in which they come. */
interface Replay {
  readonly commands: readonly string[];
  readonly steps: readonly (Step | "blocked")[];
}

function expectations(file: ScriptFile, script: Case): Replay {
  const types = script.types.map((type) => typeOf(type));
  const commands = [
    `case ${script.task ?? "async"} ${String(file.memory.bytes)} ${String(file.memory.fill)}`,
  ];
  for (let index = 0; index < TYPES; index++) commands.push(typeCommand(index, script, types));
  const steps: (Step | "blocked")[] = [];
  const add = (step: Step): void => {
    const blocked = step.blocked ?? [];
    commands.push(command(step, types, blocked.length));
    if (blocked.length > 0) steps.push("blocked");
    for (const inner of blocked) add(inner);
    steps.push(step);
  };
  for (const step of script.steps) add(step);
  return { commands, steps };
}

function typeCommand(index: number, script: Case, types: readonly (ValueType | null)[]): string {
  const type = types[index] ?? null;
  if (type === null) return `type ${String(index)} null`;
  const { plan, elemSize: bytes, alignment, isNumber } = typeDescriptor(type);
  const id = script.types.findIndex((other) => JSON.stringify(other) === JSON.stringify(script.types[index]));
  return `type ${String(index)} ${String(id)} ${String(bytes)} ${String(alignment)} ${isNumber ? "1" : "0"} ${plan.join(" ")}`;
}

/** The command line of a step. */
function command(step: Step, types: readonly (ValueType | null)[], blocked: number): string {
  const [kind, verb] = step.op.split(".") as [string, string | undefined];
  const isFuture = kind.endsWith("future") ? 1 : 0;
  switch (step.op) {
    case "poke":
      return `poke ${String(step.ptr)} ${step.hex || "-"}`;
    case "drain":
      return `drain ${String(step.set)} ${String(step.ptr)}`;
    case "take-stream":
    case "take-future":
      return `take ${String(step.ty)} ${step.op === "take-future" ? "1" : "0"} ${String(step.i)} ${String(step.end)}`;
    case "give-stream":
    case "give-future":
      if (step.from !== undefined) return `back ${String(step.from)}`;
      return `give ${String(step.ty)} ${step.op === "give-future" ? "1" : "0"} ${String(step.end)} ${step.cancel ? "1" : "0"}`;
    case "host.read":
      return `read ${String(step.end)} ${String(step.n ?? 1)} ${step.eager ? "1" : "0"}`;
    case "host.write":
      return `write ${String(step.end)} ${String(step.n ?? 1)} ${step.eager ? "1" : "0"} ${(step.data as string | undefined) || "-"}`;
    case "host.event":
    case "host.cancel":
    case "host.drop":
      return `${verb!} ${String(step.end)}`;
    case "host.ack-cancel":
      return `ack ${String(step.end)}`;
    default:
      return callCommand(step, kind, verb!, isFuture, blocked);
  }
}

function callCommand(step: Step, kind: string, verb: string, isFuture: number, blocked: number): string {
  const call = (name: string, result: string, ...args: (number | undefined)[]): string =>
    `call ${String(blocked)} ${name} ${result} ${args.map((arg) => String(arg ?? 0)).join(" ")}`;
  const lowered = step.async ? "1" : "0";
  const type = String(step.ty);
  switch (step.op) {
    case "waitable-set.new":
      return call(step.op, "i");
    case "waitable-set.wait":
    case "waitable-set.poll":
      return call(step.op, "i", step.set, step.ptr);
    case "waitable-set.drop":
    case "subtask.drop":
      return call(step.op, "v", step.i);
    case "subtask.cancel":
      return call(step.op, "i", step.i);
    case "waitable.join":
      return call(step.op, "v", step.i, step.set);
  }
  if (verb === "new") return call(`${kind}.new.${type}`, "I");
  if (verb.startsWith("drop")) return call(`${kind}.${verb}.${type}`, "v", step.i);
  if (verb.startsWith("cancel")) return call(`${kind}.${verb}.${type}.${lowered}`, "i", step.i);
  return call(`${kind}.${verb}.${type}.${lowered}`, "i", step.i, step.ptr, ...(isFuture ? [] : [step.n]));
}

/** What the program answers, case by case, a line for each command. */
function replay(program: string, commands: readonly string[]): Promise<string[][]> {
  return trampoline().then(
    (module) =>
      new Promise((resolve) => {
        const child = spawn(program, [module], { stdio: ["pipe", "pipe", "pipe"] });
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
        child.stdin.on("error", () => undefined);
        child.on("close", (code) => {
          const lines = Buffer.concat(out).toString("utf8").split("\n").slice(0, -1);
          if (code !== 0) lines.push(`died ${String(code)} ${Buffer.concat(err).toString("utf8").trim()}`);
          resolve(byCase(lines));
        });
        child.stdin.end(`${commands.join("\n")}\n`);
      }),
  );
}

function byCase(lines: readonly string[]): string[][] {
  const cases: string[][] = [];
  for (const line of lines) {
    if (line === "case") cases.push([]);
    else cases[cases.length - 1]?.push(line);
  }
  return cases;
}

/** The guest's memory as the script and as the host have it, step by step. */
class Memories {
  readonly expected: Buffer;
  readonly actual: Buffer;

  constructor({ memory }: ScriptFile) {
    this.expected = Buffer.alloc(memory.bytes, memory.fill);
    this.actual = Buffer.alloc(memory.bytes, memory.fill);
  }

  /** Applies a step's changes on both sides. @returns what differs, or null */
  apply(step: Step, changes: readonly (readonly [number, string])[]): string | null {
    if (step.op === "poke")
      for (const memory of [this.expected, this.actual]) memory.write(step.hex ?? "", step.ptr ?? 0, "hex");
    for (const [address, hex] of step.mem ?? []) this.expected.write(hex, address, "hex");
    for (const [address, hex] of changes) this.actual.write(hex, address, "hex");
    const at = this.expected.findIndex((byte, index) => byte !== this.actual[index]);
    return at < 0 ? null : `memory differs at ${String(at)}`;
  }
}

function firstDifference(
  file: ScriptFile,
  steps: readonly (Step | "blocked")[],
  answers: readonly string[],
): string | null {
  const memories = new Memories(file);
  for (const [index, step] of steps.entries()) {
    const answer = answers[index] ?? "nothing";
    if (step === "blocked") {
      if (answer !== "blocked") return `step ${String(index)}: expected to block, answered ${answer}`;
      continue;
    }
    const difference = compare(step, answer, memories);
    if (difference !== null) return `step ${String(index)} ${step.op}: ${difference}`;
    if (step.trap || step.trap_inside) return null;
  }
  return null;
}

function compare(step: Step, answer: string, memories: Memories): string | null {
  if (step.trap)
    return answer.startsWith("trap") ? null : `expected a trap (${step.why ?? ""}), answered ${answer}`;
  if (step.trap_inside) return null;
  const [said, ...changes] = answer.split(" mem ");
  const expected = expectedAnswer(step);
  if (sortedEvents(said!) !== expected) return `expected ${expected}, answered ${answer}`;
  return memories.apply(
    step,
    changes.map((change) => [Number(change.split(" ")[0]), change.split(" ")[1] ?? ""]),
  );
}

/** An answer with its events in a script's order: any order of delivery is right. */
function sortedEvents(answer: string): string {
  const [head, events] = answer.split("events ");
  if (events === undefined) return answer;
  const sorted = events
    .split(" ")
    .map((event) => event.split(",").map(Number))
    .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!);
  return `${head!}events ${sorted.map((event) => event.join(",")).join(" ")}`;
}

/** The answer that a step's expected results come to, but for memory. */
function expectedAnswer(step: Step): string {
  const words = ["ok"];
  if (step.ret !== undefined) words.push("ret", String(step.ret));
  if (step.ret64 !== undefined) words.push("ret64", step.ret64.slice(2));
  if (step.got !== undefined) words.push("got", step.got as string);
  if (step.op === "drain") words.push("events", ...(step.events ?? []).map((event) => event.join(",")));
  return words.join(" ");
}

/** The module that forwards each export to the import of its name; 64 KiB of memory, like the scripts'. */
async function trampoline(): Promise<string> {
  const folder = await cached(
    "conform-trampoline-1",
    async (fresh) => {
      const module = binaryen.parseText(trampolineText());
      await writeFile(join(fresh, "trampoline.wasm"), module.emitBinary());
      module.dispose();
    },
    join(packageRoot, "build", "wamr"),
  );
  return join(folder, "trampoline.wasm");
}

function trampolineText(): string {
  const functions: [string, number, string][] = [
    ["waitable-set.new", 0, "i32"],
    ["waitable-set.wait", 2, "i32"],
    ["waitable-set.poll", 2, "i32"],
    ["waitable-set.drop", 1, ""],
    ["waitable.join", 2, ""],
    ["subtask.drop", 1, ""],
    ["subtask.cancel", 1, "i32"],
  ];
  for (const kind of ["stream", "future"]) {
    for (let type = 0; type < TYPES; type++) {
      functions.push([`${kind}.new.${String(type)}`, 0, "i64"]);
      for (const lowered of ["0", "1"]) {
        for (const verb of ["read", "write"])
          functions.push([`${kind}.${verb}.${String(type)}.${lowered}`, kind === "stream" ? 3 : 2, "i32"]);
        for (const verb of ["cancel-read", "cancel-write"])
          functions.push([`${kind}.${verb}.${String(type)}.${lowered}`, 1, "i32"]);
      }
      for (const verb of ["drop-readable", "drop-writable"])
        functions.push([`${kind}.${verb}.${String(type)}`, 1, ""]);
    }
  }
  const signature = (params: number, result: string): string =>
    `${params > 0 ? `(param${" i32".repeat(params)})` : ""} ${result ? `(result ${result})` : ""}`;
  const imports = functions.map(
    ([name, params, result]) => `(import "host" "${name}" (func $host.${name} ${signature(params, result)}))`,
  );
  const bodies = functions.map(([name, params, result]) => {
    const args = Array.from({ length: params }, (_, index) => `(local.get ${String(index)})`).join(" ");
    return `(func (export "${name}") ${signature(params, result)} (call $host.${name} ${args}))`;
  });
  return `(module ${imports.join("\n")} (memory (export "memory") 1 1) ${bodies.join("\n")})`;
}
