/** The most that one item, or one call, of an exported function can cost. */
import type { CoreModule } from "../../wasm/core-module.js";
import type { FunctionInfo } from "../../wasm/function-space.js";
import { Op } from "../../wasm/opcodes.js";
import { parseImportName } from "../../wit/canonical-names.js";
import type { CallGraph } from "../call-graph.js";
import type { Reentry } from "../reentry.js";
import { codeTree, type Instruction, NotFollowed } from "./code-tree.js";
import type { Known } from "./known-value.js";
import { type Costs, type PathCost, PathWalker, type Surroundings } from "./worst-path.js";

/** Why there is no bound. */
export interface Obstacle {
  readonly what: string;
  /** Bytes of the file where its instructions begin; the first is the place, others are inside. */
  readonly places: readonly number[];
}

/** What one exported function costs at most. */
export interface WorstCase {
  readonly function: number;
  /** One round of the loop that takes or gives items; a call, where there is none. */
  readonly per: "item" | "call";
  /** Bytes of the file where instructions of that loop begin. */
  readonly places: readonly number[];
  /** Null without a bound, for `obstacles`. */
  readonly cost: number | null;
  readonly obstacles: readonly Obstacle[];
}

/** What is looked at. */
export interface Code {
  readonly module: CoreModule;
  readonly functions: readonly FunctionInfo[];
  readonly graph: CallGraph;
  readonly reentry: Reentry | null;
}

/** Steps of one walk: what has not come to an end by then counts as unbounded. */
const MOST_STEPS = 300_000;

class TooManySteps extends Error {}
class Recursion extends Error {
  constructor(readonly at: number) {
    super();
  }
}

/** The worst case of the function `root`. */
export function worstCase(code: Code, root: number, costs: Costs): WorstCase {
  return new Search(code, costs, root).run();
}

class Search implements Surroundings {
  private readonly trees = new Map<number, readonly Instruction[]>();
  private readonly answers = new Map<string, PathCost>();
  private readonly under: number[] = [];
  private readonly obstacles = new Map<string, Obstacle>();
  private readonly items = new Map<Instruction, number>();
  private readonly copying: ReadonlySet<number>;
  /** Functions that have a loop over items, or lead to one. */
  private readonly looping: ReadonlySet<number> = new Set();
  private steps = 0;

  constructor(
    private readonly code: Code,
    readonly costs: Costs,
    private readonly root: number,
  ) {
    this.copying = this.functionsThatCopy();
    this.looping = this.reaching((index) => this.bodyOf(index).some((node) => this.holdsItemLoop(node)));
  }

  run(): WorstCase {
    let total: number | null = null;
    try {
      total = this.evaluate(
        this.root,
        this.code.functions[this.root]!.signature.params.map(() => undefined),
      ).cost;
    } catch (error) {
      this.obstacle(obstacleOf(error));
    }
    const dearest = [...this.items].sort(([, x], [, y]) => y - x)[0];
    const cost = dearest ? dearest[1] : total;
    const isBounded =
      cost !== null && cost !== Infinity && (dearest !== undefined || this.obstacles.size === 0);
    return {
      function: this.root,
      per: dearest ? "item" : "call",
      places: dearest ? placesOf(dearest[0]) : [],
      cost: isBounded && total !== null ? cost : null,
      obstacles: isBounded && total !== null ? [] : [...this.obstacles.values()],
    };
  }

  step(): void {
    if (++this.steps > MOST_STEPS) throw new TooManySteps();
  }

  call(instruction: Instruction, args: readonly Known[]): PathCost & { readonly returns: number } {
    if (instruction.opcode === Op.CALL_INDIRECT) return this.indirect(instruction);
    const callee = this.code.functions[instruction.a]!;
    const returns = callee.signature.results.length;
    if (callee.code) return { ...this.evaluate(callee.index, args, instruction.at), returns };
    const mayReenter = this.code.reentry?.from.has(callee.index) ?? false;
    if (mayReenter)
      this.obstacle({
        what: "the host calls cabi_realloc here, once for each string and list that it hands in",
        places: [instruction.at],
      });
    return { cost: mayReenter ? Infinity : 0, result: undefined, returns };
  }

  parameters(callee: number): number {
    return this.code.functions[callee]!.signature.params.length;
  }

  global(index: number): Known {
    const { module } = this.code;
    const own = module.globals[index - module.imports.filter(({ kind }) => kind === "global").length];
    if (!own || own.mutable || own.type !== "i32") return undefined;
    return own.initial.value === null ? undefined : Number(BigInt.asIntN(32, own.initial.value));
  }

  isItemLoop(loop: Instruction): boolean {
    return this.copies(loop.body) && !loop.body.some((node) => this.holdsItemLoop(node));
  }

