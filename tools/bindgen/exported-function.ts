/** Bindings of the functions that the guest exports. */
import type { FunctionType, ValueType } from "../wit/model.js";
import { streamIndex } from "../wit/core-names.js";
import { componentName } from "../wit/function-name.js";
import {
  type EndOperations,
  builtinName,
  external,
  operationsName,
  readableOperations,
  writableOperations,
} from "./copy-operations.js";
import { commented, frameDeclaration, signature } from "./declarations.js";
import { Frame } from "./frame.js";
import { camelCase, pascalCase } from "./names.js";
import { type Place, inside, refused } from "./refuse.js";
import { type Scalar, scalar } from "./scalar.js";
import type { ValueClasses } from "./value-classes.js";

/** Statements for the bindings file, and what its task does at the edges. */
export interface ExportedFunction {
  readonly statements: readonly string[];
  /** Core parameters of the lifted function, in order. */
  readonly coreParams: readonly { readonly name: string; readonly type: string }[];
  /** A sync function's result, null when it has none. */
  readonly result: Scalar | null;
  readonly params: readonly (Scalar & { readonly name: string })[];
}

/** Binds one exported function. @throws UserError for a type that is not supported */
export function bindExported(func: FunctionType, owner: string, classes: ValueClasses): ExportedFunction {
  const place: Place = { owner, path: `func ${func.name}` };
  if (func.kind !== "freestanding")
    throw refused({ kind: "own", resource: func.resource! }, place, "resources are not supported yet");
  return func.async ? bindTask(func, owner, classes, place) : bindSync(func, classes, place);
}

function bindSync(func: FunctionType, classes: ValueClasses, place: Place): ExportedFunction {
  const params = func.params.map((param) => ({
    name: camelCase(param.name),
    ...scalar(param.type, classes, inside(place, `param ${param.name}`)),
  }));
  const result = func.result ? scalar(func.result, classes, inside(place, "result")) : null;
  return {
    statements: [],
    coreParams: params.map(({ name, coreType }) => ({ name, type: coreType })),
    result,
    params,
  };
}

/** Builds the Task class of an async function, part by part. */
class TaskBinding {
  readonly frame = new Frame();
  readonly members: string[] = [];
  readonly enter: string[] = ["ensureWaitableSet();"];
  readonly exit: string[] = [];
  readonly coreParams: { name: string; type: string }[] = [];
  readonly statements: string[] = [];
  readonly frameName: string;

  constructor(
    readonly func: FunctionType,
    readonly module: string,
    readonly classes: ValueClasses,
    readonly place: Place,
  ) {
    this.frameName = `${func.name.replaceAll("-", "_").toUpperCase()}_FRAME`;
  }

  end(type: ValueType, param: number | "result", where: Place): EndOperations {
    if (type.kind !== "stream") throw refused(type, where, "futures are not supported yet");
    if (!type.element) throw refused(type, where, "a stream without element type is not supported yet");
    if (type.element.kind === "char") throw refused(type, where, "engines do not accept it; use stream<u32>");
    const index = streamIndex(this.func, param);
    return {
      module: this.module,
      funcName: componentName(this.func),
      index,
      kind: type.kind,
      element: type.element,
    };
  }

  at(offset: number): string {
    return offset === 0 ? this.frameName : `${this.frameName} + ${String(offset)}`;
  }

  param(param: number, name: string, type: ValueType): void {
    const where = inside(this.place, `param ${name}`);
    const member = camelCase(name);
    if (type.kind === "stream" || type.kind === "future") {
      this.streamParam(param, member, name, type, where);
      return;
    }
    const one = scalar(type, this.classes, where);
    const offset = this.frame.value(type.kind === "result" ? { kind: "bool" } : type, `\`${member}\``);
    this.coreParams.push({ name: member, type: one.coreType });
    this.enter.push("// SAFETY: the word lies in the static frame, at the place that its layout above says.");
    this.enter.push(`store<${one.typeName}>(${this.at(offset)}, ${one.lift(member)});`);
    this.members.push(
      `/** Parameter \`${name}\`. */\n@inline\nget ${member}(): ${one.typeName} {\n  // SAFETY: \`enter\` stored it there.\n  return load<${one.typeName}>(${this.at(offset)});\n}`,
    );
  }

