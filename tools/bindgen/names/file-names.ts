/** The names of bindings files: one for each interface of a world on each side, unlike any other of them. */
import type { World } from "../../wit/model.js";
import { localName } from "../../wit/wit-docs.js";

/** `my:test/i@1.0.0` → `my-test-i`: an interface's full name without its version, as a file name. */
export function fileStem(id: string): string {
  return kebab(id.replace(/@.*$/, ""));
}

function kebab(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase();
}

/** Gives the files of one world their names. */
export class FileNames {
  private readonly taken = new Set<string>();
  private readonly versioned: ReadonlySet<string>;
  private readonly exported: ReadonlySet<string>;
  /** By full name without version, the first file of that name. */
  private readonly firsts = new Map<string, string>();

  constructor(readonly world: World) {
    const exported = world.exports.interfaces.map((item) => item.id);
    const ids = new Set([...exported, ...world.imports.interfaces.map((item) => item.id)]);
    const stems = [...ids].map(fileStem);
    this.versioned = new Set(stems.filter((stem, index) => stems.indexOf(stem) !== index));
    this.exported = new Set(exported);
  }

  /**
   * The name of the file for an interface, without extension: its full name without the version; with the
   * version when the world has several of that name; with `-import` when the guest exports the same
   * interface; with a number when all that is taken.
   */
  interface(id: string, exported: boolean): string {
    const stem = this.versioned.has(fileStem(id)) ? kebab(id) : fileStem(id);
    const file = this.claim(!exported && this.exported.has(id) ? `${stem}-import` : stem);
    if (!this.firsts.has(fileStem(id))) this.firsts.set(fileStem(id), file);
    return file;
  }

  /**
   * Names that stand for another file: an interface's name without its version, once the world has several of
   * that name. It was the name of the first one's file for as long as there was no other.
   */
  aliases(): ReadonlyMap<string, string> {
    return new Map([...this.firsts].filter(([stem]) => !this.taken.has(stem)));
  }

  /** The name of the file for what stands in the world itself. */
  own(exported: boolean): string {
    const stem = fileStem(localName(this.world.id));
    const { functions } = this.world.exports;
    return this.claim(!exported && functions.length > 0 ? `${stem}-import` : stem);
  }

  /** The name of the file for types that several others share. */
  shared(): string {
    return this.claim("shared-types");
  }

  /** The name of the file for streams and futures both of whose ends are the guest's. */
  pairs(): string {
    return this.claim("pairs");
  }

  private claim(stem: string, number = 1): string {
    const name = number === 1 ? stem : `${stem}-${number}`;
    if (this.taken.has(name)) return this.claim(stem, number + 1);
    this.taken.add(name);
    return name;
  }
}
