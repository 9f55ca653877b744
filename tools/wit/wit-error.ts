/** Turns what wasm-tools says about WIT, which in its WebAssembly form names no place, into one line with file, line and column. */
import { componentEmbed } from "@bytecodealliance/jco-transpile/wasm-tools";
import { EMPTY_MODULE, messageOf } from "./component.js";
import { type WitSource, placeOf } from "./wit-source.js";

/** A one-line message for an error that `componentEmbed` threw over `source`. */
export async function explainWitError(
  source: WitSource,
  error: unknown,
  world: string | undefined,
): Promise<string> {
  const message = messageOf(error).trim();
  const first = source.parts[0]!.path;
  const worlds = worldNames(source);
  const asked = world?.replace(/^.*\//, "").replace(/@.*$/, "");
  const list = worlds.length > 0 ? `its worlds: ${worlds.join(", ")}` : "it declares no world";
  if (asked !== undefined && !worlds.includes(asked)) return `${first}: there is no world ${world!}; ${list}`;
  if (/worlds? /.test(message) && world === undefined)
    return `${first}: which world? Name one with --world; ${list}`;
  const quoted = /[`']([\w:@./-]+)[`']/.exec(message)?.[1];
  const offset = /^expected/.test(message)
    ? await syntaxErrorOffset(source)
    : quoted === undefined
      ? null
      : wordOffset(source, quoted);
  return `${offset === null ? first : placeOf(source, offset)}: ${message}`;
}

/** Names of the worlds that the source's own package declares. */
export function worldNames(source: WitSource): string[] {
  return [...withoutComments(source.text).matchAll(/\bworld\s+%?([\w-]+)\s*\{/g)].map((match) => match[1]!);
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|[%\w-]+|->|\S/g;

function withoutComments(text: string): string {
  return text.replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, " "));
}

/**
 * Where the parser stops: the first token with which the text goes wrong in another way than by ending too early.
 * The parser reads tokens in order, so a prefix fails for its end until the bad token is in it: a binary search finds it.
 */
async function syntaxErrorOffset(source: WitSource): Promise<number | null> {
  const tokens = [...source.text.matchAll(token)].filter((match) => !/^\/[/*]/.test(match[0]));
  let good = 0;
  let bad = tokens.length;
  while (good < bad) {
    const middle = (good + bad) >> 1;
    const last = tokens[middle]!;
    if (await endsTooEarly(source.text.slice(0, last.index + last[0].length))) good = middle + 1;
    else bad = middle;
  }
  return tokens[good]?.index ?? null;
}

async function endsTooEarly(text: string): Promise<boolean> {
  try {
    await componentEmbed({ binary: EMPTY_MODULE, witSource: text });
    return true;
  } catch (error) {
    return !/^expected/.test(messageOf(error)) || /found (eof|end of)/i.test(messageOf(error));
  }
}

function wordOffset(source: WitSource, word: string): number | null {
  const last = word.replace(/@.*$/, "").split(/[/:]/).pop()!;
  const at = new RegExp(`(?<![\\w-])${last.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")}(?![\\w-])`).exec(
    withoutComments(source.text),
  );
  return at?.index ?? null;
}
