/** The Task class of an exported async function: its parameters, and the way to answer. */
import { MAX_FLAT_PARAMS } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { type CopyType, streamIndex } from "../../wit/core-names.js";
import { componentName } from "../../wit/function-name.js";
import {
  type EndOperations,
  builtinName,
  external,
  handingOn,
  readableOperations,
  readerType,
  writableOperations,
  writerType,
} from "../ends/copy-operations.js";
import { functionEnd } from "./function-end.js";
import { Frame } from "./frame.js";
import { returnLent } from "../types/lent-handles.js";
import { functionConstant, functionLabel, identifierPart, memberNames } from "../names/names.js";
import { type PassedValue, coreParamsOf, passedValue, staticPlace } from "../types/passed-value.js";
import { type Place, inside } from "../refuse.js";
import { isEnd } from "../types/kinds.js";
import type { ValueClasses } from "../types/value-classes.js";

/** Names of a Task's own members; a parameter of such a name gets a trailing underscore. */
const ownMembers = ["resolve", "enter", "exit", "output"];

/** Builds the Task class of an async function, part by part. */
export class TaskBinding {
  /** Where the task's parts lie in static memory. */
  readonly frame = new Frame();
  /** Members of the Task class. */
  readonly members: string[] = [];
  /** Statements that take the parameters over. */
  readonly enter: string[] = [];
  /** Statements that close what the guest left. */
  readonly exit: string[] = [];
  /** Statements that give back the handles that the call lent, which the host demands before the answer. */
  private readonly returnLent: string[] = [];
  /** Parameters of the lifted core function. */
  readonly coreParams: { readonly name: string; readonly type: string }[] = [];
  /** Declarations in front of the namespace. */
  readonly statements: string[] = [];
  /** The constant that names the frame. */
  readonly frameName: string;

  constructor(
    readonly func: FunctionType,
    readonly module: string,
    readonly classes: ValueClasses,
    readonly place: Place,
  ) {
    this.frameName = `${functionConstant(func)}_FRAME`;
  }

  private end(type: CopyType, param: number | "result", where: Place): EndOperations {
    return functionEnd(this.func, this.module, type, streamIndex(this.func, param), this.classes, where);
  }

  private at(offset: number): string {
    return offset === 0 ? this.frameName : `${this.frameName} + ${offset}`;
  }

  /** Adds a parameter. @param param its place */
  param(param: number, name: string, type: ValueType): void {
    const where = inside(this.place, `param ${name}`);
    const names = this.func.params.map((other) => other.name);
    const member = memberNames(names, ownMembers)[param]!;
    if (isEnd(type)) {
      this.endParam(param, member, name, type, where);
      return;
    }
    const value = passedValue(type, this.classes, where);
    const offset = this.frame.value(
      value.view || type.kind !== "result" ? type : { kind: "bool" },
      `\`${member}\``,
    );
    this.returnLent.push(...returnLent(type, `this.${member}`));
    const cores = coreParamsOf(member, value);
    this.coreParams.push(...cores);
    this.enter.push(
      "// SAFETY: the value lies in the static frame, at the place that its layout above says.",
    );
    if (value.coreTypes.length > 1 || value.view) {
      this.enter.push(
        ...value.store(
          this.at(offset),
          0,
          cores.map((core) => core.name),
        ),
      );
      this.members.push(
        value.view
          ? view(member, `Parameter \`${name}\`.`, value.typeName, this.at(offset), SAFE_VALUE)
          : `/** Parameter \`${name}\`. */\n@inline\nget ${member}(): ${value.typeName} {\n  // SAFETY: \`enter\` stored its address and length there.\n  return loadElement<${value.typeName}>(${this.at(offset)});\n}`,
      );
      return;
    }
    this.enter.push(`store<${value.typeName}>(${this.at(offset)}, ${value.lift(member)});`);
    this.members.push(
      `/** Parameter \`${name}\`. */\n@inline\nget ${member}(): ${value.typeName} {\n  // SAFETY: \`enter\` stored it there.\n  return load<${value.typeName}>(${this.at(offset)});\n}`,
    );
  }

  private endParam(param: number, member: string, name: string, type: CopyType, where: Place): void {
    const end = this.end(type, param, where);
    const offset = this.frame.operation(type.element, `\`${member}\``);
    this.statements.push(...readableOperations(end));
    this.coreParams.push({ name: member, type: "u32" });
    this.enter.push(`this.${member}.open(${member});`);
    this.exit.push(`this.${member}.close();`);
    const note = `Parameter \`${name}\`: the readable end of a ${type.kind}.`;
    this.members.push(view(member, note, readerType(end), this.at(offset), SAFE_OPERATION));
  }

