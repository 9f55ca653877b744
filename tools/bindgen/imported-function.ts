/** Bindings of the functions that the guest imports. */
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
import { scalar } from "./scalar.js";
import type { ValueClasses } from "./value-classes.js";

/** Statements that bind one imported function. @throws UserError for a type that is not supported */
export function bindImported(func: FunctionType, owner: string, classes: ValueClasses): string[] {
  const place: Place = { owner, path: `func ${func.name}` };
  if (func.kind !== "freestanding")
    throw refused({ kind: "own", resource: func.resource! }, place, "resources are not supported yet");
  return func.async ? bindAsyncCall(func, owner, classes, place) : bindSyncCall(func, owner, classes, place);
}

function bindSyncCall(func: FunctionType, module: string, classes: ValueClasses, place: Place): string[] {
  const params = func.params.map((param) => ({
    name: camelCase(param.name),
    ...scalar(param.type, classes, inside(place, `param ${param.name}`)),
  }));
  const result = func.result ? scalar(func.result, classes, inside(place, "result")) : null;
  const core = `lowered${pascalCase(func.name)}`;
  const coreParams = params.map(({ name, coreType }) => `${name}: ${coreType}`).join(", ");
  const call = `${core}(${params.map(({ name, lower }) => lower(name)).join(", ")})`;
  const head = `export function ${camelCase(func.name)}(${params.map(({ name, typeName }) => `${name}: ${typeName}`).join(", ")})`;
  return [
    external(module, componentName(func), `${core}(${coreParams}): ${result?.coreType ?? "void"}`),
    `${commented(func.docs, signature(func))}\n@inline\n${head}: ${result?.typeName ?? "void"} {\n  ${result ? `return ${result.lift(call)}` : call};\n}`,
  ];
}

/** Builds the namespace of an imported async function: one maker for each stream parameter, and the call. */
class CallBinding {
  readonly frame = new Frame();
  readonly statements: string[] = [];
  readonly members: string[] = [];
  readonly params: string[] = [];
  readonly args: string[] = [];
  readonly coreParams: string[] = [];
  readonly frameName: string;

  constructor(
    readonly func: FunctionType,
    readonly module: string,
    readonly classes: ValueClasses,
    readonly place: Place,
  ) {
    this.frameName = `${func.name.replaceAll("-", "_").toUpperCase()}_CALL`;
  }

  end(type: ValueType, param: number | "result", where: Place): EndOperations {
    if (type.kind !== "stream" || !type.element)
      throw refused(type, where, "of streams and futures, streams with an element type are supported");
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
    if (type.kind !== "stream" && type.kind !== "future") {
      const one = scalar(type, this.classes, where);
      this.params.push(`${member}: ${one.typeName}`);
      this.coreParams.push(`${member}: ${one.coreType}`);
      this.args.push(one.lower(member));
      return;
    }
    const end = this.end(type, param, where);
    const item = this.classes.typeName(end.element!, where);
    const offset = this.frame.operation(end.element, `\`${member}\``);
    const given = this.frame.value({ kind: "u32" }, `readable end that the call gives away as \`${member}\``);
    const writer = `StreamWriter<${item}, ${operationsName(end)}>`;
    this.statements.push(...writableOperations(end));
    this.coreParams.push(`${member}: u32`);
    this.args.push(`load<u32>(${this.at(given)})`);
    this.members.push(
      `/** Makes the stream for parameter \`${name}\`; the next \`call\` gives its readable end away. @returns the writable end; close it when done */\n` +
        `export function ${member}(): ${writer} {\n  ensureWaitableSet();\n  const ends = ${builtinName(end, "new")}();\n` +
        `  // SAFETY: both places lie in the static frame, as its layout above says.\n  store<u32>(${this.at(given)}, u32(ends));\n` +
        `  const writer = changetype<${writer}>(${this.at(offset)});\n  writer.open(u32(ends >> 32));\n  return writer;\n}`,
    );
  }

  call(result: ValueType | null): void {
    const where = inside(this.place, "result");
    const lines = ["ensureWaitableSet();"];
    const args = [...this.args];
    let answer: string | null = null;
    let returns = "void";
    if (result) {
      const place = this.frame.value(
        result.kind === "stream" ? { kind: "u32" } : result,
        "where the host writes the result",
      );
      args.push(this.at(place));
      this.coreParams.push("resultPtr: usize");
      [returns, answer] = this.answer(result, place, where);
    }
    const lowered = `lowered${pascalCase(this.func.name)}`;
    if (this.coreParams.length > (result ? 5 : 4))
      throw refused(this.func.params[0]!.type, this.place, "more than four parameters are not supported yet");
    lines.push(
      "// SAFETY: the frame is static, and its layout above says what lies where.",
      `awaitSubtask(${lowered}(${args.join(", ")}));`,
    );
    if (answer !== null) lines.push(`${answer};`);
    this.statements.push(
      external(
        this.module,
        `[async-lower]${componentName(this.func)}`,
        `${lowered}(${this.coreParams.join(", ")}): u32`,
      ),
    );
    this.members.push(
      `${commented(this.func.docs, signature(this.func))}\nexport function call(${this.params.join(", ")}): ${returns} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`,
    );
  }

  /** The call's result type and the statement that returns it. */
  answer(result: ValueType, place: number, where: Place): [string, string] {
    if (result.kind !== "stream") {
      const one = scalar(result, this.classes, where);
      const isPlainResult = result.kind === "result";
      return [
        one.typeName,
        `return ${isPlainResult ? `load<u8>(${this.at(place)}) == 0` : `load<${one.typeName}>(${this.at(place)})`}`,
      ];
    }
    const end = this.end(result, "result", where);
    const item = this.classes.typeName(end.element!, where);
    const offset = this.frame.operation(end.element, "the result");
    const reader = `StreamReader<${item}, ${operationsName(end)}>`;
    this.statements.push(...readableOperations(end));
    return [
      reader,
      `const reader = changetype<${reader}>(${this.at(offset)});\n  reader.open(load<u32>(${this.at(place)}));\n  return reader`,
    ];
  }
}

function bindAsyncCall(func: FunctionType, module: string, classes: ValueClasses, place: Place): string[] {
  const binding = new CallBinding(func, module, classes, place);
  func.params.forEach((param, index) => binding.param(index, param.name, param.type));
  binding.call(func.result);
  const body = binding.members.join("\n").replaceAll(/^(?=.)/gm, "  ");
  const namespace = `/** Calls of \`${func.name}\`, one at a time; each waits until the callee has returned. */\nexport namespace ${camelCase(func.name)} {\n${body}\n}`;
  return [
    ...binding.statements,
    ...frameDeclaration(binding.frame, binding.frameName, `a call of \`${func.name}\``),
    namespace,
  ];
}
