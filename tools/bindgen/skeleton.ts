/**
 * A guest's source to start from: every function that its world exports, each
 * with the smallest body that fits.
 */
import { componentName } from "../wit/function-name.js";
import type { FunctionType, Resource, World } from "../wit/model.js";
import { localName } from "../wit/wit-docs.js";
import { type BindingPart, bindWorld } from "./bound-world.js";
import { commented, signature } from "./declarations.js";
import { bindExported } from "./functions/exported-function.js";
import { namesFrom } from "./generate.js";
import { guestNames, replaceNames } from "./names/guest-names.js";
import { wrapLines } from "./wrap-lines.js";
import { NameScope, camelCase, functionLabel, memberNames, plainPascalCase } from "./names/names.js";
import { type PassedValue, passedValue } from "./types/passed-value.js";
import { isHandleObject } from "./types/kinds.js";

/**
 * @param bindings import path of the bindings' folder
 * @returns the source's text
 * @throws UserError for an unsupported type
 */
export function generateSkeleton(world: World, bindings: string): string {
  const skeleton = new Skeleton(bindings);
  const { parts } = bindWorld(world);
  const names = guestNames(parts);
  const exported = parts.filter((part) => part.exported);
  for (const part of exported) {
    for (const func of part.functions) if (!func.async) skeleton.reserve(names.func(part, func));
    for (const resource of part.resources) skeleton.reserve(names.destructor(part, resource));
  }
  for (const part of exported) {
    for (const func of part.functions) skeleton.add(part, func, names.func(part, func));
    for (const resource of part.resources) skeleton.addDestructor(resource, names.destructor(part, resource));
  }
  return skeleton.text();
}

class Skeleton {
  private readonly names = new NameScope();
  /** By file: imported names, each under its own or another. */
  private readonly imports = new Map<string, Map<string, string>>();
  private readonly functions: string[] = [];

  constructor(readonly bindings: string) {}

  /** Keeps a function's name from what is imported. */
  reserve(name: string): void {
    this.names.claim(`guest ${name}`, name);
  }

  addDestructor(resource: Resource, name: string): void {
    this.functions.push(
      `/** Ends a \`${resource.name}\`. */\nexport function ${name}(state: usize): void {}`,
    );
  }

  add(part: BindingPart, func: FunctionType, name: string): void {
    const type = (typeName: string): string =>
      replaceNames(typeName, (local, rest) => this.import(part, local) + rest);
    const comment = commented(func.docs, signature(func));
    if (func.async) {
      const namespace = this.import(part, part.classes.functionName(func));
      const run = this.names.claim(
        `run ${part.file} ${componentName(func)}`,
        ...[`run-${functionLabel(func)}`, `run-${localName(part.owner)}-${functionLabel(func)}`].map(
          camelCase,
        ),
      );
      const answer = this.answer(part, func, type);
      // A future has to be written: what its slot holds at first is zeros.
      const written = func.result?.kind === "future" ? ".write()" : "";
      this.functions.push(
        `${comment}\nexport function ${run}(task: ${namespace}.Task): void {\n  task.resolve(${answer})${written};\n}`,
      );
      return;
    }
    const bound = bindExported(func, part.owner, part.classes);
    const { result } = bound;
    const types = bound.params.map((param) => type(param.typeName));
    const value = result && this.value(part, func, result, type(result.typeName));
    // A parameter would hide the function of the same name that the body calls.
    const called = value === null ? [] : [value.replace("()", "")];
    const names = memberNames(
      func.params.map((param) => param.name),
      called,
    );
    const params = names.map((param, index) => `${param}: ${types[index]!}`).join(", ");
    const body = value === null ? [] : [`  return ${value};`];
    const head = `${comment}\nexport function ${name}(${params}): ${result ? type(result.typeName) : "void"} {`;
    this.functions.push(body.length > 0 ? [head, ...body, "}"].join("\n") : `${head}}`);
  }

  /** What a task resolves with; the ends of a stream or future are made by `resolve` itself. */
  private answer(
    { classes, owner }: BindingPart,
    { name, result }: FunctionType,
    type: (name: string) => string,
  ): string {
    if (!result || result.kind === "stream" || result.kind === "future") return "";
    const value = passedValue(result, classes, { owner, path: `func ${name}, result` });
    return value.view ? "task.output" : smallest(value, type(value.typeName));
  }

  private value(part: BindingPart, func: FunctionType, result: PassedValue, type: string): string {
    if (!result.view) return smallest(result, type);
    const place = part.classes.names.claim(
      `result of ${componentName(func)}`,
      camelCase(`${functionLabel(func)}-result`),
    );
    return `${this.import(part, place)}()`;
  }

  private import({ file, owner }: BindingPart, name: string): string {
    const names = this.imports.get(file) ?? new Map<string, string>();
    this.imports.set(file, names);
    const local = this.names.claim(`${file} ${name}`, name, qualified(owner, name));
    names.set(name, local);
    return local;
  }

  text(): string {
    const imports = [...this.imports].map(([file, names]) => {
      const list = [...names].map(([name, local]) => (name === local ? name : `${name} as ${local}`));
      return `${namesFrom("import", list.sort(), `${this.bindings}/${file}`)}\n`;
    });
    const front = imports.length > 0 ? `${imports.join("")}\n` : "";
    return `${front}${wrapLines(this.functions.join("\n\n"))}\n`;
  }
}

/** A name of bindings with its interface's in front: `P` of `t:t/b` → `BP`, `go` → `bGo`. */
function qualified(owner: string, name: string): string {
  const front = owner === "$root" ? "world" : localName(owner);
  const isType = /^[A-Z]/.test(name);
  return (isType ? plainPascalCase(front) : camelCase(front)) + name.charAt(0).toUpperCase() + name.slice(1);
}

/** Zero, or what has no length. */
function smallest(value: PassedValue, type: string): string {
  if (value.coreTypes.length > 1) return value.type.kind === "string" ? '""' : `changetype<${type}>(0)`;
  if (isHandleObject(value.type)) return `changetype<${type}>(0)`;
  return type === "bool" ? "false" : "0";
}
