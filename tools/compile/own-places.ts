/**
 * Which places of a guest's own source reach something: read in the module as asc leaves it, where every
 * function still has its name and every call its position. The optimiser keeps neither, so messages are
 * looked up here, and only when one is needed.
 */
import { type Form, headOf, isForm, operands, parseForm, visitForms } from "./passes/s-expression.js";

/** A place in the guest's own source, and the function called there that leads on. */
export interface OwnPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** asc's name of what is called there, or the instruction. */
  readonly callee: string;
}

/** A call, or an instruction that is looked for. */
interface Step {
  readonly callee: string;
  /** The nearest position in the guest's own source, in front of it. */
  readonly own: string | null;
}

/** One module before it is optimised. */
export class OwnPlaces {
  private readonly steps = new Map<string, Step[]>();
  private readonly trapping = new Set<string>();
  /** The functions that asc's text imports, by `MODULE NAME`. */
  private readonly imports = new Map<string, string>();

  /**
   * @param text the module as asc leaves it
   * @param isGenerated whether a source, by its path, was written by the build
   */
  constructor(
    text: string,
    private readonly isGenerated: (path: string) => boolean,
  ) {
    for (const form of operands(parseForm(text))) {
      if (headOf(form) === "func") this.addFunction(form);
      if (headOf(form) === "import") this.addImport(form);
    }
  }

  /** asc's name of the function that is imported so; null where there is none. */
  imported(module: string, name: string): string | null {
    return this.imports.get(`${module} ${name}`) ?? null;
  }

  /**
   * Where the guest's own source calls what reaches a function or instruction that
   * `isTarget` knows; in the order of lines.
   */
  reaching(isTarget: (name: string) => boolean): OwnPlace[] {
    const reaches = this.reachingFunctions(isTarget);
    const passedOn = new Set<string>();
    let places: OwnPlace[] = [];
    for (let before = -1; before !== passedOn.size;) {
      before = passedOn.size;
      places = this.placesOf(reaches, passedOn);
    }
    const byPlace = new Map(places.map((place) => [`${place.file}:${place.line}:${place.column}`, place]));
    return [...byPlace.values()].sort(
      (x, y) => compare(x.file, y.file) || x.line - y.line || x.column - y.column,
    );
  }

  /**
   * Whether code of the function `from` can come to a function that `isTarget`
   * knows; true where a table is asked.
   */
  leadsTo(from: string, isTarget: (name: string) => boolean): boolean {
    return this.reachingFunctions((name) => isTarget(name) || name === "call_indirect").has(from);
  }

  /** Whether a function of the guest's own comes to no end: the last thing that its body does is to trap. */
  endsInTrap(name: string): boolean {
    return this.trapping.has(name);
  }

  /** What `name` calls, by asc's names. */
  callees(name: string): string[] {
    return (this.steps.get(name) ?? []).map(({ callee }) => callee);
  }

  private addFunction(func: Form): void {
    const name = plainName(func.items[1] as string);
    this.steps.set(name, this.stepsOf(func));
    const last = func.items.at(-1);
    if (isForm(last, "unreachable") && this.isOwnFunction(name)) this.trapping.add(name);
  }

  private addImport(form: Form): void {
    const [module, name] = form.items.slice(1, 3).map((word) => JSON.parse(word as string) as string);
    const func = form.items[3];
    if (typeof func === "object" && headOf(func) === "func")
      this.imports.set(`${module!} ${name!}`, plainName(func.items[1] as string));
  }

  private stepsOf(func: Form): Step[] {
    const steps: Step[] = [];
    let own: string | null = null;
    visitForms(func, (form) => {
      const position = form.position?.trim() ?? "";
      if (position !== "" && this.isOwnPath(position.replace(/:\d+:\d+$/, ""))) own = position;
      const head = headOf(form);
      if (head === "call") steps.push({ callee: plainName(form.items[1] as string), own });
      if (head === "call_indirect" || head === "memory.grow" || head === "memory.size")
        steps.push({ callee: head, own });
    });
    return steps;
  }

  private reachingFunctions(isTarget: (name: string) => boolean): Set<string> {
    const callers = new Map<string, string[]>();
    for (const [name, steps] of this.steps)
      for (const { callee } of steps) callers.set(callee, [...(callers.get(callee) ?? []), name]);
    const reaching = new Set<string>();
    const open = [...callers.keys(), ...this.steps.keys()].filter(isTarget);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (reaching.has(name)) continue;
      reaching.add(name);
      open.push(...(callers.get(name) ?? []));
    }
    return reaching;
  }

  /**
   * One round: functions of the guest's own whose step has no place there pass
   * the question on to who calls them.
   */
  private placesOf(reaches: ReadonlySet<string>, passedOn: Set<string>): OwnPlace[] {
    const places: OwnPlace[] = [];
    for (const [name, steps] of this.steps) {
      if (!this.isOwnFunction(name)) continue;
      for (const { callee, own } of steps) {
        const leadsOn = reaches.has(callee) && (!this.isOwnFunction(callee) || passedOn.has(callee));
        if (!leadsOn) continue;
        const makesItself = name.endsWith("#constructor") && callee.endsWith("/__new");
        const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(own ?? "") ?? [];
        if (makesItself || file === undefined) passedOn.add(name);
        else places.push({ file, line: Number(line), column: Number(column) + 1, callee });
      }
    }
    return places;
  }

  /** File-level code goes by `start:PATH`, and what joins it by `~start`. */
  private isOwnFunction(name: string): boolean {
    return name === "~start" || (this.steps.has(name) && this.isOwnPath(name.replace(/^start:/, "")));
  }

  private isOwnPath(path: string): boolean {
    return !path.startsWith("~lib/") && !this.isGenerated(path);
  }
}

function compare(x: string, y: string): number {
  return x < y ? -1 : Number(x > y);
}

/** A name as asc has it, without the text format's `$` and quotes. */
export function plainName(word: string): string {
  const bare = word.startsWith("$") ? word.slice(1) : word;
  return bare.startsWith('"') ? (JSON.parse(bare) as string) : bare;
}
