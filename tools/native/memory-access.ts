/**
 * Loads, stores and bulk memory. An address that is a constant is compared here, once and for all; of any
 * other, translated code compares the guest's number with a constant, and the instruction's offset is added
 * behind that.
 */
import type { InstructionReader } from "../wasm/instruction-reader.js";
import type { FunctionScope } from "./function-scope.js";
import { count, integer } from "./literals.js";
import { computed, type NumberType, operand, type Value } from "./value.js";

const PAGE = 65_536n;

/** Where an access goes: the C pointer, and whether what gives it may trap. */
interface Place {
  readonly text: string;
  readonly operands: readonly Value[];
  readonly mayTrap: boolean;
}

/** Bytes that the access `name` (`i32.load8_u`) touches. */
function accessBytes(name: string): number {
  const [, type, bits] = /^[if](32|64)\.(?:load|store)(8|16|32)?/.exec(name)!;
  return Number(bits ?? type) / 8;
}

/** The instance's memory. */
export class MemoryAccess {
  constructor(
    private readonly scope: FunctionScope,
    private readonly bytes: number,
    /** Ends the code that comes: it is not reached. */
    private readonly trap: () => void,
  ) {}

  /** A load. */
  load({ a: offset }: InstructionReader, name: string): void {
    const place = this.place(this.scope.pop(), offset, accessBytes(name));
    if (place === null) {
      this.trap();
      return;
    }
    const type = name.slice(0, 3) as NumberType;
    this.scope.push(
      computed(type, `${cName(name)}(${place.text})`, place.operands, {
        isAtom: true,
        readsMemory: true,
        ...(place.mayTrap && { mayTrap: true }),
      }),
    );
  }

  /** A store. */
  store({ a: offset }: InstructionReader, name: string): void {
    const { scope } = this;
    let value = scope.pop();
    const address = scope.pop();
    scope.settleForStore();
    // The value's trap comes before the access's own.
    if (value.mayTrap) value = scope.settled(value);
    const place = this.place(address, offset, accessBytes(name));
    if (place === null) this.trap();
    else scope.write(`${cName(name)}(${place.text}, ${value.text});`);
  }

  /** @returns null for a constant address behind the memory's end: the access traps whenever it is reached */
  private place(address: Value, offset: number, length: number): Place | null {
    const { constant } = address;
    const last = this.bytes - length - offset;
    if (last < 0 || (constant !== null && constant > BigInt(last))) {
      if (address.mayTrap) this.scope.settled(address);
      return null;
    }
    if (constant !== null)
      return { text: `memory + ${count(Number(constant) + offset)}`, operands: [], mayTrap: false };
    const checked = `rill_at(&guest->base, ${address.text}, ${count(last)})`;
    return {
      text: `memory + ${checked}${offset === 0 ? "" : ` + ${count(offset)}`}`,
      operands: [address],
      mayTrap: true,
    };
  }

  /** `memory.copy` and `memory.fill`. */
  bulk(name: string): void {
    const { scope } = this;
    const operands = this.settledOperands();
    scope.settleForStore();
    scope.write(
      `rill_${name.replace(".", "_")}(&guest->base, memory, ${count(this.bytes)}, ${operands.join(", ")});`,
    );
  }

  /** `memory.init` of data segment `segment`. */
  init(segment: number): void {
    const { scope } = this;
    const operands = this.settledOperands();
    scope.settleForStore();
    scope.write(
      `rill_memory_init(&guest->base, memory, ${count(this.bytes)}, data${segment}, ` +
        `guest->extent${segment}, ${operands.join(", ")});`,
    );
  }

  /** Whole ones; a memory that ends with what the guest uses has none. */
  private get pages(): bigint {
    return BigInt(this.bytes) / PAGE;
  }

  private settledOperands(): string[] {
    return this.scope.popMany(3).map((value) => (value.mayTrap ? this.scope.settled(value) : value).text);
  }

  /** `memory.size` and `memory.grow`: the memory never grows. */
  size(): Value {
    return integer("i32", this.pages);
  }

  /** The answer of a memory that has all it may have. */
  grow(delta: Value): Value {
    const { text } = this.size();
    return computed("i32", `${operand(delta)} == 0 ? ${text} : UINT32_C(0xffffffff)`, [delta]);
  }
}

function cName(name: string): string {
  return `rill_${name.replace(".", "_")}`;
}
