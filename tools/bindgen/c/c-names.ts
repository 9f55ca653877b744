/**
 * The one scheme of names in bindings for C.
 *
 * 1. A WIT name becomes snake_case. A function or type has its package's, interface's and own name: `set` of
 *    `my:gpio/board` is `my_gpio_board_set`. What stands in the world itself has the world in the
 *    interface's place.
 * 2. What belongs to the world as a whole begins with its name and `_host`: `demo_host_init`.
 * 3. Parameters and members that are words of C or C++ get a trailing underscore: `int` → `int_`.
 * 4. A name that is taken gets a number: `a_b_2`. `CScope` decides, in the order of the WIT.
 */
import { localName } from "../../wit/wit-docs.js";
import { isCWord } from "./c-words.js";

/** `find-next-beat` → `find_next_beat`. */
export function snakeCase(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, "_").toLowerCase();
}

/** A member or parameter. */
export function memberName(name: string): string {
  const snake = snakeCase(name);
  return isCWord(snake) ? `${snake}_` : snake;
}

/** What the world's own names begin with: `demo` of `my:test/demo`. The C host's begin with `rill_`. */
export function worldName(id: string): string {
  const name = snakeCase(localName(id));
  return /^rill(_|$)/.test(name) ? `world_${name}` : name;
}

/**
 * What the names of an interface begin with: `my_gpio_board` of `my:gpio/board@1.0.0`. One without a package
 * stands in the world.
 */
export function ownerName(owner: string, worldId: string): string {
  const path = owner === "$root" ? worldId : owner.includes("/") ? owner : `${worldId}/${owner}`;
  const name = snakeCase(path.replace(/@[^/]*/g, ""));
  return name.startsWith("rill_") ? `world_${name}` : name;
}

/** The names of one scope, each of which stands for one thing. */
export class CScope {
  private readonly owners = new Map<string, string>();

  /** @param taken names that the scope has for its own purposes */
  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.owners.set(name, "");
  }

  /** The name for `identity`: `wanted`, or with the first number behind it that is free. */
  claim(identity: string, wanted: string, number = 1): string {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    const owner = this.owners.get(name);
    if (owner !== undefined && owner !== identity) return this.claim(identity, wanted, number + 1);
    this.owners.set(name, identity);
    return name;
  }
}
