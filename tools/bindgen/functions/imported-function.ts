/** Bindings of the functions that the guest imports. */
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, flatten } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import { componentName } from "../../wit/function-name.js";
import { CallBinding } from "./call-binding.js";
import { external } from "../ends/copy-operations.js";
import { commented, frameDeclaration, signature } from "../declarations.js";
import { Frame } from "./frame.js";
import { functionConstant, functionLabel, identifierPart, memberNames } from "../names/names.js";
import {
  type PassedValue,
  coreParamsOf,
  passedValue,
  placeFunction,
  staticPlace,
} from "../types/passed-value.js";
import { ParamsInMemory } from "./params-in-memory.js";
import { type Place, inside } from "../refuse.js";
import type { ValueClasses } from "../types/value-classes.js";

/** Statements that bind one imported function. @throws UserError for a type that is not supported */
export function bindImported(func: FunctionType, owner: string, classes: ValueClasses): string[] {
  const place: Place = { owner, path: `func ${func.name}` };
  if (func.async) return bindAsyncCall(func, owner, classes, place);
  const name = classes.functionName(func);
  const { before, text, after } = bindSyncCall(func, owner, classes, place, `export function ${name}`);
  return [...before, text, ...after];
}

/**
 * Binds the sync functions of one resource as members of its class.
 * @throws UserError for a type that is not supported
 */
export function bindMethods(
  functions: readonly FunctionType[],
  owner: string,
  classes: ValueClasses,
): { readonly statements: readonly string[]; readonly members: readonly string[] } {
  const names = resourceMemberNames(functions);
  const bound = functions.map((func, index) => {
    const place: Place = { owner, path: `func ${componentName(func)}` };
    const head = `${func.kind === "method" ? "" : "static "}${names[index]!}`;
    return bindSyncCall(func, owner, classes, place, head);
  });
  return {
    statements: bound.flatMap(({ before, after }) => [...before, ...after]),
    members: bound.map(({ text }) => text),
  };
}

/** A constructor is `create`, whatever else the resource has. */
function resourceMemberNames(functions: readonly FunctionType[]): string[] {
  const hasConstructor = functions.some(({ kind }) => kind === "constructor");
  const named = functions.filter(({ kind }) => kind !== "constructor").map(({ name }) => name);
  const names = memberNames(named, hasConstructor ? ["drop", "create"] : ["drop"]);
  return functions.map(({ kind }) => (kind === "constructor" ? "create" : names.shift()!));
}

type Param = PassedValue & { readonly name: string };

/** A function's text, and the statements that go before and after it or its class. */
interface SyncCall {
  readonly before: readonly string[];
  readonly text: string;
  readonly after: readonly string[];
}

/** @param declared what stands before the parameters; a method's object is `this` */
function bindSyncCall(
  func: FunctionType,
  module: string,
  classes: ValueClasses,
  place: Place,
  declared: string,
): SyncCall {
  const names = memberNames(func.params.map((param) => param.name));
  if (func.kind === "method") names[0] = "this";
  const params = func.params.map((param, index): Param => ({
    name: names[index]!,
    ...passedValue(param.type, classes, inside(place, `param ${param.name}`)),
  }));
  const result = func.result ? passedValue(func.result, classes, inside(place, "result")) : null;
  const frame = new Frame();
  const frameName = `${functionConstant(func)}_CALL`;
  const at = (offset: number): string => (offset === 0 ? frameName : `${frameName} + ${offset}`);
  const body: string[] = [];
  const inMemory = func.params.flatMap((param) => flatten(param.type)).length > MAX_FLAT_PARAMS;
  const memory = new ParamsInMemory(params);
  const args = inMemory
    ? [memory.lower(frame, at, body)]
    : params.flatMap((param) => param.lower(param.name));
  const coreParams = inMemory
    ? ["params: usize"]
    : params
        .flatMap((param) => coreParamsOf(param.name, param))
        .map(({ name, type }) => `${name === "this" ? "self" : name}: ${type}`);
  const answer = syncAnswer(result, frame, at);
  args.push(...answer.args);
  coreParams.push(...answer.coreParams);
  const core = `lowered_${identifierPart(componentName(func))}`;
  body.push(...answer.statements(`${core}(${args.join(", ")})`));
  const safety =
    frame.byteLength > 0 || params.some((param) => param.view)
      ? [
          "// SAFETY: a view is the address of a value in canonical layout; the frame is static, laid out as drawn above.",
        ]
      : [];
  const inline = safety.length === 0 ? "@inline\n" : "";
  const written = func.kind === "method" ? params.slice(1) : params;
  const head = `${declared}(${written.map(({ name, typeName }) => `${name}: ${typeName}`).join(", ")})`;
  const before = [
    external(
      module,
      { builtin: null, subject: componentName(func) },
      `${core}(${coreParams.join(", ")}): ${answer.coreResult}`,
    ),
    ...frameDeclaration(frame, frameName, `a call of \`${functionLabel(func)}\``),
  ];
  const text = `${commented(func.docs, signature(func))}\n${inline}${head}: ${result?.typeName ?? "void"} {\n  ${[...safety, ...body].join("\n  ")}\n}`;
  return { before, text, after: placesOf(func, params, classes) };
}

