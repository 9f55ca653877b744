/** Doc comments of worlds, interfaces and functions, which the binary form of WIT does not carry, found again in the text. */
import { componentName } from "./function-name.js";
import type { FunctionType, Interface, World, WorldItems } from "./model.js";
import { type Token, witTokens } from "./wit-tokens.js";

/** `world` with the comments of `text` on its interfaces and functions. */
export function withDocs(world: World, text: string): World {
  const docs = new DocReader(witTokens(text)).read();
  const items = (found: WorldItems): WorldItems => ({
    ...found,
    interfaces: found.interfaces.map((item) => documentedInterface(item, world, docs)),
    functions: found.functions.map((item) => documented(item, localName(world.id), docs)),
  });
  const own = docs.get(localName(world.id));
  return {
    ...world,
    imports: items(world.imports),
    exports: items(world.exports),
    ...(own && { docs: own }),
  };
}

function documentedInterface(found: Interface, world: World, docs: ReadonlyMap<string, string>): Interface {
  // An inline interface stands in its world.
  const path = found.id.includes("/") ? localName(found.id) : `${localName(world.id)} ${found.id}`;
  const own = docs.get(path);
  return {
    ...found,
    functions: found.functions.map((item) => documented(item, path, docs)),
    ...(own && { docs: own }),
  };
}

function documented(func: FunctionType, path: string, docs: ReadonlyMap<string, string>): FunctionType {
  const found = docs.get(`${path} ${componentName(func)}`);
  return found ? { ...func, docs: found } : func;
}

/** The interface's or world's own name in a full one: `i` of `my:test/i@1.0.0`. */
export function localName(id: string): string {
  return id.replace(/@.*$/, "").replace(/^.*\//, "");
}

/** Reads the docs of items by their path: `i`, `i f`, `i [method]r.f`, `w run`. */
class DocReader {
  readonly #docs = new Map<string, string>();
  #at = 0;

  constructor(readonly tokens: readonly Token[]) {}

  read(): ReadonlyMap<string, string> {
    while (this.#at < this.tokens.length) this.#item("");
    return this.#docs;
  }

  get #token(): Token | undefined {
    return this.tokens[this.#at];
  }

  /** Reads one item of a file, a package, a world or an interface. */
  #item(path: string): void {
    const docs = this.#attributes();
    const first = this.#next();
    const second = this.#token?.text ?? "";
    if (first === "package") return this.#package();
    if (first === "interface" || first === "world") return this.#braced(this.#next(), path, docs);
    if (first === "resource") return this.#resource(path);
    if ((first === "import" || first === "export") && this.tokens[this.#at + 1]?.text === ":") {
      this.#next();
      if (this.tokens[this.#at + 1]?.text === "interface") {
        this.#at += 2;
        return this.#braced(second, path, docs);
      }
      this.#note(path, second, docs);
      return this.#skip();
    }
    if (second === ":") this.#note(path, first, docs);
    this.#skip();
  }

  /** `package a:b;` or `package a:b { … }`, whose items stand as if it were not there. */
  #package(): void {
    while (this.#token && this.#token.text !== ";" && this.#token.text !== "{") this.#at++;
    const isBlock = this.#next() === "{";
    while (isBlock && this.#token && this.#token.text !== "}") this.#item("");
    if (isBlock) this.#at++;
  }

  #braced(name: string, path: string, docs: string | undefined): void {
    const own = path === "" ? name : `${path} ${name}`;
    this.#note(path, name, docs);
    while (this.#token && this.#token.text !== "{") this.#at++;
    this.#at++;
    while (this.#token && this.#token.text !== "}") this.#item(own);
    this.#at++;
  }

  #resource(path: string): void {
    const resource = this.#next();
    if (this.#next() === ";") return;
    while (this.#token && this.#token.text !== "}") {
      const docs = this.#attributes();
      const name = this.#next();
      const isStatic = this.tokens.slice(this.#at, this.#at + 2).some(({ text }) => text === "static");
      if (name === "constructor" && this.#token.text === "(")
        this.#note(path, `[constructor]${resource}`, docs);
      else this.#note(path, `[${isStatic ? "static" : "method"}]${resource}.${name}`, docs);
      this.#skip();
    }
    this.#at++;
  }

  /** Passes `@since(…)` and its like. @returns the docs in front of them or of what follows */
  #attributes(): string | undefined {
    const docs = this.#token?.docs;
    while (this.#token?.text === "@") {
      while (this.#at < this.tokens.length && this.tokens[this.#at]!.text !== ")") this.#at++;
      this.#at++;
    }
    return docs ?? this.#token?.docs;
  }

  #note(path: string, name: string, docs: string | undefined): void {
    const key = path === "" ? name : `${path} ${name}`;
    if (docs !== undefined && !this.#docs.has(key)) this.#docs.set(key, docs);
  }

  #next(): string {
    return this.tokens[this.#at++]?.text ?? "";
  }

  /** Passes the rest of an item: up to its `;`, or to the brace that closes its first. */
  #skip(): void {
    let depth = 0;
    for (; this.#token; this.#at++) {
      const { text } = this.#token;
      if (text === "{") depth++;
      if (text === "}" && --depth <= 0) {
        if (depth === 0) this.#at++;
        if (this.#token?.text === ";") this.#at++;
        return;
      }
      if (text === ";" && depth === 0) {
        this.#at++;
        return;
      }
    }
  }
}
