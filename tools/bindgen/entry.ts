/** The module that asc compiles: it joins the guest's functions with the world's exports. */
import type { UserFunction } from "../build/user-functions.js";
import { UserError } from "../errors/user-error.js";
import { componentName } from "../wit/function-name.js";
import type { FunctionType, World } from "../wit/model.js";
import { type ExportedFunction, bindExported } from "./exported-function.js";
import { type BindingPart, bindingParts } from "./generate.js";
import { camelCase } from "./names.js";
import { ValueClasses } from "./value-classes.js";

/** An AssemblyScript export and the name that the Component Model gives it. */
export interface EntryExport {
  readonly internal: string;
  readonly canonical: string;
}

/** The entry's text and its exports. */
export interface GeneratedEntry {
  readonly source: string;
  readonly exports: readonly EntryExport[];
}

/**
 * Matches the guest's exported functions with the world's exports.
 * An async function is the one whose parameter is that function's `Task`, under any name; a sync one goes by its name.
 * @param guestModule    import path of the guest's file, from the entry
 * @param bindingsFolder import path of the bindings' folder, from the entry
 * @param entryPath      the guest's file as the user named it, for messages
 * @throws UserError when a function is missing or its signature does not fit, with the signature that does
 */
export function generateEntry(
  world: World,
  functions: readonly UserFunction[],
  guestModule: string,
  bindingsFolder: string,
  entryPath: string,
): GeneratedEntry {
  const exports: EntryExport[] = [];
  const imports: string[] = [];
  const statements: string[] = [];
  for (const part of bindingParts(world).filter((candidate) => candidate.exported)) {
    const classes = new ValueClasses();
    for (const func of part.functions) {
      const number = String(exports.filter((name) => name.internal.startsWith("lift")).length);
      const bound = bindExported(func, part.owner, classes);
      const canonical = `${part.owner === "$root" ? "" : `${part.owner}#`}${componentName(func)}`;
      if (func.async) {
        const guest = findTask(func, functions, entryPath);
        imports.push(
          `import { ${camelCase(func.name)} as bindings${number} } from "${bindingsFolder}/${part.file}";`,
        );
        imports.push(`import { ${guest.name} as guest${number} } from "${guestModule}";`);
        statements.push(taskEntry(number, canonical, bound));
        exports.push({ internal: `lift${number}`, canonical: `[async-lift]${canonical}` });
        exports.push({ internal: `callback${number}`, canonical: `[callback][async-lift]${canonical}` });
      } else {
        const guest = findSync(func, bound, functions, entryPath, part);
        imports.push(`import { ${guest.name} as guest${number} } from "${guestModule}";`);
        const types =
          classes.declarations.length > 0
            ? `import * as types${number} from "${bindingsFolder}/${part.file}";`
            : "";
        if (types) imports.push(types);
        statements.push(syncEntry(number, canonical, bound));
        exports.push({ internal: `lift${number}`, canonical });
      }
    }
  }
  return { source: `${[...imports, ...statements].join("\n")}\n`, exports };
}

function coreParams(bound: ExportedFunction): string {
  return bound.coreParams.map(({ name, type }) => `${name}: ${type}`).join(", ");
}

function taskEntry(number: string, canonical: string, bound: ExportedFunction): string {
  const args = bound.coreParams.map(({ name }) => name).join(", ");
  return `
/** ${canonical} */
export function lift${number}(${coreParams(bound)}): i32 {
  // SAFETY: a Task holds no state of its own; its parts lie in the static frame.
  const task = changetype<bindings${number}.Task>(0);
  task.enter(${args});
  guest${number}(task);
  task.exit();
  return 0;
}
/** Never called: the lifted function waits inside and always answers EXIT. */
export function callback${number}(event: i32, waitable: i32, payload: i32): i32 {
  return unreachable();
}`;
}

function syncEntry(number: string, canonical: string, bound: ExportedFunction): string {
  const args = bound.params
    .map(({ name, lift, typeName }) => (isCoreName(typeName) ? lift(name) : name))
    .join(", ");
  const call = `guest${number}(${args})`;
  const body = bound.result ? `return ${bound.result.lower(call)};` : `${call};`;
  return `
/** ${canonical} */
export function lift${number}(${coreParams(bound)}): ${bound.result?.coreType ?? "void"} {
  ${body}
}`;
}

/** Whether a type is AssemblyScript's own: an alias of the bindings is a number, and converts without a word. */
function isCoreName(typeName: string): boolean {
  return /^(bool|[iuf]\d+)$/.test(typeName);
}

function findTask(func: FunctionType, functions: readonly UserFunction[], entryPath: string): UserFunction {
  const type = `${camelCase(func.name)}.Task`;
  const found = functions.filter((candidate) => candidate.params.some((param) => param.type === type));
  const expected = `export function run(task: ${type}): void`;
  if (found.length === 0) {
    throw new UserError(
      `${entryPath}: no exported function takes a ${type}, so nothing implements \`${func.name}\`; write \`${expected}\``,
    );
  }
  const [guest, second] = found;
  if (second) {
    throw new UserError(
      `${entryPath}:${String(second.line)}: ${guest!.name} and ${second.name} both take a ${type}; one function implements \`${func.name}\``,
    );
  }
  if (guest!.params.length !== 1 || guest!.result !== null) {
    throw new UserError(
      `${entryPath}:${String(guest!.line)}: ${guest!.name} does not fit \`${func.name}\`; write \`${expected}\``,
    );
  }
  return guest!;
}

function findSync(
  func: FunctionType,
  bound: ExportedFunction,
  functions: readonly UserFunction[],
  entryPath: string,
  part: BindingPart,
): UserFunction {
  const name = camelCase(func.name);
  const params = bound.params.map((param) => `${param.name}: ${param.typeName}`).join(", ");
  const expected = `export function ${name}(${params}): ${bound.result?.typeName ?? "void"}`;
  const guest = functions.find((candidate) => candidate.name === name);
  if (!guest)
    throw new UserError(
      `${entryPath}: nothing implements \`${func.name}\` of ${part.owner}; write \`${expected}\``,
    );
  const fits =
    guest.params.length === bound.params.length &&
    guest.params.every((param, index) => param.type === bound.params[index]!.typeName) &&
    guest.result === (bound.result?.typeName ?? null);
  if (!fits)
    throw new UserError(
      `${entryPath}:${String(guest.line)}: ${name} does not fit \`${func.name}\`; write \`${expected}\``,
    );
  return guest;
}