interface SyncAnswer {
  readonly args: readonly string[];
  readonly coreParams: readonly string[];
  readonly coreResult: string;
  readonly statements: (call: string) => string[];
}

function syncAnswer(result: PassedValue | null, frame: Frame, at: (offset: number) => string): SyncAnswer {
  const none = { args: [], coreParams: [] };
  if (!result) return { ...none, coreResult: "void", statements: (call) => [`${call};`] };
  const coreResult = result.coreTypes[0]!;
  if (!result.view && result.coreTypes.length === 1)
    return { ...none, coreResult, statements: (call) => [`return ${result.lift(call)};`] };
  const place = at(frame.value(result.type, "the result"));
  const answer = result.view
    ? `return changetype<${result.typeName}>(${place});`
    : `return loadElement<${result.typeName}>(${place});`;
  if (result.coreTypes.length > MAX_FLAT_RESULTS) {
    const statements = (call: string): string[] => [`${call};`, answer];
    return { args: [place], coreParams: ["resultPtr: usize"], coreResult: "void", statements };
  }
  const statements = (call: string): string[] => [
    `const core_result = ${call};`,
    ...result.store(place, 0, ["core_result"]),
    answer,
  ];
  return { ...none, coreResult, statements };
}

/** For each parameter that is a view, a place to build it. */
function placesOf(func: FunctionType, params: readonly Param[], classes: ValueClasses): string[] {
  const views = params.flatMap((param, index) =>
    param.view ? [{ ...param, constant: `${functionConstant(func)}_PARAM_${index}` }] : [],
  );
  if (views.length === 0) return [];
  const constants = views.map(({ name, type, constant }) =>
    staticPlace(constant, type, `Parameter \`${name}\` of \`${functionLabel(func)}\``),
  );
  const functions = views.map(({ name, typeName, constant }) =>
    placeFunction(name, typeName, constant, `A place to build parameter \`${name}\`: fill it, pass it.`),
  );
  const namespace = `/** Places to build the parameters of \`${functionLabel(func)}\`. */\nexport namespace ${classes.functionName(func)} {\n${functions.join("\n").replaceAll(/^(?=.)/gm, "  ")}\n}`;
  return [...constants, namespace];
}

function bindAsyncCall(func: FunctionType, module: string, classes: ValueClasses, place: Place): string[] {
  const binding = new CallBinding(func, module, classes, place);
  func.params.forEach((param, index) => {
    binding.param(index, param.name, param.type);
  });
  binding.call(func.result);
  const { table, members } = binding.sideBySide();
  const body = [...binding.members, ...members].join("\n").replaceAll(/^(?=.)/gm, "  ");
  const namespace = `/** Calls of \`${functionLabel(func)}\`, one at a time; each waits until the callee has returned. */\nexport namespace ${classes.functionName(func)} {\n${body}\n}`;
  return [
    ...binding.statements,
    table,
    ...frameDeclaration(binding.frame, binding.frameName, `a call of \`${functionLabel(func)}\``),
    namespace,
  ];
}
