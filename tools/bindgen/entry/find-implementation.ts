/**
 * The guest's own functions that implement what its world exports, and what to write where one is missing.
 */
import { UserError } from "../../errors/user-error.js";
import type { GuestSourceItems, UserFunction } from "../../source/user-functions.js";
import type { FunctionType, Resource } from "../../wit/model.js";
import type { BindingPart } from "../bound-world.js";
import type { ExportedFunction } from "../functions/exported-function.js";
import type { GuestTypes } from "../names/guest-names.js";
import { functionLabel } from "../names/names.js";
import { isState } from "../types/kinds.js";

/** A guest as its world is matched with it. */
export interface Guest {
  readonly items: GuestSourceItems;
  /** What its source names, by the bindings that it comes from. */
  readonly types: GuestTypes;
  /** The guest's file as the user named it, for messages. */
  readonly path: string;
}

/**
 * The function that takes the `Task` of an async function, under any name.
 * @throws UserError when there is none or several, or it does not fit
 */
export function findTask(func: FunctionType, part: BindingPart, { items, types, path }: Guest): UserFunction {
  const type = `${part.classes.functionName(func)}.Task`;
  const takes = (written: string): boolean => types.fits(written, type, part);
  const fits = (candidate: UserFunction): boolean => candidate.params.some((param) => takes(param.type));
  const found = items.functions.filter(fits);
  const expected = `export function run(task: ${type}): void`;
  if (found.length === 0) {
    requireExported(items.hidden.find(fits), functionLabel(func), path);
    requireKnownNames({ items, types, path });
    throw new UserError(
      `${path}: no exported function takes a ${type}, so nothing implements \`${functionLabel(func)}\`; write \`${expected}\`${passedOn(items)}`,
    );
  }
  const [guest] = found;
  const second = found.find(({ line, column }) => line !== guest!.line || column !== guest!.column);
  if (second) {
    throw new UserError(
      `${path}:${second.line}: ${guest!.name} and ${second.name} both take a ${type}; one function implements \`${functionLabel(func)}\``,
    );
  }
  if (guest!.params.length !== 1 || guest!.result !== null) {
    throw new UserError(
      `${path}:${guest!.line}: ${guest!.name} does not fit \`${functionLabel(func)}\`; write \`${expected}\``,
    );
  }
  return guest!;
}

/** The function of a sync function's name. @throws UserError when there is none, or it does not fit */
export function findSync(
  func: FunctionType,
  name: string,
  bound: ExportedFunction,
  part: BindingPart,
  { items, types, path }: Guest,
): UserFunction {
  const params = bound.params.map((param) => `${param.name}: ${param.typeName}`).join(", ");
  const expected = `export function ${name}(${params}): ${bound.result?.typeName ?? "void"}`;
  const guest = items.functions.find((candidate) => candidate.name === name);
  if (!guest) {
    requireExported(
      items.hidden.find((item) => item.name === name),
      functionLabel(func),
      path,
    );
    requireKnownNames({ items, types, path });
    throw new UserError(
      `${path}: nothing implements \`${functionLabel(func)}\` of ${part.owner}; write \`${expected}\`${passedOn(items)}`,
    );
  }
  const fits =
    guest.params.length === bound.params.length &&
    guest.params.every(
      (param, index) =>
        types.fits(param.type, bound.params[index]!.typeName, part) ||
        (isState(bound.params[index]!.type) && isClassName(param.type)),
    ) &&
    types.fits(guest.result ?? "void", bound.result?.typeName ?? "void", part);
  if (!fits)
    throw new UserError(
      `${path}:${guest.line}: ${name} does not fit \`${functionLabel(func)}\`; write \`${expected}\``,
    );
  bound.params.forEach((param, index) => {
    if (isState(param.type)) requireExportedClass(guest.params[index]!.type, items, path);
  });
  return guest;
}

/**
 * Where a function is missing, the guest may have one whose types come from bindings that are not there.
 * @throws UserError for a file of bindings, or a name in one, that the world does not have
 */
function requireKnownNames({ items, types, path }: Guest): void {
  for (const one of items.imports) {
    const wrong = types.unknown(one, items.functions);
    if (wrong !== null) throw new UserError(`${path}:${one.line}:${one.column}: ${wrong}`);
  }
}

/** What to add where a function is missing that another file may have. */
function passedOn({ passedOn: [file] }: GuestSourceItems): string {
  return file === undefined ? "" : ` in this file: what it exports from "${file}" is not looked at`;
}

/**
 * The destructor of a resource that the guest implements.
 * @throws UserError when there is none, or it does not fit
 */
export function findDestructor(resource: Resource, name: string, { items, path }: Guest): UserFunction {
  const expected = `export function ${name}(state: usize): void`;
  const guest = items.functions.find((candidate) => candidate.name === name);
  if (!guest) {
    requireExported(
      items.hidden.find((item) => item.name === name),
      resource.name,
      path,
    );
    throw new UserError(
      `${path}: nothing ends a \`${resource.name}\` of ${resource.owner}; write \`${expected}\`, or with your own @unmanaged class in place of usize${passedOn(items)}`,
    );
  }
  if (guest.params.length !== 1 || guest.result !== null)
    throw new UserError(
      `${path}:${guest.line}: ${name} does not fit \`${resource.name}\`; write \`${expected}\``,
    );
  requireExportedClass(guest.params[0]!.type, items, path);
  return guest;
}

/** @throws UserError when the function that is wanted is there and its file keeps it to itself */
function requireExported(guest: UserFunction | undefined, label: string, path: string): void {
  if (!guest) return;
  throw new UserError(
    `${path}:${guest.line}:${guest.column}: ${guest.name} implements \`${label}\` but is not exported; write \`export function ${guest.name}\``,
  );
}

/** @throws UserError when a class that the entry has to name is one that its file keeps to itself */
function requireExportedClass(type: string, { classes }: GuestSourceItems, path: string): void {
  const found = classes.find((candidate) => candidate.name === type);
  if (!found || found.isExported) return;
  throw new UserError(
    `${path}:${found.line}:${found.column}: the state class ${type} is not exported, and the module's entry has to name it; write \`export class ${type}\``,
  );
}

/** Whether the guest wrote a class of its own, exported from its source. */
function isClassName(type: string): boolean {
  return /^[A-Z][\w$]*$/.test(type);
}
