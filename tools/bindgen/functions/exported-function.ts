/** Bindings of the functions that the guest exports. */
import { componentName } from "../../wit/function-name.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { commented, frameDeclaration, signature } from "../declarations.js";
import { Frame } from "./frame.js";
import { camelCase, functionConstant, functionLabel, memberNames } from "../names/names.js";
import {
  type PassedValue,
  coreParamsOf,
  passedValue,
  placeFunction,
  staticPlace,
} from "../types/passed-value.js";
import { type Place, inside } from "../refuse.js";
import { TaskBinding } from "./task-binding.js";
import type { ValueClasses } from "../types/value-classes.js";

/** Statements for the bindings file, and what the entry needs to call the guest. */
export interface ExportedFunction {
  readonly statements: readonly string[];
  /** Core parameters of the lifted function, in order. */
  readonly coreParams: readonly { readonly name: string; readonly type: string }[];
  /** A sync function's result, null when it has none. */
  readonly result: PassedValue | null;
  /** A sync function's parameters. */
  readonly params: readonly (PassedValue & { readonly name: string })[];
}

/** Binds one exported function. @throws UserError for a type that is not supported */
export function bindExported(func: FunctionType, owner: string, classes: ValueClasses): ExportedFunction {
  const place: Place = { owner, path: `func ${func.name}` };
  return func.async ? bindTask(func, owner, classes, place) : bindSync(func, classes, place);
}

function bindSync(func: FunctionType, classes: ValueClasses, place: Place): ExportedFunction {
  const names = memberNames(func.params.map((param) => param.name));
  const params = func.params.map((param, index) => ({
    name: names[index]!,
    ...passedValue(param.type, classes, inside(place, `param ${param.name}`)),
  }));
  const result = func.result ? passedValue(func.result, classes, inside(place, "result")) : null;
  return {
    statements: result?.view ? resultPlace(func, func.result!, result, classes) : [],
    coreParams: params.flatMap((param) => coreParamsOf(param.name, param)),
    result,
    params,
  };
}

function resultPlace(
  func: FunctionType,
  type: ValueType,
  result: PassedValue,
  classes: ValueClasses,
): string[] {
  const constant = `${functionConstant(func)}_RESULT`;
  const name = classes.names.claim(
    `result of ${componentName(func)}`,
    camelCase(`${functionLabel(func)}-result`),
  );
  const note = `A place to build the result of \`${signature(func)}\`: fill it, return it.`;
  return [
    staticPlace(constant, type, `The result of a \`${functionLabel(func)}\` call`),
    placeFunction(name, result.typeName, constant, note),
  ];
}

function bindTask(func: FunctionType, owner: string, classes: ValueClasses, place: Place): ExportedFunction {
  const binding = new TaskBinding(func, `[export]${owner}`, classes, place);
  func.params.forEach((param, index) => {
    binding.param(index, param.name, param.type);
  });
  binding.result(func.result);
  const namespace = `${commented(func.docs, signature(func))}\nexport namespace ${classes.functionName(func)} {\n${binding.taskClass().replaceAll(/^(?=.)/gm, "  ")}\n}`;
  return {
    statements: [
      ...binding.statements,
      ...frameDeclaration(binding.frame, binding.frameName, `a \`${functionLabel(func)}\` task`),
      namespace,
    ],
    coreParams: binding.coreParams,
    result: null,
    params: [],
  };
}

/** Where the entry keeps a sync function's parameters that are views. */
export function paramFrame(bound: ExportedFunction): { frame: Frame; offsets: readonly (number | null)[] } {
  const frame = new Frame();
  const offsets = bound.params.map((param) => (param.view ? frame.value(param.type, param.name) : null));
  return { frame, offsets };
}
