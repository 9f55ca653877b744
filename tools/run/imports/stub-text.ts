/** The JavaScript that a file of imports lacks, as it can be pasted. */
import type { FunctionType, ValueType } from "../../wit/model.js";
import { witType } from "../../wit/wit-type.js";
import { type ImportedFunction } from "./imported-function.js";
import { plainCamelCase, plainPascalCase } from "../../bindgen/names/names.js";
import { moduleKey } from "./js-names.js";

/** A whole file that has the functions, and answers with zeros. */
export function stubFile(functions: readonly ImportedFunction[]): string {
  return `export default {\n${stubMembers(functions)}};\n`;
}

/** What is to be added to the default export. */
export function stubMembers(functions: readonly ImportedFunction[]): string {
  const keys = [...new Set(functions.map(moduleKey))];
  return keys
    .map((key) => {
      const own = functions.filter((one) => moduleKey(one) === key);
      return `  ${propertyName(key)}: {\n${ownerMembers(own)}  },\n`;
    })
    .join("");
}

/** A function, as its interface's object or its resource's class is to have it. */
export function stubFunctionText({ owner, func }: ImportedFunction): string {
  const name = owner === "" && func.resource === undefined ? "default" : plainCamelCase(func.name);
  return (func.resource === undefined ? member(func, name, "", "") : classMember(func)).trim();
}

/** What an interface, or a function or resource of the world itself, consists of. */
function ownerMembers(functions: readonly ImportedFunction[]): string {
  const free = functions.filter(({ func }) => func.kind === "freestanding");
  const resources = [...new Set(functions.flatMap(({ func }) => func.resource?.name ?? []))];
  const lines = free.map(({ owner, func }) =>
    member(func, owner === "" ? "default" : plainCamelCase(func.name), "    ", ","),
  );
  for (const name of resources) {
    const own = functions.filter(({ func }) => func.resource?.name === name);
    const key = own[0]!.owner === "" ? "default" : plainPascalCase(name);
    lines.push(`    ${key}: class {\n${own.map(({ func }) => classMember(func)).join("")}    },\n`);
  }
  return lines.join("");
}

function classMember(func: FunctionType): string {
  if (func.kind === "constructor") return `      constructor(${params(func)}) {}\n`;
  const front = func.kind === "static" ? "static " : "";
  return member(func, plainCamelCase(func.name), `      ${front}`, "");
}

function member(func: FunctionType, name: string, front: string, back: string): string {
  const { result } = func;
  const zero = result === null ? null : result.kind === "result" ? result.ok : result;
  const answer = zero === null || zero.kind === "option" ? "" : ` return ${zeroText(zero)}; `;
  const head = `${front.trimStart()}${func.async ? "async " : ""}${name}(${params(func)})`;
  const of = result === null ? "" : ` // ${witType(result)}`;
  return `${front.slice(0, front.length - front.trimStart().length)}${head} {${answer}}${back}${of}\n`;
}

const WORDS = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield".split(
    " ",
  ),
);

function params({ params: all, kind }: FunctionType): string {
  const own = kind === "method" ? all.slice(1) : all;
  return own
    .map(({ name }) => plainCamelCase(name))
    .map((name) => (WORDS.has(name) ? `${name}_` : name))
    .join(", ");
}

function propertyName(name: string): string {
  return /^[a-z]\w*$/i.test(name) ? name : JSON.stringify(name);
}

/** The zero of a type, as JavaScript writes it. */
function zeroText(type: ValueType): string {
  const payload = (tag: string, inner: ValueType | null): string =>
    inner === null ? `{ tag: "${tag}" }` : `{ tag: "${tag}", val: ${zeroText(inner)} }`;
  switch (type.kind) {
    case "bool":
      return "false";
    case "u64":
    case "s64":
      return "0n";
    case "char":
      return '"\\0"';
    case "string":
      return '""';
    case "list":
      return `[${Array.from({ length: type.length ?? 0 }, () => zeroText(type.element)).join(", ")}]`;
    case "tuple":
      return `[${type.types.map(zeroText).join(", ")}]`;
    case "record":
      return `{ ${type.fields.map((f) => `${plainCamelCase(f.name)}: ${zeroText(f.type)}`).join(", ")} }`;
    case "variant":
      return payload(type.cases[0]!.name, type.cases[0]!.type);
    case "enum":
      return JSON.stringify(type.labels[0]);
    case "flags":
      return "{}";
    case "option":
      return "undefined";
    case "result":
      return payload("ok", type.ok);
    case "own":
    case "borrow":
      return `new this.${plainPascalCase(type.resource.name)}()`;
    case "stream":
      return "[]";
    case "future":
      return `Promise.resolve(${type.element === null ? "" : zeroText(type.element)})`;
    case "error-context":
      return "undefined";
    default:
      return "0";
  }
}
