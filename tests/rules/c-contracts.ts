import { cFunctions, type CFunction, type CParameter } from "./c-declarations.js";

/** What the C host implements: headings of CanonicalABI.md, without their signs. */
const SPEC = new Set([
  "Canonical ABI Options",
  "Flat Lifting",
  "Flat Lowering",
  "Future State",
  "Lifting and Lowering Values",
  "Loading",
  "Storing",
  "Stream State",
  "Subtask State",
  "Tasks",
  "canon backpressure.{inc,dec}",
  "canon context.get",
  "canon context.set",
  "canon future.{read,write}",
  "canon lift",
  "canon lower",
  "canon resource.drop",
  "canon resource.new",
  "canon resource.rep",
  "canon stream.{read,write}",
  "canon subtask.cancel",
  "canon subtask.drop",
  "canon task.cancel",
  "canon task.return",
  "canon thread.yield",
  "canon waitable-set.drop",
  "canon waitable-set.new",
  "canon waitable-set.poll",
  "canon waitable-set.wait",
  "canon waitable.join",
  "canon {stream,future}.cancel-{read,write}",
  "canon {stream,future}.drop-{readable,writable}",
  "canon {stream,future}.new",
]);

/** Names of numbers that count something, and the words that say what. */
const COUNTS = /(?:length|bytes|count|places|available|align|item)$/;
const UNITS = /\b(?:bytes?|elements?|items?|places?|imports|streams)\b/;

/**
 * What is missing in the contracts of a public C header: `line: function: what`. Each function, and each one
 * that a member of a struct points to, describes its parameters, in their order, and its result. The comment
 * under the name of a section speaks for all functions of the section. Besides:
 * - what counts says what it counts;
 * - `Lends:` is there where an address in the guest's memory is taken, or, as
 *   `sources` say, a pointer is kept;
 * - `Traps:` is there where the result may say that the guest trapped;
 * - `Spec:` names headings of CanonicalABI.md; each built-in has one.
 */
export function brokenContracts(text: string, sources: readonly string[]): string[] {
  return cFunctions(text).flatMap((declared) =>
    (declared.doc === undefined ? ["no doc comment"] : faults(declared, declared.doc, sources)).map(
      (what) => `${declared.line}: ${declared.name}: ${what}`,
    ),
  );
}

function faults(declared: CFunction, doc: string, sources: readonly string[]): string[] {
  const has = (label: string): boolean => doc.includes(label);
  const returns = [...doc.matchAll(RETURNS), ...declared.section.notes.matchAll(RETURNS)].map(([all]) => all);
  const mayTrap = !declared.isMember && declared.returns === "bool" && /\btrap/.test(returns[0] ?? "");
  const lends = declared.parameters.some(isAddress) || keptPointers(declared, sources).length > 0;
  return [
    ...parameterFaults(declared, doc),
    ...(declared.returns === "void" && has("@returns") ? ["@returns of nothing"] : []),
    ...(declared.returns !== "void" && returns.length === 0 ? ["no @returns"] : []),
    ...(lends && !has("Lends:") ? ["no Lends:"] : []),
    ...(mayTrap && !has("Traps:") ? ["no Traps:"] : []),
    ...(declared.section.name === "Built-ins" && !has("Spec:") ? ["no Spec:"] : []),
    ...specs(doc)
      .filter((heading) => !SPEC.has(heading))
      .map((heading) => `no heading "${heading}"`),
  ];
}

const RETURNS = /@returns[^@]*/g;

function parameterFaults({ parameters, section }: CFunction, doc: string): string[] {
  const own = described(doc);
  const shared = described(section.notes);
  const names = parameters.map(({ name }) => name);
  const ordered = [...own.keys()].filter((name) => names.includes(name));
  const isOrdered = ordered.every(
    (name, at) => at === 0 || names.indexOf(name) > names.indexOf(ordered[at - 1]!),
  );
  return [
    ...names.filter((name) => !own.has(name) && !shared.has(name)).map((name) => `no @param ${name}`),
    ...[...own.keys()].filter((name) => !names.includes(name)).map((name) => `@param ${name} is none`),
    ...(isOrdered ? [] : ["@param in another order"]),
    ...parameters
      .filter(({ name, type }) => COUNTS.test(name) && /^(?:uint|size_t)/.test(type) && !type.includes("*"))
      .filter(({ name }) => !UNITS.test(own.get(name) ?? shared.get(name) ?? "bytes"))
      .map(({ name }) => `@param ${name} without what it counts`),
  ];
}

/** What a comment says of each parameter. */
function described(comment: string): Map<string, string> {
  return new Map([...comment.matchAll(/@param +(\w+)([^@]*)/g)].map(([, name, text]) => [name!, text!]));
}

function isAddress({ name, type }: CParameter): boolean {
  return name === "ptr" && type === "uint32_t";
}

/** The pointers that the function's body stores in what outlives the call. */
function keptPointers({ name, parameters, isMember }: CFunction, sources: readonly string[]): string[] {
  if (isMember) return [];
  const bodies = sources.flatMap((source) => [
    ...source.matchAll(new RegExp(`^[\\w *]*\\b${name}\\([^;{]*\\)\\n\\{\\n([\\s\\S]*?)^\\}`, "gm")),
  ]);
  return parameters
    .filter(({ type }) => type.includes("*"))
    .map((parameter) => parameter.name)
    .filter((pointer) =>
      bodies.some(([, body]) => new RegExp(`\\w(?:->|\\.)[\\w.]+ = ${pointer};`).test(body!)),
    );
}

/** The headings that a comment names. */
function specs(doc: string): string[] {
  return [...doc.matchAll(/Spec: +([^\n]*?)(?: \*\/)?$/gm)].flatMap(([, text]) =>
    text!.startsWith("CanonicalABI.md, ") ? text!.slice("CanonicalABI.md, ".length).split("; ") : [text!],
  );
}
