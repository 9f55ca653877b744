import { decode, encode } from "./bindings/my-zigzag-codec";

export function runEncode(task: encode.Task): void {
  const output = task.resolve();
  let before: i32 = 0;
  while (task.samples.next()) {
    const delta = task.samples.value - before;
    before = task.samples.value;
    let bits: u32 = (delta << 1) ^ (delta >> 31);
    for (; bits >= 0x80; bits >>= 7) {
      if (!output.writeOne(<u8>(bits | 0x80))) return;
    }
    if (!output.writeOne(<u8>bits)) break;
  }
}

export function runDecode(task: decode.Task): void {
  const output = task.resolve();
  let value: i32 = 0;
  let bits: u32 = 0;
  let shift: u32 = 0;
  while (task.bytes.next()) {
    const byte: u32 = task.bytes.value;
    bits |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte & 0x80) continue;
    value += (<i32>(bits >> 1)) ^ -(<i32>(bits & 1));
    bits = shift = 0;
    if (!output.writeOne(value)) break;
  }
}
