/**
 * Memory for several tasks: each has a block of its own, and a global says where that of the task in progress
 * begins.
 *
 *     block:  ┌──────────────────────────────┬─────────┬───────────────────────────┬──────┐
 *             │ frames, regions, places, …   │ locals  │ globals of the library's  │ next │
 *             └──────────────────────────────┴─────────┴───────────────────────────┴──────┘
 *
 * An address of a task's memory, a constant in a guest of one task, becomes the global and an offset: a
 * load or a store takes as many bytes and instructions as before. What the guest library and the bindings
 * keep in globals lies in the block too. Where functions that are no task's need a block, they use the
 * first free one, or the last block, which is theirs alone, when there is none. Which blocks are free, and
 * what the global counts from: see free-blocks.ts.
 */
import { plainName } from "../own-places.js";
import { type Form, type Node, headOf, isForm, operands, rewriteInside } from "../passes/s-expression.js";
import { TASK } from "./callback-module.js";
import { type Blocks, freeList, freeStack, placeFreeBlocks } from "./free-blocks.js";
import { functionsOf, memoryEnd, setMemoryEnd, valueBytes } from "../module-parts.js";
import { TASK_BASES, taskAddresses } from "./task-addresses.js";
import { keepTaskInLocals } from "./task-local.js";

/** The memory of an instance's tasks. */
export interface TaskBlocks {
  /** Address of the first block, a multiple of 16. */
  readonly address: number;
  /** Bytes of each, a multiple of 16. */
  readonly bytes: number;
  /** How many there are, with the one for functions that are no task's. */
  readonly count: number;
  /** Words of its frames in which a task keeps what it needs behind a wait: addresses in the first block. */
  readonly words: readonly number[];
}

/** What is known of a task's memory before it has a place. */
export interface TaskLayout {
  /** How many tasks there are to be. */
  readonly tasks: number;
  /** Whether functions that are no task's need a block. */
  readonly spare: boolean;
  /** Whether the host lowers parameters into a block before a task has taken it. */
  readonly lowers: boolean;
  /** Words of its frames that it keeps something in, in the first of the two modules. */
  readonly words: readonly number[];
  /** Further ones that have no use. */
  readonly freeWords: readonly number[];
  /** Where the memory of a task ends there. */
  readonly end: number;
  /** Whether a global of this name, without its dollar sign, belongs to a task. */
  readonly ownsGlobal: (name: string) => boolean;
}

const ALIGNMENT = 16;
const PAGE_BYTES = 65_536;

/** Gives tasks their blocks: rewrites `module` in place, with what `other` tells of it. */
export function placeBlocks(module: Form, other: Form, layout: TaskLayout): TaskBlocks {
  const address = Math.ceil(memoryEnd(module) / ALIGNMENT) * ALIGNMENT;
  const code = new TaskCode(module, taskAddresses(module, other), layout);
  const count = layout.tasks + Number(layout.spare);
  const sized = (end: number): Blocks => ({
    address,
    bytes: Math.ceil(end / ALIGNMENT) * ALIGNMENT,
    tasks: layout.tasks,
  });
  const words = [...layout.words];
  let blocks = sized(code.end);
  const lowest = code.lowest();
  let free = layout.spare || layout.lowers ? null : freeStack(blocks, lowest);
  if (free) code.rewrite(-lowest);
  else {
    const [word = Math.ceil((BASE + code.end) / LINK_BYTES) * LINK_BYTES] = layout.freeWords;
    if (layout.freeWords.length > 0) words.push(word);
    else blocks = sized(word + LINK_BYTES - BASE);
    free = freeList(blocks, word - BASE);
    code.rewrite(address);
  }
  placeFreeBlocks(module, free);
  keepTaskInLocals(module);
  const { bytes } = blocks;
  for (let index = 0; index < count; index++) module.items.push(...code.initial(address + bytes * index));
  setMemoryEnd(module, address + bytes * count);
  growMemory(module, address + bytes * count);
  return { address, bytes, count, words: words.map((word) => word - BASE + address) };
}

/** Bytes of the link of a free block. */
const LINK_BYTES = 4;

const [BASE] = TASK_BASES;

/** A global that becomes memory of each task. */
interface TaskGlobal {
  readonly type: string;
  /** From the block's begin, in bytes. */
  readonly offset: number;
  readonly value: Form;
}

