/** Doc comments in WIT text, by the path of what they stand in front of. */
import { type Token, witTokens } from "./wit-tokens.js";

/**
 * The docs in a text of WIT.
 * Paths: `a:b/i@1.0.0` for an interface or world, behind it and a space `f`, `[method]r.f`, a type's name,
 * `type.field`. An interface in a world has the world's path and its own name.
 */
export function docsByPath(text: string): ReadonlyMap<string, string> {
  return new DocReader(witTokens(text)).read().docs;
}

/** Where each of those items is named: offsets in the text, by the same paths. */
export function placesByPath(text: string): ReadonlyMap<string, number> {
  return new DocReader(witTokens(text)).read().places;
}

/** Goes through the tokens once. */
class DocReader {
  readonly docs = new Map<string, string>();
  readonly places = new Map<string, number>();
  private at = 0;
  /** `a:b`, and `@1.0.0` or nothing. */
  private package: readonly [string, string] = ["", ""];

  constructor(readonly tokens: readonly Token[]) {}

  read(): this {
    while (this.at < this.tokens.length) this.item("");
    return this;
  }

  private get token(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Reads one item of a file, a package, a world or an interface. */
  private item(path: string): void {
    const docs = this.attributes();
    const first = this.next();
    const second = this.token?.text ?? "";
    if (first === "package") return this.inPackage();
    if (first === "interface" || first === "world") return this.braced(this.next(), path, docs);
    if (first === "resource") return this.resource(path, docs);
    if (first === "type") this.note(path, second, docs);
    if (["record", "variant", "enum", "flags"].includes(first)) return this.members(path, docs);
    if ((first === "import" || first === "export") && this.tokens[this.at + 1]?.text === ":") {
      this.next();
      if (this.tokens[this.at + 1]?.text === "interface") {
        this.at += 2;
        return this.braced(second, path, docs);
      }
      this.note(path, second, docs);
      return this.skip();
    }
    if (second === ":") this.note(path, first, docs);
    this.skip();
  }

  /** `package a:b;` or `package a:b { … }`, whose items stand as if it were not there. */
  private inPackage(): void {
    let name = "";
    while (this.token && this.token.text !== ";" && this.token.text !== "{") name += this.next();
    const at = name.indexOf("@");
    const outer = this.package;
    this.package = at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at)];
    const isBlock = this.next() === "{";
    while (isBlock && this.token && this.token.text !== "}") this.item("");
    if (!isBlock) return;
    this.at++;
    this.package = outer;
  }

  private braced(name: string, path: string, docs: string | undefined): void {
    const own = this.path(path, name);
    this.note(path, name, docs);
    while (this.token && this.token.text !== "{") this.at++;
    this.at++;
    while (this.token && this.token.text !== "}") this.item(own);
    this.at++;
  }

  /** The fields of a record, the cases of a variant, the labels of an enum or flags. */
  private members(path: string, docs: string | undefined): void {
    const type = this.next();
    this.note(path, type, docs);
    this.at++;
    while (this.token && this.token.text !== "}") {
      const own = this.attributes();
      this.note(path, `${type}.${this.next()}`, own);
      this.skipMember();
    }
    this.at++;
  }

  /** Passes the rest of a member: its type, and the comma behind it. */
  private skipMember(): void {
    for (let depth = 0; this.token; this.at++) {
      const { text } = this.token;
      if (depth === 0 && text === "}") return;
      if (depth === 0 && text === ",") {
        this.at++;
        return;
      }
      if (text === "<" || text === "(") depth++;
      if (text === ">" || text === ")") depth--;
    }
  }

  private resource(path: string, ownDocs: string | undefined): void {
    const resource = this.next();
    this.note(path, resource, ownDocs);
    if (this.next() === ";") return;
    while (this.token && this.token.text !== "}") {
      const docs = this.attributes();
      const name = this.next();
      const isStatic = this.tokens.slice(this.at, this.at + 2).some(({ text }) => text === "static");
      if (name === "constructor" && this.token.text === "(")
        this.note(path, `[constructor]${resource}`, docs);
      else this.note(path, `[${isStatic ? "static" : "method"}]${resource}.${name}`, docs);
      this.skip();
    }
    this.at++;
  }

  /** Passes `@since(…)` and its like. @returns the docs in front of them or of what follows */
  private attributes(): string | undefined {
    const docs = this.token?.docs;
    while (this.token?.text === "@") {
      while (this.at < this.tokens.length && this.tokens[this.at]!.text !== ")") this.at++;
      this.at++;
    }
    return docs ?? this.token?.docs;
  }

  private note(path: string, name: string, docs: string | undefined): void {
    const key = this.path(path, name);
    if (docs !== undefined && !this.docs.has(key)) this.docs.set(key, docs);
    const place = this.nearest(name);
    if (place !== null && !this.places.has(key)) this.places.set(key, place);
  }

  /** Where `name`, or the last part of a method's, was read a moment ago, or is read next. */
  private nearest(name: string): number | null {
    const word = name.replace(/^\[constructor\].*/, "constructor").replace(/^.*[.\]]/, "");
    const near = [this.at, this.at - 1, this.at + 1].map((index) => this.tokens[index]);
    return near.find((token) => token?.text === word)?.offset ?? null;
  }

  private path(outer: string, name: string): string {
    const [id, version] = this.package;
    return outer === "" ? `${id}/${name}${version}` : `${outer} ${name}`;
  }

  private next(): string {
    return this.tokens[this.at++]?.text ?? "";
  }

  /** Passes the rest of an item: up to its `;`, or to the brace that closes its first. */
  private skip(): void {
    let depth = 0;
    for (; this.token; this.at++) {
      const { text } = this.token;
      if (text === "{") depth++;
      if (text === "}" && --depth <= 0) {
        if (depth === 0) this.at++;
        if (this.token?.text === ";") this.at++;
        return;
      }
      if (text === ";" && depth === 0) {
        this.at++;
        return;
      }
    }
  }
}
