/** Names source positions the way a reader knows them, and lists the files with their bytes. */
import { dirname, relative, resolve } from "node:path";
import type { Attribution, SourceLine } from "./attribution.js";
import { type Origin, originOfSource } from "./origin.js";
import { sourceFunctions } from "./source-functions.js";
import type { SourceMap } from "./source-map.js";

/** One source file and its bytes. */
export interface SourceFile {
  readonly file: string;
  readonly origin: Origin;
  readonly bytes: number;
  readonly lines: readonly SourceLineBytes[];
}

/** One source line and its bytes. */
export interface SourceLineBytes {
  readonly line: number;
  readonly bytes: number;
  /** The function that it is in, by its author's name; null outside of functions, and without the text. */
  readonly function: string | null;
  /** The line's text, where the source map carries it. */
  readonly text: string | null;
}

/** Source positions by offset in the module. */
export class SourcePlaces {
  private readonly names: readonly string[];

  constructor(
    private readonly map: SourceMap | null,
    modulePath: string,
  ) {
    this.names = (map?.sources ?? []).map((source) => displayName(source, modulePath));
  }

  /** `file:line` of the code at byte `at` of the file; null where nothing is known. */
  at(at: number): string | null {
    const index = this.indexAt(at);
    return index < 0 ? null : this.formatIndex(index);
  }

  /**
   * The nearest byte in front of `at`, from `start` on, whose source is known;
   * `at` itself where there is none.
   */
  known(at: number, start: number): number {
    for (let near = at; near >= start; near--) if (this.indexAt(near) >= 0) return near;
    return at;
  }

  /**
   * The source's text from its beginning to the position of the code at byte `at`, and
   * from there on; null where it is not known.
   */
  textAround(at: number): readonly [string, string] | null {
    const index = this.indexAt(at);
    const text = index < 0 ? null : this.map!.contents[this.map!.source[index]!];
    if (text === null || text === undefined) return null;
    const lines = text.split("\n").slice(0, this.map!.line[index]! - 1);
    const position = lines.reduce((sum, line) => sum + line.length + 1, this.map!.column[index]!);
    return [text.slice(0, position), text.slice(position)];
  }

  /**
   * Whether the code at byte `at` is the language's runtime or the guest
   * library: not what asks for memory by itself.
   */
  isRuntime(at: number): boolean {
    const index = this.indexAt(at);
    return index >= 0 && isForOthers(this.originAt(index));
  }

  /**
   * Like `at`, for code of the runtime or the guest library that was inlined: the nearest line of the user's
   * in the same function, before it or else behind it, for it was called from there; where nothing is left
   * of that, the nearest of the runtime's.
   */
  callerAt(at: number): string | null {
    const own = this.indexAt(at);
    if (own < 0) return null;
    if (!isForOthers(this.originAt(own))) return this.formatIndex(own);
    const caller = this.nearest(own, "user") ?? this.nearest(own, "runtime") ?? own;
    return this.formatIndex(caller);
  }

  /** The mapping of `origin` nearest to `from` in the same function: before it, or else behind it. */
  private nearest(from: number, origin: Origin): number | null {
    for (const step of [-1, 1]) {
      for (let index = from; this.map!.source[index]! >= 0; index += step) {
        if (this.originAt(index) === origin) return index;
      }
    }
    return null;
  }

  private originAt(index: number): Origin {
    return originOfSource(this.map!.sources[this.map!.source[index]!]!, this.map!.path);
  }

  /** The mapping that the byte `at` belongs to, -1 where there is none. */
  private indexAt(at: number): number {
    const { map } = this;
    if (!map) return -1;
    let low = 0;
    let high = map.offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (map.offsets[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low > 0 && map.source[low - 1]! >= 0 ? low - 1 : -1;
  }

  private formatIndex(index: number): string {
    return this.format({ source: this.map!.source[index]!, line: this.map!.line[index]! });
  }

  /** `file:line`. */
  format({ source, line }: SourceLine): string {
    return `${this.names[source]!}:${line}`;
  }

  /** Files with their code bytes, largest first; lines in order. */
  files(attribution: Attribution): SourceFile[] {
    const { map } = this;
    if (!map) return [];
    const files = [...attribution.lines].map(([source, lines]) => {
      const content = map.contents[source] ?? null;
      const text = content?.split(/\r?\n/) ?? null;
      const functionOf = sourceFunctions(this.names[source]!, content ?? "");
      const rows = [...lines].sort(([x], [y]) => x - y);
      return {
        file: this.names[source]!,
        origin: originOfSource(map.sources[source]!, map.path),
        bytes: rows.reduce((sum, [, bytes]) => sum + bytes, 0),
        lines: rows.map(([line, bytes]) => ({
          line,
          bytes,
          function: functionOf(line),
          text: text?.[line - 1]?.trimEnd() ?? null,
        })),
      };
    });
    return files.sort((x, y) => y.bytes - x.bytes);
  }
}

/** Absolute sources become relative to where the reader stands; others stay as the compiler wrote them. */
function displayName(source: string, modulePath: string): string {
  const path = source.replace(/^file:\/\//, "");
  if (!path.startsWith("/")) return path.replace(/^\.\//, "");
  const shorter = [relative(process.cwd(), path), relative(resolve(dirname(modulePath)), path)];
  return shorter.find((candidate) => !candidate.startsWith("..")) ?? path;
}

/** Whether code of `origin` does what other code asks it to. */
function isForOthers(origin: Origin): boolean {
  return origin === "runtime" || origin === "library";
}
