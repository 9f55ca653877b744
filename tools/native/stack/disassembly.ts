/** A program's functions, as objdump disassembles them. */

/** One instruction. */
export interface Instruction {
  readonly address: number;
  /** At least one; a long one may have more. */
  readonly bytes: number;
  readonly mnemonic: string;
  /** Without objdump's remarks. */
  readonly operands: string;
  /** The address of a place in the program that objdump has seen in it. */
  readonly place: number | null;
}

/** A function's code. */
export interface CodeFunction {
  readonly address: number;
  /** Where the next one begins, or the code's end. */
  readonly end: number;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

const HEAD = /^([\da-f]+) <(.+)>:$/;
const LINE = /^\s*([\da-f]+):\t([\da-f ]+)\t(\S+)\s*(.*)$/;
const REMARK = /\s*[;#@]\s+(?=\(|0x|[\da-f])/;
const PLACE = /(?:^|[\s,])(?:0x)?([\da-f]+) <[^>]+>/;

/** Reads what `objdump -d` prints. Data between functions is left out. */
export function readDisassembly(text: string): CodeFunction[] {
  const functions: { address: number; name: string; instructions: Instruction[] }[] = [];
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line);
    if (head !== null) {
      // Names of places within a function: RISC-V's assembler keeps them, AVR's start-up code has some.
      if (!head[2]!.startsWith("."))
        functions.push({ address: Number.parseInt(head[1]!, 16), name: head[2]!, instructions: [] });
      continue;
    }
    const [, address, hex, mnemonic, rest = ""] = LINE.exec(line) ?? [];
    if (address === undefined || mnemonic === undefined || mnemonic.startsWith(".")) continue;
    const [operands = "", ...remarks] = rest.split(REMARK);
    const place = PLACE.exec(operands) ?? PLACE.exec(remarks.join(" "));
    functions.at(-1)?.instructions.push({
      address: Number.parseInt(address, 16),
      bytes: hex!.replaceAll(" ", "").length / 2,
      mnemonic,
      operands: operands.trim(),
      place: place === null ? null : Number.parseInt(place[1]!, 16),
    });
  }
  return functions
    .filter(({ instructions }) => instructions.length > 0)
    .sort((a, b) => a.address - b.address)
    .map((item, index, all) => ({
      ...item,
      end: all[index + 1]?.address ?? item.instructions.at(-1)!.address + 1,
    }));
}
