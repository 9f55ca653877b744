/** Comments and frames: what every bound function's statements share. */
import type { FunctionType } from "../wit/model.js";
import type { Frame } from "./functions/frame.js";
import { witType } from "../wit/wit-type.js";

/** A function as WIT declares it. */
export function signature(func: FunctionType): string {
  const params = func.params.map(({ name, type }) => `${name}: ${witType(type)}`).join(", ");
  const result = func.result ? ` -> ${witType(func.result)}` : "";
  return `${func.name}: ${func.async ? "async " : ""}func(${params})${result}`;
}

/** A function's doc comment: the WIT's own words, then the signature. */
export function commented(docs: string | undefined, witSignature: string): string {
  return comment(docs, `\`${witSignature}\`.`);
}

/** A doc comment: the WIT's own words, then what the generator has to say. */
export function comment(docs: string | undefined, note?: string): string {
  const own = docs === undefined ? [] : docs.split("\n");
  const lines = [...own, ...(own.length > 0 && note !== undefined ? [""] : []), ...(note?.split("\n") ?? [])];
  const safe = lines.map((line) => line.replaceAll("*/", "* /"));
  if (safe.length === 1) return `/** ${safe[0]!} */`;
  return `/**\n${safe.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */`;
}

/** The constant that names a frame's static memory, with a drawing of it; nothing for an empty frame. */
export function frameDeclaration(frame: Frame, name: string, of: string): string[] {
  if (frame.byteLength === 0) return [];
  const drawing = frame.parts
    .map(({ offset, what }) => ` *     ${String(offset).padStart(3)}  ${what}`)
    .join("\n");
  const head = `/**\n * The static frame of ${of}, ${frame.byteLength} bytes:\n *\n${drawing}\n */`;
  return [`${head}\nconst ${name}: usize = memory.data(${frame.byteLength}, ${frame.alignment});`];
}
