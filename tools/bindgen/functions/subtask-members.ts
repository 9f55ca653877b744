/**
 * Calls of an imported async function that go on while the guest does something
 * else: the members beside `call`.
 */
import { ARENA_SUBTASK_BYTES, SUBTASK_BYTES } from "../../source/library-layout.js";

/** What a call that goes on by itself is kept in. */
export interface SubtaskMemory {
  /** The constant that names its static memory. */
  readonly name: string;
  /**
   * The constant that names the region of the arena that it brings; null when its result holds no pointers.
   */
  readonly region: string | null;
}

/** What the members are made of. */
export interface SubtaskParts extends SubtaskMemory {
  /** Type parameters: those of ends that are handed on. */
  readonly generic: string;
  readonly params: string;
  /** Name of the member that gives the call itself. */
  readonly pending: string;
  /** Statements before the lowered call. */
  readonly start: readonly string[];
  /** Whether those copy what is passed into a region of the arena. */
  readonly keeps: boolean;
  /** The lowered call. */
  readonly core: string;
  readonly returns: string;
  /** Statements that return the result. */
  readonly answer: readonly string[];
  /** Statements that drop the readable ends which a callee that never started did not take. */
  readonly untaken: readonly string[];
  /** Statements that drop the handles in a result that nobody took. */
  readonly release: readonly string[];
  /** Whether they are members of a class, which call each other through `this.`; else of a namespace. */
  readonly isObject: boolean;
  /** Statements behind all that `drop` does. */
  readonly left: readonly string[];
}

/** The static memory of a function's subtask. */
export function subtaskPlace({ name, region }: SubtaskMemory, label: string): string {
  const bytes = region === null ? SUBTASK_BYTES : ARENA_SUBTASK_BYTES;
  const place = `/** How far a call of \`${label}\` has come that goes on by itself: ${bytes} bytes. */\n@lazy\nconst ${name}: usize = memory.data(${bytes}, 4);`;
  if (region === null) return place;
  return `${place}\n\n/** The part of the arena that such calls of \`${label}\` bring. */\n@lazy\nconst ${region}: usize = memory.data(<i32>ARENA_BYTES, 8);`;
}

/**
 * `call`, which waits.
 * @param doc its comment
 * @param body its statements, the first one says why they are safe
 */
export function callMember(
  doc: string,
  { generic, params }: Pick<SubtaskParts, "generic" | "params">,
  returns: string,
  subtask: string,
  body: readonly string[],
): string[] {
  const [safety, ...rest] = body;
  const lines = [safety!, `changetype<Subtask>(${subtask}).requireIdle();`, ...rest];
  return [member(doc, `call${generic}(${params}): ${returns}`, lines)];
}

const IS_STATIC = "// SAFETY: the frame is static, and its layout above says what lies where.";

/** `start`, `poll`, `wait`, `started`, `cancel`, `result`, `drop`. */
export function subtaskMembers(parts: SubtaskParts): string[] {
  const safety = parts.isObject
    ? "// SAFETY: the object is a place of the function's table, which begins with a subtask."
    : "// SAFETY: the constant names static memory of a subtask.";
  const type = parts.region === null ? "Subtask" : "ArenaSubtask";
  const subtask = `const sub_task = changetype<${type}>(${parts.name});`;
  const forget =
    parts.release.length > 0
      ? ["if (sub_task.hasResult) {", ...parts.release.map((line) => `  ${line}`), "}"]
      : [];
  const own = `changetype<Subtask>(${parts.name})`;
  const { isObject } = parts;
  const declare = (doc: string, head: string, lines: readonly string[]): string =>
    member(doc, head, lines, { isObject });
  const plain = (note: string, head: string, statement: string): string =>
    member(`/** ${note} */`, head, [safety, statement], { inline: true, isObject });
  return [
    declare(
      `/**\n * Begins a call without waiting; a result that nobody took is dropped. What is passed is copied: it stays as it is until the callee has started.\n * @returns whether it has returned already\n * Traps: a call goes on${parts.keeps ? "; a region of the arena has no room for what is passed" : ""}\n */`,
      `start${parts.generic}(${parts.params}): bool`,
      [
        IS_STATIC,
        subtask,
        "sub_task.requireIdle();",
        ...forget,
        ...parts.start,
        ...(parts.region === null ? [] : [`sub_task.land(${parts.region});`]),
        `return sub_task.begin(${parts.core});`,
      ],
    ),
    plain(
      "Whether no call goes on. Takes in progress that is there; never waits.",
      "poll(): bool",
      `return ${own}.poll();`,
    ),
    plain("Waits until no call goes on.", "wait(): void", `${own}.wait();`),
    plain("The call that `start` began, for `waitAny`.", `${parts.pending}(): Subtask`, `return ${own};`),
    plain(
      "Whether the callee has started. After a cancel that came before, what was passed is the guest's again.",
      "started(): bool",
      `return ${own}.started;`,
    ),
    declare(
      "/** Asks the callee to stop, and waits until it has. @returns whether it has returned a result all the same. Spec: canon subtask.cancel */",
      "cancel(): bool",
      parts.untaken.length === 0
        ? [safety, `return ${own}.cancel();`]
        : [
            IS_STATIC,
            subtask,
            "const was_on = !sub_task.poll();",
            "const has_result = sub_task.cancel();",
            "if (was_on && !sub_task.started) {",
            ...parts.untaken.map((line) => `  ${line}`),
            "}",
            "return has_result;",
          ],
    ),
    declare(
      `/** Waits for the call${parts.answer.length > 0 ? "'s result and takes it" : ""}. Traps: it was cancelled, or ${parts.answer.length > 0 ? "the result was taken" : "this was asked"} before */`,
      `result(): ${parts.returns}`,
      [
        IS_STATIC,
        `changetype<${type}>(${parts.name}).${parts.region === null ? "take" : "takeLanded"}();`,
        ...parts.answer,
      ],
    ),
    declare("/** Cancels a call that goes on; a result that nobody took is dropped. */", "drop(): void", [
      IS_STATIC,
      subtask,
      `${isObject ? "this." : ""}cancel();`,
      ...forget,
      "sub_task.forget();",
      ...parts.left,
    ]),
  ];
}

/** A member of a namespace, or of a class. */
function member(
  doc: string,
  head: string,
  lines: readonly string[],
  { inline = false, isObject = false } = {},
): string {
  const body = lines.flatMap((line) =>
    line.split("\n").map((part, index) => (index === 0 ? `  ${part}` : part)),
  );
  const declared = isObject ? head : `export function ${head}`;
  return `${doc}\n${inline ? "@inline\n" : ""}${declared} {\n${body.join("\n")}\n}`;
}
