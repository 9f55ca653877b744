/** What no type holds, made in memory: a host that takes it in has to trap. */
import {
  ListShape,
  cards,
  shapeOfResult,
  shapesResult,
  texts,
  Shape,
  Suit,
} from "./bindings/test-misfits-misfits";

/**
 * 1: a high surrogate without a low one; 2: a low one alone; 3: the two in the wrong order;
 * 4: longer than memory; else a fine one.
 */
export function text(which: u32): string {
  if (which == 1) return String.fromCharCode(0xd83d);
  if (which == 2) return "a" + String.fromCharCode(0xde00);
  if (which == 3) return String.fromCharCode(0xde00) + String.fromCharCode(0xd83d);
  const fine = "aß" + String.fromCharCode(0xd83d) + String.fromCharCode(0xde00);
  // SAFETY: none; the word in front of a string is its byte length.
  if (which == 4) store<u32>(changetype<usize>(fine) - 4, 0x0fff_fffe);
  return fine;
}

export function writeTexts(task: texts.Task): void {
  const which = task.which;
  task.resolve().writeOne(text(which));
}

/** 1: longer than memory; 2: at an odd address; 3: behind memory; else a fine one. */
export function numbers(which: u32): StaticArray<u32> {
  const fine = new StaticArray<u32>(4);
  // SAFETY: none, on purpose, in all three.
  if (which == 1) store<u32>(changetype<usize>(fine) - 4, 0x0fff_fffc);
  if (which == 2) return shifted(fine, 1);
  if (which == 3) return shifted(fine, 0x8000_0000);
  return fine;
}

function shifted(array: StaticArray<u32>, by: usize): StaticArray<u32> {
  const ptr = changetype<usize>(array) + by;
  // SAFETY: the word in front of it lies in the same array.
  if (by == 1) store<u32>(ptr - 4, 8);
  return changetype<StaticArray<u32>>(ptr);
}

/** 1: longer than memory; else a fine one. */
export function shapes(which: u32): ListShape {
  const list = shapesResult();
  list.allocate(2);
  for (let i = 0; i < 2; i++) list[i].tag = 0;
  if (which == 1) list.length = 0x0fff_ffff;
  return list;
}

export function letter(code: u32): u32 {
  return code;
}

export function suitOf(bits: u32): Suit {
  return <Suit>bits;
}

export function shapeOf(tag: u8): Shape {
  const shape = shapeOfResult();
  shape.tag = tag;
  return shape;
}

export function writeCards(task: cards.Task): void {
  const output = task.resolve();
  const card = output.value;
  card.suit = task.suit;
  card.shape.tag = task.tag;
  card.letter = task.code;
  output.writeOne(card);
}

export function allocate(length: u32): void {
  shapesResult().allocate(<i32>length);
}

export function size(bytes: StaticArray<u8>): u32 {
  return bytes.length;
}

export function bits(number: f32): u32 {
  return reinterpret<u32>(number);
}

export function floatOf(bits: u32): f32 {
  return reinterpret<f32>(bits);
}
