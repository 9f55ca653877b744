/** A guest for several tasks at once, from its source to the module that has their memory. */
import { UserError } from "../../errors/user-error.js";
import { FURTHER_TASKS, type StaticPlace } from "../../source/static-places.js";
import type { Compiled } from "../compile.js";
import type { ExportName } from "../link.js";
import { link } from "../link.js";
import { rewrite } from "../optimize.js";
import { type Form, headOf, operands } from "../passes/s-expression.js";
import type { Range } from "../passes/escaping-addresses.js";
import type { LentArguments } from "../passes/promote-frame.js";
import { TASK_BASES } from "./task-addresses.js";
import type { TaskBlocks } from "./task-blocks.js";
import { optimizeForTasks } from "./use-callback.js";

/** The module, and where its tasks have their memory. */
export interface LinkedTasksModule {
  readonly text: string;
  readonly blocks: TaskBlocks;
}

/** What is linked. */
export interface TasksInput {
  /** What asc has made, at both places. */
  readonly compiled: Compiled;
  /** Paths of the sources that the build wrote. */
  readonly generated: readonly string[];
  readonly exports: readonly ExportName[];
  readonly tasks: number;
  readonly lentArguments: LentArguments;
  /** Null when no word of theirs may become a local. */
  readonly frames: readonly Range[] | null;
  /** What is to become of asc's text before it is linked: the gate marks lines there. */
  readonly mark?: (text: string) => string;
}

/** @throws UserError when the guest cannot have several tasks */
export function linkTasks(wanted: TasksInput): LinkedTasksModule {
  const { compiled: first, exports, tasks, mark = (text) => text } = wanted;
  refuseLandings(first.text, tasks);
  const linked = (compiled: Compiled): { linked: string; taskEnd: number } => ({
    linked: rewrite(link(mark(compiled.text), exports, compiled.dataEnd), dropTaskData),
    taskEnd: compiled.taskEnd!,
  });
  const generated = wanted.generated.map((path) => path.replace(/\.ts$/, "/"));
  const ownsGlobal = (name: string): boolean =>
    name.startsWith("~lib/as-rill/") ||
    name.startsWith("rill_at|") ||
    generated.some((path) => name.startsWith(path));
  return optimizeForTasks(
    [linked(first), linked(first.elsewhere!)],
    { tasks, ownsGlobal },
    exports,
    wanted.lentArguments,
    wanted.frames && [], // a task's frame is reached through its block
  );
}

/** What a task's memory holds at first is all zero, see task-memory.ts. */
function dropTaskData(module: Form): void {
  const isTasks = (form: Form): boolean =>
    headOf(form) === "data" && Number(operands(form)[0]!.items[1]) >= TASK_BASES[0];
  module.items = module.items.filter((item) => typeof item === "string" || !isTasks(item));
}

/** Parts of the guest library that strings and lists land through while a task waits. */
const LANDINGS =
  /\(func \$"?~lib\/as-rill\/assembly\/(stream\/arena-reader|future\/arena-reader|task\/arena-subtask)\//;

/**
 * The host asks for memory without saying for which task: what comes while tasks wait cannot be told apart.
 */
function refuseLandings(text: string, tasks: number): void {
  if (LANDINGS.test(text))
    throw new UserError(
      `--tasks ${tasks}: the guest waits for strings or lists, in items of a stream, in a future or as what an ` +
        "imported async function answers; the host does not say for which task they come. Leave the option out",
    );
}

/** Where named memory lies: a task's own in the first block; that of the others is one place. */
export function placesInBlocks(places: readonly StaticPlace[], blocks: TaskBlocks): StaticPlace[] {
  const { address, bytes, count } = blocks;
  return [
    ...places.map((place) =>
      place.address < TASK_BASES[0] ? place : { ...place, address: place.address - TASK_BASES[0] + address },
    ),
    { name: FURTHER_TASKS, address: address + bytes, bytes: bytes * (count - 1) },
  ];
}