  streamParam(param: number, member: string, name: string, type: ValueType, where: Place): void {
    const end = this.end(type, param, where);
    const item = this.classes.typeName(end.element!, where);
    const offset = this.frame.operation(end.element, `\`${member}\``);
    const reader = `StreamReader<${item}, ${operationsName(end)}>`;
    this.statements.push(...readableOperations(end));
    this.coreParams.push({ name: member, type: "u32" });
    this.enter.push(`this.${member}.open(${member});`);
    this.exit.push(`this.${member}.close();`);
    this.members.push(
      view(member, `Parameter \`${name}\`: the readable end of a stream.`, reader, this.at(offset)),
    );
  }

  result(type: ValueType | null): void {
    const where = inside(this.place, "result");
    const taskReturn = `taskReturn${pascalCase(this.func.name)}`;
    if (type?.kind === "stream" || type?.kind === "future") {
      this.streamResult(type, taskReturn, where);
      return;
    }
    const one = type ? scalar(type, this.classes, where) : null;
    this.statements.push(this.taskReturn(one ? `result: ${one.coreType}` : "", taskReturn));
    const param = one ? `value: ${one.typeName}` : "";
    const meaning = type?.kind === "result" ? " true is `ok`." : "";
    this.members.push(
      `/** Answers the call.${meaning} Call it once; the task may go on. */\n@inline\nresolve(${param}): void {\n  ${taskReturn}(${one ? one.lower("value") : ""});\n}`,
    );
  }

  streamResult(type: ValueType, taskReturn: string, where: Place): void {
    const end = this.end(type, "result", where);
    const item = this.classes.typeName(end.element!, where);
    const offset = this.frame.operation(end.element, "the result");
    const writer = `StreamWriter<${item}, ${operationsName(end)}>`;
    this.statements.push(this.taskReturn("result: u32", taskReturn), ...writableOperations(end));
    this.members.push(
      view("output", "The writable end of the result, once `resolve` was called.", writer, this.at(offset)),
      `/** Answers the call with a new stream. Call it once. @returns its writable end */\nresolve(): ${writer} {\n` +
        `  const ends = ${builtinName(end, "new")}();\n  const writer = this.output;\n  writer.open(u32(ends >> 32));\n  ${taskReturn}(u32(ends));\n  return writer;\n}`,
    );
    this.exit.push("this.output.close();");
  }

  taskReturn(params: string, name: string): string {
    return external(this.module, `[task-return]${componentName(this.func)}`, `${name}(${params}): void`);
  }

  taskClass(): string {
    const params = this.coreParams.map(({ name, type }) => `${name}: ${type}`).join(", ");
    const edge = (note: string, head: string, lines: readonly string[]): string =>
      `/** ${note} */\n@inline\n${head}: void {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;
    const members = [
      ...this.members,
      edge("Takes the parameters over; called before the guest's function.", `enter(${params})`, this.enter),
      edge(
        "Cancels, then drops, what the guest left; called after the guest's function.",
        "exit()",
        this.exit,
      ),
    ];
    const head = `/** One call of \`${this.func.name}\`: its parameters, and the way to answer it. */\n@unmanaged\nexport class Task`;
    return `${head} {\n${indent(members.join("\n"))}\n}`;
  }
}

function bindTask(func: FunctionType, owner: string, classes: ValueClasses, place: Place): ExportedFunction {
  const binding = new TaskBinding(func, `[export]${owner}`, classes, place);
  func.params.forEach((param, index) => binding.param(index, param.name, param.type));
  binding.result(func.result);
  const namespace = `${commented(func.docs, signature(func))}\nexport namespace ${camelCase(func.name)} {\n${indent(binding.taskClass())}\n}`;
  return {
    statements: [
      ...binding.statements,
      ...frameDeclaration(binding.frame, binding.frameName, `a \`${func.name}\` task`),
      namespace,
    ],
    coreParams: binding.coreParams,
    result: null,
    params: [],
  };
}

function view(member: string, note: string, type: string, address: string): string {
  return `/** ${note} */\n@inline\nget ${member}(): ${type} {\n  // SAFETY: the operation lies in the static frame, at the place that its layout above says.\n  return changetype<${type}>(${address});\n}`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
