/**
 * Turns what wasm-tools says about WIT, which in its WebAssembly form names no place,
 * into one line with file, line and column.
 */
import { componentEmbed } from "#wasm-tools";
import { WASI_PACKAGES } from "./wasi-packages.js";
import { EMPTY_MODULE, type Features, featureSet, messageOf } from "./wasm-tools.js";
import { type WitSource, placeOf } from "./wit-source.js";
import { type Token, witTokens } from "./wit-tokens.js";

/** A one-line message for an error that `componentEmbed` threw over `source`. */
export async function explainWitError(
  source: WitSource,
  error: unknown,
  world: string | undefined,
  features: Features,
): Promise<string> {
  const message = oneLine(messageOf(error));
  const first = source.parts[0]!.path;
  if (/^There are multiple worlds/.test(message))
    return `${first}: which world? Name one with --world; ${worldList(source)}`;
  if (/contains no worlds/.test(message)) return `${first}: it contains no world; a guest needs one`;
  const asked = world?.replace(/^.*\//, "").replace(/^%|@.*$/g, "");
  if (asked !== undefined && !worldNames(source).includes(asked))
    return `${first}: there is no world ${world!}; ${worldList(source)}`;
  if (/feature not being activated/.test(message))
    return `${first}: ${message}; --features NAME activates it, --all-features all of them`;
  const offset = await offsetOf(source, message, features);
  const place = offset === null ? first : placeOf(source, offset);
  return `${place}: ${message}${hintFor(message, offset === null ? "" : source.text.slice(offset))}`;
}

async function offsetOf(source: WitSource, message: string, features: Features): Promise<number | null> {
  if (/^expected/.test(message)) return syntaxErrorOffset(source, endsTooEarly);
  if (isOfLetters.test(message))
    return syntaxErrorOffset(source, async (text) => (await messageFor(text, [])) !== message);
  if (/^Input contains bidirectional/.test(message))
    return source.text.search(/[\u202a-\u202e\u2066-\u2069]/);
  return itemOffset(source, message) ?? (await namedOffset(source, message, features));
}

/** What is wrong with the letters themselves: as a syntax error, it shows at the first bad token. */
const isOfLetters =
  /^(invalid character in identifier|unexpected character|identifiers must have|unterminated)/;

/** What to write instead; `rest` is the WIT from the place on. */
function hintFor(message: string, rest: string): string {
  if (/^package '[^']*' not found/.test(message)) return `; ${WASI_PACKAGES}`;
  if (/^unexpected character '[?]'/.test(message)) return "; what may be missing is an option<TYPE>";
  if (/^unexpected character '\['/.test(message)) return "; several of one type are a list<TYPE>";
  const [name] = /^%?[\w-]+/.exec(rest) ?? [];
  if (name === undefined || !/^(invalid character in identifier|identifiers must have)/.test(message))
    return "";
  const words = name
    .replace(/^%/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .split(/[-_]+/)
    .filter(Boolean);
  return `; names are words with hyphens between them: ${words.join("-").toLowerCase()}`;
}

/** Where the item stands that a message speaks of without its name. */
function itemOffset(source: WitSource, message: string): number | null {
  const tokens = witTokens(source.text);
  const [, empty] = /^empty (enum|variant)$/.exec(message) ?? [];
  const [, verb] = /^interface cannot be (import|export)ed more than once/.exec(message) ?? [];
  const found = tokens.filter(({ text }, index) => {
    const next = tokens.slice(index + 1, index + 4).map((token) => token.text);
    if (text === empty) return next[1] === "{" && next[2] === "}";
    const isSame = (token: Token, at: number): boolean =>
      at < index && token.text === verb && tokens[at + 1]?.text === next[0] && tokens[at + 2]?.text === ";";
    return text === verb && next[1] === ";" && tokens.some(isSame);
  });
  return found[0]?.offset ?? null;
}

function worldList(source: WitSource): string {
  const worlds = worldNames(source);
  return worlds.length > 0 ? `its worlds: ${worlds.join(", ")}` : "it declares no world";
}

/** wasm-tools lists the packages that it knows on lines of their own. */
function oneLine(message: string): string {
  return message
    .trim()
    .replace(/\. known packages:\s*/, "; known packages: ")
    .replaceAll(/\s*\n\s*/g, ", ");
}

/** Names of the worlds that the source's own package declares: other packages stand in blocks. */
export function worldNames(source: WitSource): string[] {
  const tokens = witTokens(source.text);
  let depth = 0;
  return tokens.flatMap(({ text }, index) => {
    if (text === "{") depth++;
    if (text === "}") depth--;
    const isWorld = depth === 0 && text === "world" && tokens[index + 2]?.text === "{";
    return isWorld ? [tokens[index + 1]!.text] : [];
  });
}

/**
 * Where the parser stops: the first token with which the text goes wrong in another way than by
 * ending too early. The parser reads tokens in order, so a prefix fails for its end until the bad
 * token is in it: a binary search finds it. Of a text that ends too early as a whole it is the last one.
 * @param isGood whether a prefix does not have the bad token yet
 */
async function syntaxErrorOffset(
  source: WitSource,
  isGood: (prefix: string) => Promise<boolean>,
): Promise<number | null> {
  const tokens = witTokens(source.text);
  let good = 0;
  let bad = tokens.length;
  while (good < bad) {
    const middle = (good + bad) >> 1;
    if (await isGood(source.text.slice(0, endOf(source.text, tokens[middle]!)))) good = middle + 1;
    else bad = middle;
  }
  return (tokens[good] ?? tokens.at(-1))?.offset ?? null;
}

function endOf(text: string, { offset, text: token }: Token): number {
  return offset + token.length + (text[offset] === "%" ? 1 : 0);
}

async function endsTooEarly(text: string): Promise<boolean> {
  const message = await messageFor(text, []);
  return message === null || !/^expected/.test(message) || /found (eof|end of)/i.test(message);
}

async function messageFor(text: string, features: Features): Promise<string | null> {
  try {
    await componentEmbed({ binary: EMPTY_MODULE, witSource: text, features: featureSet(features) });
    return null;
  } catch (error) {
    return oneLine(messageOf(error));
  }
}

/** Places of one name that are tried at most; a wrong name stands in few. */
const MOST_TRIED = 300;

/**
 * Where the name stands that a message quotes. Each of its places is given another name: where the message
 * then quotes that one, or is another, was the place. Of a name that stands twice, the second place is told.
 */
async function namedOffset(source: WitSource, message: string, features: Features): Promise<number | null> {
  const quoted = /[`']([\w:@./+-]+)[`']/.exec(message)?.[1];
  if (quoted === undefined) return null;
  const word = wordOf(quoted);
  const places = witTokens(source.text).filter((token) => token.text === word);
  const other = "rill-probe-of-a-place";
  for (const place of places.slice(0, MOST_TRIED)) {
    const changed = `${source.text.slice(0, place.offset)}${other}${source.text.slice(endOf(source.text, place))}`;
    const now = await messageFor(changed, features);
    if (now?.includes(other) && now.replaceAll(other, word) === message) return place.offset;
  }
  return definition(source, places, message);
}

/** The word of a name to look for: a package's first, else the last. */
function wordOf(quoted: string): string {
  const words = quoted
    .replace(/^\[\w+\]/, "")
    .replace(/@.*$/, "")
    .split(/[/:.]/);
  return quoted.includes(":") && !quoted.includes("/") ? words[0]! : words[words.length - 1]!;
}

/** For what is wrong with an item as a whole: the place where it gets its name. */
function definition(source: WitSource, places: readonly Token[], message: string): number | null {
  const isItem = ({ offset }: Token): boolean =>
    /\b(record|variant|enum|flags|type|resource|interface|world)\s+%?$/.test(source.text.slice(0, offset)) ||
    /^%?[\w-]+\s*:/.test(source.text.slice(offset));
  const items = places.filter(isItem);
  const twice = /more than once/.test(message);
  return (twice ? items[items.length - 1] : items[0])?.offset ?? places[0]?.offset ?? null;
}
