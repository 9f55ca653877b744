/** The options behind the `?` of an address. Each is asked for once; what nobody asked for is refused. */
import type { ItemFormat } from "../formats/item-format.js";

const FORMATS = ["raw", "csv", "jsonl"] as const;

/** Options, as `NAME=VALUE&NAME`. */
export class AddressOptions {
  private readonly given: URLSearchParams;
  private readonly known: string[] = [];

  /** @param refuse throws, saying why */
  constructor(
    text: string,
    private readonly refuse: (why: string) => never,
  ) {
    this.given = new URLSearchParams(text);
    const names = [...this.given.keys()];
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) refuse(`${twice} is given twice`);
  }

  /** How the bytes spell items; undefined when not said. */
  format(): ItemFormat | undefined {
    return this.text("format") === undefined ? undefined : this.oneOf("format", FORMATS);
  }

  /** An option that is there or not: `?listen`. */
  flag(name: string): boolean {
    const value = this.take(name);
    if (value !== null && value !== "") this.refuse(`${name} takes no value`);
    return value !== null;
  }

  /** A text; undefined when not given. */
  text(name: string): string | undefined {
    const value = this.take(name);
    return value === null ? undefined : value === "" ? this.refuse(`${name} has no value`) : value;
  }

  /** A whole number. */
  number(name: string, preset: number, least: number, most: number): number {
    const value = this.take(name);
    if (value === null) return preset;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    return number >= least && number <= most
      ? number
      : this.refuse(`${name} is a whole number from ${least} to ${most}, not ${value}`);
  }

  /** One of some words; the first when not given. */
  oneOf<W extends string>(name: string, words: readonly W[]): W {
    const value = this.take(name);
    if (value === null) return words[0]!;
    return (
      words.find((word) => word === value) ??
      this.refuse(`${name} is one of ${words.join(", ")}, not ${value}`)
    );
  }

  /** Refuses what nobody has asked for. */
  refuseRest(): void {
    const unknown = [...this.given.keys()].find((name) => !this.known.includes(name));
    if (unknown !== undefined)
      this.refuse(`there is no option ${unknown}; there are ${[...new Set(this.known)].join(", ")}`);
  }

  private take(name: string): string | null {
    this.known.push(name);
    return this.given.get(name);
  }
}
