/**
 * How often each instruction ran, from QEMU's log (`-d exec,nochain,in_asm`): one line for each run of a
 * block of instructions, and the block's instructions once, where QEMU translated it.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** What makes QEMU write such a log to `log`; blocks are not chained, or one line would stand for many. */
export function logArguments(log: string): string[] {
  return ["-d", "exec,nochain,in_asm", "-D", log];
}

/** A block as QEMU translated it. */
interface Block {
  readonly addresses: readonly number[];
  runs: number;
}

/** Times that the instruction at each address ran. */
export async function executedInstructions(log: string): Promise<ReadonlyMap<number, number>> {
  const counter = new BlockCounter();
  for await (const line of createInterface({ input: createReadStream(log) })) counter.line(line);
  return counter.times();
}

/** Follows the log. */
class BlockCounter {
  private readonly executed = new Map<number, number>();
  private readonly blocks = new Map<string, Block>();
  private translated: number[] = [];
  private last: Block | null = null;

  line(line: string): void {
    if (line.startsWith("Trace ")) this.ran(/^Trace \d+: (0x[0-9a-f]+) /.exec(line)![1]!);
    else if (line.startsWith("IN:")) this.translated = [];
    else if (line.startsWith("0x")) this.translated.push(parseInt(line.slice(2, 10), 16));
    else if (line.startsWith("Stopped execution")) this.didNotRun();
    else if (line.startsWith("cpu_io_recompile")) this.ranUntil(parseInt(line.slice(-8), 16));
  }

  times(): ReadonlyMap<number, number> {
    for (const block of this.blocks.values()) this.add(block);
    this.blocks.clear();
    return this.executed;
  }

  /** The block at `place` of QEMU's memory; right behind its instructions when it runs for the first time. */
  private ran(place: string): void {
    if (this.translated.length > 0) {
      const old = this.blocks.get(place);
      if (old !== undefined) this.add(old);
      this.blocks.set(place, { addresses: this.translated, runs: 0 });
      this.translated = [];
    }
    const block = this.blocks.get(place);
    if (block === undefined) throw new Error(`QEMU's log has no instructions of the block at ${place}`);
    block.runs++;
    this.last = block;
  }

  /** The timers' instructions were used up in front of the block: its line comes again. */
  private didNotRun(): void {
    this.last!.runs--;
  }

  /** An access to a device in the midst of a block: QEMU goes on there with a block of its own. */
  private ranUntil(address: number): void {
    this.didNotRun();
    const { addresses } = this.last!;
    this.add({ addresses: addresses.slice(0, addresses.indexOf(address)), runs: 1 });
  }

  private add({ addresses, runs }: Block): void {
    if (runs === 0) return;
    for (const address of addresses) this.executed.set(address, (this.executed.get(address) ?? 0) + runs);
  }
}
