import { move } from "./bindings/move";

/** Bytes behind an item that is moved up and down, by distances that make memory.copy take every path. */
const SPACE = 48;

/** Moves the bytes of each item about, in one array, over themselves, and gives back what is there then. */
export function run(task: move.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const item = input.value;
    const bytes = new StaticArray<u8>(SPACE);
    for (let i = 0; i < SPACE; i++) bytes[i] = <u8>(i + item.length);
    const start = changetype<usize>(bytes);
    memory.copy(start + 3, start, 8);
    memory.copy(start + 20, start + 16, 13);
    memory.copy(start + 12, start + 14, 12);
    memory.copy(start + 32, start + 40, 4);
    memory.copy(start + 44, start + 40, 4);
    memory.copy(start, start + 1, 2);
    memory.copy(start + 24, start + 4, 7);
    memory.copy(start + 8, start + 8, 1);
    const grown: u8[] = [];
    for (let i = 0; i < SPACE; i++) grown.push(bytes[i]);
    for (let i = 0; i < SPACE; i++) bytes[i] ^= grown[SPACE - 1 - i];
    if (!output.writeOne(bytes)) return;
  }
}
