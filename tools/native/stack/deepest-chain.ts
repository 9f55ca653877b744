/** The deepest chain of calls in a program, in bytes of stack. */
import type { CodeFunction } from "./disassembly.js";
import { enteredAt } from "./entered.js";
import { isTransfer, type Machine } from "./machine.js";

/** A deepest chain, or why there is none. */
export interface DeepestChain {
  /** Null when a loop of calls, or a frame whose bytes a value decides, leaves it open. */
  readonly bytes: number | null;
  /** The functions on it, the outermost first. */
  readonly chain: readonly string[];
  /** What leaves it open. */
  readonly open: string | null;
}

/** Recursive functions whose calls are counted: `isCounted` says which, at most `depth` are under way. */
export interface CountedCalls {
  readonly depth: number;
  isCounted(name: string): boolean;
}

/** What is known of the program beside its code. */
export interface ChainFacts {
  readonly counted?: CountedCalls;
  /** Whether one function may call the other through a pointer; any may when not given. */
  readonly mayCall?: (from: CodeFunction, to: CodeFunction) => boolean;
}

/** A way through the program. */
interface Way {
  readonly bytes: number;
  readonly path: readonly CodeFunction[];
}

/** Thrown where the stack is open. */
class Open extends Error {}

/**
 * The call graph. A call through a pointer may reach every function in `targets`, but none that is under
 * way: no callback of the host's is called while it runs.
 */
export class CallChains {
  private readonly byAddress: ReadonlyMap<number, CodeFunction>;
  private readonly edges = new Map<CodeFunction, Map<CodeFunction, boolean>>();
  private readonly indirect = new Set<CodeFunction>();
  /** Ends of functions that others jump into, by where these begin. */
  private readonly tails = new Map<number, CodeFunction>();
  private readonly pointedTo: ReadonlySet<CodeFunction>;
  private readonly found = new Map<string, Way>();
  private readonly direct = new Map<CodeFunction, ReadonlyMap<CodeFunction, Way>>();

  constructor(
    private readonly functions: readonly CodeFunction[],
    private readonly machine: Machine,
    targets: readonly CodeFunction[],
    private readonly frameOf: (code: CodeFunction) => number | null,
    private readonly facts: ChainFacts = {},
  ) {
    this.byAddress = new Map(functions.map((code) => [code.address, code]));
    this.pointedTo = new Set(targets);
    for (const code of functions) this.link(code);
  }

  /** The deepest chain that begins with `root`. */
  from(root: CodeFunction): DeepestChain {
    try {
      const { bytes, path } = this.deepest(root, new Set());
      return { bytes: bytes + this.machine.callBytes, chain: path.map(({ name }) => name), open: null };
    } catch (error) {
      if (error instanceof Open) return { bytes: null, chain: [], open: error.message };
      throw error;
    }
  }

  private link(code: CodeFunction): void {
    const to = new Map<CodeFunction, boolean>();
    this.edges.set(code, to);
    const { instructions } = this.tails.has(code.address)
      ? code
      : enteredAt(code, code.address, this.machine);
    for (const [at, instruction] of instructions.entries()) {
      if (this.machine.leavesStack(instruction)) return;
      if (this.machine.isIndirect(instruction, instructions.slice(Math.max(0, at - 8), at))) {
        if (this.machine.jumpers?.test(code.name) !== true) this.indirect.add(code);
        continue;
      }
      if (instruction.place === null || !isTransfer(instruction)) continue;
      const isCall = this.machine.isCall(instruction);
      const target = this.at(instruction.place, code);
      const isInner = target === code && instruction.place !== code.address;
      if (isInner && this.machine.keepsInnerCalls === true) continue;
      if (target !== undefined && (isCall || target !== code))
        to.set(target, isCall || to.get(target) === true);
    }
  }

  /** The function that an address lies in, from there on; of the one at hand itself only its start counts. */
  private at(address: number, own: CodeFunction): CodeFunction | undefined {
    const start = this.byAddress.get(address) ?? this.tails.get(address);
    if (start !== undefined) return start;
    if (address >= own.address && address < own.end) return own;
    const whole = this.functions.find((code) => address >= code.address && address < code.end);
    if (whole === undefined) return undefined;
    const tail = enteredAt(whole, address, this.machine);
    this.tails.set(address, tail);
    this.link(tail);
    return tail;
  }