  onItem(loop: Instruction, cost: number): void {
    this.items.set(loop, Math.max(cost, this.items.get(loop) ?? 0));
  }

  onUnbounded(loop: Instruction, rounds: number | null): void {
    const within = rounds === null ? "" : ` (no end within ${rounds.toLocaleString("en-US")} rounds)`;
    this.obstacle({ what: `unbounded loop${within}`, places: placesOf(loop) });
  }

  private evaluate(index: number, args: readonly Known[], at = 0): PathCost {
    const key = `${index}:${args.join()}`;
    const found = this.answers.get(key);
    if (found) return found;
    if (this.under.includes(index)) throw new Recursion(at);
    this.under.push(index);
    const { code, signature } = this.code.functions[index]!;
    const zeros = code!.locals.flatMap(({ count, type }) =>
      Array<Known>(count).fill(type === "i32" ? 0 : undefined),
    );
    const locals = [...args, ...zeros];
    const cost = new PathWalker(this).walk(this.bodyOf(index), locals, signature.results.length);
    this.under.pop();
    this.answers.set(key, cost);
    return cost;
  }

  private indirect({ at, takes, leaves }: Instruction): PathCost & { readonly returns: number } {
    const caller = this.under.at(-1)!;
    if (this.code.graph.unbounded.has(caller)) {
      this.obstacle({ what: "a call of what the host hands in", places: [at] });
      return { cost: Infinity, result: undefined, returns: leaves };
    }
    const costs = this.code.graph.edges[caller]!.filter(({ to, indirect }) => {
      const { signature, code } = this.code.functions[to]!;
      return indirect && code && signature.params.length === takes && signature.results.length === leaves;
    }).map(({ to }) => this.evaluate(to, Array<Known>(takes).fill(undefined), at).cost);
    return { cost: Math.max(0, ...costs), result: undefined, returns: leaves };
  }

  private bodyOf(index: number): readonly Instruction[] {
    const found = this.trees.get(index);
    if (found) return found;
    const { module, functions } = this.code;
    const info = functions[index]!;
    const tree = info.code ? codeTree(module, info) : [];
    this.trees.set(index, tree);
    return tree;
  }

  /** Functions that copy an item: through a read, or, where the root reads nothing, through a write. */
  private functionsThatCopy(): ReadonlySet<number> {
    const named = (builtin: string): ReadonlySet<number> =>
      this.reaching((index) => {
        const { import: from } = this.code.functions[index]!;
        return from !== null && parseImportName(from.field).builtin === builtin;
      });
    const reading = named("stream.read");
    return reading.has(this.root) ? reading : named("stream.write");
  }

  /** What of the root's calls is so itself, or leads to what is. */
  private reaching(isIt: (index: number) => boolean): ReadonlySet<number> {
    const reached = new Map<number, boolean>();
    const visit = (index: number): boolean => {
      const before = reached.get(index);
      if (before !== undefined) return before;
      reached.set(index, false);
      const leads = this.code.graph.edges[index]!.map(({ to }) => visit(to)).some(Boolean);
      const answer = isIt(index) || leads;
      reached.set(index, answer);
      return answer;
    };
    try {
      visit(this.root);
    } catch (error) {
      if (!(error instanceof NotFollowed)) throw error;
    }
    return new Set([...reached].flatMap(([index, answer]) => (answer ? [index] : [])));
  }

  private copies(code: readonly Instruction[]): boolean {
    return code.some(
      ({ opcode, a, body, otherwise }) =>
        (opcode === Op.CALL && this.copying.has(a)) || this.copies(body) || this.copies(otherwise),
    );
  }

  /** Whether items have a loop of their own inside, in this function or in one that it calls. */
  private holdsItemLoop(node: Instruction): boolean {
    if (node.opcode === Op.LOOP && this.copies(node.body)) return true;
    if (node.opcode === Op.CALL && this.looping.has(node.a)) return true;
    return [...node.body, ...node.otherwise].some((inner) => this.holdsItemLoop(inner));
  }

  private obstacle(obstacle: Obstacle): void {
    this.obstacles.set(`${obstacle.what} ${obstacle.places[0]}`, obstacle);
  }
}

function obstacleOf(error: unknown): Obstacle {
  if (error instanceof Recursion) return { what: "recursion", places: [error.at] };
  if (error instanceof NotFollowed) return { what: "instructions that are not followed", places: [] };
  if (error instanceof TooManySteps)
    return { what: `no end within ${MOST_STEPS.toLocaleString("en-US")} instructions`, places: [] };
  throw error;
}

function placesOf({ body, otherwise, at }: Instruction): number[] {
  return [at, ...body.flatMap(placesOf), ...otherwise.flatMap(placesOf)];
}