  /** Adds `resolve`, and what it needs. */
  result(type: ValueType | null): void {
    const where = inside(this.place, "result");
    const taskReturn = `taskReturn_${identifierPart(componentName(this.func))}`;
    if (type && isEnd(type)) {
      this.endResult(type, taskReturn, where);
      return;
    }
    const value = type ? passedValue(type, this.classes, where) : null;
    const inMemory = value !== null && value.coreTypes.length > MAX_FLAT_PARAMS;
    const cores = value?.coreTypes ?? [];
    const params = inMemory
      ? ["result: usize"]
      : cores.map((core, index) => `${cores.length === 1 ? "result" : `result_${index}`}: ${core}`);
    this.statements.push(this.taskReturn(params.join(", "), taskReturn));
    if (value?.view) this.resultPlace(value);
    const args = value ? (inMemory ? ["changetype<usize>(value)"] : value.lower("value")) : [];
    const safety = value?.view
      ? "  // SAFETY: a view is the address of a value in canonical layout; the host is done with it on return.\n"
      : "";
    const meaning = value && !value.view && type?.kind === "result" ? " true is `ok`." : "";
    this.members.push(
      `/** Answers the call.${meaning} Call it once; the task may go on. */\n@inline\nresolve(${value ? `value: ${value.typeName}` : ""}): void {\n  ${CANCELLED} return;\n${this.returnLent.map((line) => `  ${line}\n`).join("")}${safety}  ${taskReturn}(${args.join(", ")});\n  note_answered();\n}`,
    );
  }

  private resultPlace(value: PassedValue): void {
    const constant = `${functionConstant(this.func)}_RESULT`;
    this.statements.push(
      staticPlace(constant, value.type, `The result of a \`${functionLabel(this.func)}\` task`),
    );
    this.members.push(
      view(
        "output",
        "A place to build the result: fill it, `resolve` with it.",
        value.typeName,
        constant,
        SAFE_PLACE,
      ),
    );
  }

  private endResult(type: CopyType, taskReturn: string, where: Place): void {
    const end = this.end(type, "result", where);
    const offset = this.frame.operation(type.element, "the result");
    const writer = writerType(end);
    this.statements.push(this.taskReturn("result: u32", taskReturn), ...writableOperations(end));
    const answer = (handle: string): string[] => [
      ...this.returnLent,
      `${taskReturn}(${handle});`,
      "note_answered();",
    ];
    const lines = [
      "const writer_end = this.output;",
      `${CANCELLED} {`,
      "  end.drop();",
      "  return writer_end.openDone();",
      "}",
      ...handingOn("end", type, "the result", (taken) => [...answer(taken), "return writer_end.openDone();"]),
      `const both_ends = ${builtinName(end, "new")}();`,
      "writer_end.open(u32(both_ends >> 32));",
      ...answer("u32(both_ends)"),
      "return writer_end;",
    ];
    const note = "The writable end of the result, once `resolve` was called.";
    this.members.push(
      view("output", note, writer, this.at(offset), SAFE_OPERATION),
      `/** Answers the call with a new ${type.kind}, or with an end that came. Call it once. @returns the new one's writable end */\n` +
        `resolve<E_0 = Made_End>(end: E_0 = made_end): ${writer} {\n${lines.map((line) => `  ${line}\n`).join("")}}`,
    );
    this.exit.push("this.output.close();");
  }

  /** A name for a member that came after guests were written: a parameter that has it keeps it. */
  private free(name: string): string {
    const names = this.func.params.map((param) => param.name);
    return memberNames(names, ownMembers).includes(name) ? `${name}_` : name;
  }

  private taskReturn(params: string, name: string): string {
    return external(
      this.module,
      { builtin: "task.return", subject: componentName(this.func) },
      `${name}(${params}): void`,
    );
  }

  /** The class's text. */
  taskClass(): string {
    const params = this.coreParams.map(({ name, type }) => `${name}: ${type}`).join(", ");
    const edge = (note: string, head: string, lines: readonly string[]): string =>
      `/** ${note} */\n@inline\n${head}: void {${lines.map((line) => `\n  ${line}`).join("")}${lines.length > 0 ? "\n" : ""}}`;
    const members = [
      ...this.members,
      `/** Whether the caller has given up: see \`isCancelled\`. */\nget ${this.free("cancelled")}(): bool {\n  return is_cancelled();\n}`,
      edge("Takes the parameters over; called before the guest's function.", `enter(${params})`, this.enter),
      edge("Cancels, then drops, what the guest left; called after the guest's function.", "exit()", [
        ...this.exit,
        ...(this.returnLent.length === 0
          ? []
          : ["if (ends_cancelled()) {", ...this.returnLent.map((line) => `  ${line}`), "}"]),
        "end_cancelled();",
      ]),
    ];
    const head = `/** One call of \`${functionLabel(this.func)}\`: its parameters, and the way to answer it. */\n@unmanaged\nexport class Task`;
    return `${head} {\n${members.join("\n").replaceAll(/^(?=.)/gm, "  ")}\n}`;
  }
}

/** In front of what a task does that answers: nobody wants the answer of one that was cancelled. */
const CANCELLED = "if (is_cancelled())";

/** Why a view of each is safe. */
const SAFE_OPERATION = "the operation lies in the static frame, at the place that its layout above says";
const SAFE_VALUE = "the value lies in the static frame, at the place that its layout above says";
const SAFE_PLACE = "the constant names static memory of this type's size and alignment";

function view(member: string, note: string, type: string, address: string, safety: string): string {
  return `/** ${note} */\n@inline\nget ${member}(): ${type} {\n  // SAFETY: ${safety}.\n  return changetype<${type}>(${address});\n}`;
}