/** The code of a module whose tasks have blocks. */
class TaskCode {
  private readonly globals = new Map<string, TaskGlobal>();
  /** Sums that were constants, and what is added in each. */
  private readonly sums = new Map<Form, number>();
  /** What is added to offsets in a block where they are added to the global. */
  private origin = 0;
  /** Where a block ends, counted from its begin. */
  readonly end: number;

  constructor(
    private readonly module: Form,
    private readonly addresses: ReadonlySet<Form>,
    { end, ownsGlobal }: TaskLayout,
  ) {
    let offset = end - BASE;
    for (const form of operands(module)) {
      const [head, name, type] = form.items;
      if (head !== "global" || !isForm(type, "mut") || !ownsGlobal(plainName(name as string))) continue;
      const valueType = type.items[1] as string;
      offset = Math.ceil(offset / valueBytes(valueType)) * valueBytes(valueType);
      this.globals.set(name as string, { type: valueType, offset, value: operands(form).at(-1)! });
      offset += valueBytes(valueType);
    }
    this.end = offset;
  }

  /** The lowest offset in a block that the code names. */
  lowest(): number {
    const named = [...this.addresses].map(({ items }) => Number(items[1]) - BASE);
    return Math.min(...named, ...[...this.globals.values()].map(({ offset }) => offset));
  }

  /** @param origin what a block's begin is, less the global's value */
  rewrite(origin: number): void {
    this.origin = origin;
    const isOwn = (item: Node): boolean =>
      isForm(item, "global") && this.globals.has(item.items[1] as string);
    this.module.items = this.module.items.filter((item) => !isOwn(item));
    for (const func of functionsOf(this.module).values()) rewriteInside(func, (form) => this.placed(form));
  }

  /** What the block at `block` holds at first, where that is not zero. */
  initial(block: number): Form[] {
    return [...this.globals.values()].flatMap(({ offset, value }) => {
      const number = Number(value.items[1]);
      const isAddress = this.addresses.has(value);
      if (number === 0) return [];
      if (headOf(value) !== "i32.const") throw new Error(`a task's global begins with ${headOf(value)}`);
      return [dataWord(block + offset, isAddress ? block + number - BASE : number)];
    });
  }

  private placed(form: Form): Form {
    const head = headOf(form);
    if (this.addresses.has(form)) return this.sum(form);
    if (head === "global.get" || head === "global.set") {
      const global = this.globals.get(form.items[1] as string);
      if (!global) return form;
      const access = `${global.type}.${head === "global.get" ? "load" : "store"}`;
      return { ...form, items: [access, `offset=${this.origin + global.offset}`, task(), ...operands(form)] };
    }
    return /^[if](32|64)\.(load|store)/.test(head) ? this.access(form) : form;
  }

  /** An address of its own. */
  private sum(constant: Form): Form {
    const offset = this.origin + Number(constant.items[1]) - BASE;
    const sum: Form = { ...constant, items: ["i32.add", task(), { items: ["i32.const", String(offset)] }] };
    if (headOf(constant) === "i64.const") return { items: ["i64.extend_i32_u", sum] };
    this.sums.set(sum, offset);
    return sum;
  }

  /** A load or a store: an address that is a sum becomes the access's own offset. */
  private access(form: Form): Form {
    const [address, ...values] = operands(form);
    const offset = this.sums.get(address!);
    if (offset === undefined) return form;
    const words = form.items.slice(1).filter((item): item is string => typeof item === "string");
    const written = words.find((word) => word.startsWith("offset="))?.slice("offset=".length) ?? "0";
    const others = words.filter((word) => !word.startsWith("offset="));
    const items = [headOf(form), `offset=${offset + Number(written)}`, ...others, task(), ...values];
    return { ...form, items };
  }
}

function task(): Form {
  return { items: ["global.get", TASK] };
}

/** A word of 4 bytes that memory holds at first. */
function dataWord(address: number, value: number): Form {
  const bytes = [0, 8, 16, 24].map(
    (shift) => `\\${((value >>> shift) & 0xff).toString(16).padStart(2, "0")}`,
  );
  return { items: ["data", { items: ["i32.const", String(address)] }, `"${bytes.join("")}"`] };
}

/** Linear memory holds `bytes` at least. */
function growMemory(module: Form, bytes: number): void {
  const memory = operands(module).find((form) => headOf(form) === "memory")!;
  memory.items = memory.items.map((item) =>
    typeof item === "string" && /^\d+$/.test(item)
      ? String(Math.max(Number(item), Math.ceil(bytes / PAGE_BYTES)))
      : item,
  );
}
