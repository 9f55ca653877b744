/** Doc comments of functions and interfaces, which the binary form of WIT does not carry, found again in the text. */
import type { FunctionType, Interface, World, WorldItems } from "./model.js";

const comment = /((?:[ \t]*\/\/\/[^\n]*\n)+|[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\n)\s*(?:@\w+\([^)]*\)\s*)*/.source;

/** `world` with the comments of `text` on its interfaces and functions. */
export function withDocs(world: World, text: string): World {
  const items = (found: WorldItems): WorldItems => ({
    ...found,
    interfaces: found.interfaces.map((item) => documentedInterface(item, text)),
    functions: found.functions.map((item) => documented(item, text)),
  });
  const docs = docsBefore(text, `world\\s+%?${plain(localName(world.id))}\\b`);
  return { ...world, imports: items(world.imports), exports: items(world.exports), ...(docs && { docs }) };
}

function documentedInterface(found: Interface, text: string): Interface {
  const start = text.search(new RegExp(`\\binterface\\s+%?${plain(localName(found.id))}\\s*\\{`));
  const body = start < 0 ? text : text.slice(start);
  const docs = docsBefore(text, `interface\\s+%?${plain(localName(found.id))}\\b`);
  return {
    ...found,
    functions: found.functions.map((item) => documented(item, body)),
    ...(docs && { docs }),
  };
}

function documented(func: FunctionType, text: string): FunctionType {
  const docs = docsBefore(
    text,
    func.kind === "constructor" ? "constructor\\s*\\(" : `%?${plain(func.name)}\\s*:`,
  );
  return docs ? { ...func, docs } : func;
}

/** The interface's or world's own name in a full one: `i` of `my:test/i@1.0.0`. */
export function localName(id: string): string {
  return id.replace(/@.*$/, "").replace(/^.*\//, "");
}

function docsBefore(text: string, item: string): string | undefined {
  const match = new RegExp(`${comment}(?:(?:export|import)\\s+)?${item}`).exec(text);
  const lines = match?.[1]
    ?.split("\n")
    .map((line) => line.replace(/^\s*(?:\/\/\/|\/\*\*|\*\/|\*(?!\/))? ?/, "").replace(/\s*\*\/\s*$/, ""));
  return lines?.join("\n").trim() || undefined;
}

function plain(name: string): string {
  return name.replaceAll(/[.*+?^$()|[\]\\{}]/g, "\\$&");
}
