/**
 * Replays conformance scripts on the C host: a program (programs/conform) whose every guest step goes
 * through a module.
 */
import type { ConformResult } from "../conform.js";
import type { ScriptFile, Step } from "../script.js";
import { startProcess } from "../../processes/start-process.js";
import { isPointerFree } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { type Expected, expectedAnswer, replayOf } from "./conform-commands.js";
import { decodeValues } from "./conform-values.js";

/** The program's files that know no engine, below `programs/`. */
export const CONFORM_FILES: readonly string[] = [
  ...["main.c", "ends.c", "calls.c", "tasks.c"].map((file) => `conform/${file}`),
  "check/both_ways.c",
];

/** How the cases went, each copy of one element tried both ways, which must come to the same. */
export interface CHostConformResult extends ConformResult {
  /** Copies that the short way took. */
  readonly shortCopies: number;
}

/** A case as the program reads it. */
export interface CaseReplay {
  readonly id: string;
  readonly commands: readonly string[];
  /** What of the program's answers is not what the script says; null when all is. */
  differenceOf(answers: readonly string[]): string | null;
}

/** All cases of a file, in its order. */
export function caseReplays(file: ScriptFile): CaseReplay[] {
  return file.cases.map((script) => {
    const { commands, expected } = replayOf(file, script);
    return { id: script.id, commands, differenceOf: (answers) => differenceOf(file, expected, answers) };
  });
}

/** As firstDifference; an answer whose values are none is one that differs. */
function differenceOf(
  file: ScriptFile,
  expected: readonly Expected[],
  answers: readonly string[],
): string | null {
  try {
    return firstDifference(file, expected, answers);
  } catch (error) {
    return `an answer cannot be read: ${(error as Error).message}`;
  }
}

/** A program that replays scripts. */
export interface ConformProgram {
  /** Its path, and its arguments. */
  readonly command: readonly string[];
  /** Lines in front of the cases'. */
  readonly lines: readonly string[];
}

/** Replays a file's cases, all of them. */
export async function replayOnProgram(
  file: ScriptFile,
  program: ConformProgram,
): Promise<CHostConformResult> {
  const result: ConformResult = { passed: 0, failures: [], skipped: new Map() };
  const replays = caseReplays(file);
  const { answers, shortCopies } = await replay(
    program,
    replays.flatMap(({ commands }) => commands),
  );
  replays.forEach(({ id, differenceOf }, index) => {
    const message = differenceOf(answers[index] ?? []);
    if (message === null) result.passed++;
    else result.failures.push({ id, message });
  });
  return { ...result, shortCopies };
}

interface Replayed {
  /** Case by case, a line for each command. */
  readonly answers: string[][];
  readonly shortCopies: number;
}

/** What the program answers. */
function replay(program: ConformProgram, commands: readonly string[]): Promise<Replayed> {
  return new Promise((resolve) => {
    const [path, ...args] = program.command;
    const child = startProcess(path!, args, { stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout!.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr!.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin!.on("error", () => undefined);
    child.on("close", (code) => {
      const lines = linesOf(Buffer.concat(out).toString("utf8"));
      const told = Buffer.concat(err).toString("utf8").trim();
      if (code !== 0) lines.push(`died ${code} ${told}`);
      resolve({ answers: byCase(lines), shortCopies: code === 0 ? Number(told) : 0 });
    });
    child.stdin!.end(`${[...program.lines, ...commands].join("\n")}\n`);
  });
}

function linesOf(output: string): string[] {
  return output.split("\n").slice(0, -1);
}

/** What the program has printed, case by case, a line for each command. */
export function answersByCase(output: string): string[][] {
  return byCase(linesOf(output));
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
    if (this.expected.equals(this.actual)) return null;
    const at = this.expected.findIndex((byte, index) => byte !== this.actual[index]);
    return `memory differs at ${at}`;
  }
}

function firstDifference(
  file: ScriptFile,
  expected: readonly Expected[],
  answers: readonly string[],
): string | null {
  const memories = new Memories(file);
  for (const [index, next] of expected.entries()) {
    const answer = answers[index] ?? "nothing";
    if (typeof next === "string") {
      if (answer !== next) return `line ${index}: expected ${next}, answered ${answer}`;
      continue;
    }
    const { step, type } = next;
    const difference = compare(step, type, answer, memories);
    if (difference !== null) return `line ${index}, ${step.op}: ${difference}`;
    if (step.trap || step.trap_inside) return null;
  }
  return answers.length > expected.length ? `more answers than steps: ${answers[expected.length]!}` : null;
}

function compare(step: Step, type: ValueType | null, answer: string, memories: Memories): string | null {
  if (step.trap)
    return answer.startsWith("trap") ? null : `expected a trap (${step.why ?? ""}), answered ${answer}`;
  if (step.trap_inside) return null;
  const [said, ...changes] = answer.split(" mem ");
  const expected = expectedAnswer(step);
  const told = tellValues(step, type, sortedEvents(said!));
  if (told !== expected) return `expected ${expected}, answered ${told}`;
  return memories.apply(
    step,
    changes.map((change) => [Number(change.split(" ")[0]), change.split(" ")[1] ?? ""]),
  );
}

/**
 * An answer with its values as a script spells them: items without pointers as bytes, all others as
 * JSON.
 */
function tellValues({ op }: Step, type: ValueType | null, answer: string): string {
  const found = / (got|args) (\S+) space (\S+)/.exec(answer);
  if (found === null) return answer;
  const [whole, word, values, space] = found as unknown as [string, string, string, string];
  if (type === null) return answer;
  let told = values;
  if (op === "host.start") told = JSON.stringify(values === "-" ? [] : decodeValues(type, values, space)[0]);
  else if (!isPointerFree(type)) told = JSON.stringify(decodeValues(type, values, space));
  return answer.replace(whole, () => ` ${word} ${told}`);
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