  /**
   * Calls through pointers on top of what calls by name reach.
   * @param used functions that pointers lead to, and that are under way
   */
  private deepest(from: CodeFunction, used: ReadonlySet<CodeFunction>): Way {
    const key = `${from.address} ${[...used]
      .map(({ address }) => address)
      .sort()
      .join(" ")}`;
    const known = this.found.get(key);
    if (known !== undefined) return known;
    let best: Way = { bytes: 0, path: [] };
    for (const [last, way] of this.reach(from)) {
      if (way.bytes > best.bytes) best = way;
      if (!this.indirect.has(last)) continue;
      const under = new Set([...used, ...way.path.filter((code) => this.pointedTo.has(code))]);
      for (const target of this.pointedTo) {
        if (under.has(target) || this.facts.mayCall?.(last, target) === false) continue;
        const further = this.deepest(target, new Set([...under, target]));
        const bytes = way.bytes + this.machine.callBytes + further.bytes;
        if (bytes > best.bytes) best = { bytes, path: [...way.path, ...further.path] };
      }
    }
    this.found.set(key, best);
    return best;
  }

  /** By names alone: the deepest way to each function, its own frame in it. */
  private reach(from: CodeFunction): ReadonlyMap<CodeFunction, Way> {
    const known = this.direct.get(from);
    if (known !== undefined) return known;
    const ways = new Map<CodeFunction, Way>();
    for (const group of this.groupsFrom(from)) {
      for (const code of group) {
        const before = ways.get(code) ?? (code === from ? { bytes: 0, path: [] } : undefined);
        if (before === undefined) continue;
        const bytes = before.bytes + this.weight(group, code);
        const way = { bytes, path: [...before.path, code] };
        ways.set(code, way);
        for (const member of group)
          for (const [callee, isCall] of this.edges.get(member)!) {
            const deeper = bytes + (isCall ? this.machine.callBytes : 0);
            if (!group.includes(callee) && deeper > (ways.get(callee)?.bytes ?? -1))
              ways.set(callee, { bytes: deeper, path: way.path });
          }
      }
    }
    this.direct.set(from, ways);
    return ways;
  }

  private frame(code: CodeFunction): number {
    const bytes = this.frameOf(code);
    if (bytes === null) throw new Open(`${code.name} takes as much stack as a value says`);
    return bytes;
  }

  /**
   * What entering a group of functions that reach each other takes: of one that stands alone, its
   * frame.
   */
  private weight(group: readonly CodeFunction[], entered: CodeFunction): number {
    const calls = group.some((code) => group.some((callee) => this.edges.get(code)!.get(callee) === true));
    if (!calls) return group.reduce((sum, code) => sum + this.frame(code), 0);
    const { counted } = this.facts;
    if (counted === undefined || !group.some(({ name }) => counted.isCounted(name)))
      throw new Open(`${entered.name} may call itself`);
    // Each counted call begins a part of the chain in which no function stands twice.
    return (counted.depth + 1) * this.longestPart(group, counted);
  }

  /** Within a group: the dearest way that enters no counted function but as its first. */
  private longestPart(group: readonly CodeFunction[], counted: CountedCalls): number {
    const longest = (code: CodeFunction, path: readonly CodeFunction[]): number => {
      if (path.includes(code)) throw new Open(`${code.name} may call itself, uncounted`);
      const next = [...this.edges.get(code)!.keys()].filter(
        (callee) => group.includes(callee) && !this.countsCall(code, callee, counted),
      );
      const further = Math.max(0, ...next.map((callee) => longest(callee, [...path, code])));
      return this.frame(code) + this.machine.callBytes + further;
    };
    return Math.max(...group.map((code) => longest(code, [])));
  }

  /**
   * A counted function is entered; its own body, where the compiler keeps that apart, is not
   * another call.
   */
  private countsCall(from: CodeFunction, to: CodeFunction, counted: CountedCalls): boolean {
    return counted.isCounted(to.name) && bodyOf(from.name) !== to.name.replace(/\..*/, "");
  }

  /** What is reached by names, callers before callees; functions that reach each other in one group. */
  private groupsFrom(root: CodeFunction): CodeFunction[][] {
    const index = new Map<CodeFunction, number>();
    const low = new Map<CodeFunction, number>();
    const stack: CodeFunction[] = [];
    const groups: CodeFunction[][] = [];
    const visit = (code: CodeFunction): void => {
      index.set(code, index.size);
      low.set(code, index.get(code)!);
      stack.push(code);
      for (const callee of this.edges.get(code)!.keys()) {
        if (!index.has(callee)) visit(callee);
        if (stack.includes(callee)) low.set(code, Math.min(low.get(code)!, low.get(callee)!));
      }
      if (low.get(code) !== index.get(code)) return;
      groups.push(stack.splice(stack.indexOf(code)));
    };
    visit(root);
    return groups.reverse();
  }
}

/** The name of a counted function's body, as translate-module.ts has it. */
function bodyOf(name: string): string {
  return `${name.replace(/\..*/, "")}_counted`;
}
